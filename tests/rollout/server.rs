//! A metric server of a test's own on loopback: it says of each moment what the test wants said.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is said of one moment.
#[derive(Clone, Debug)]
pub enum Says {
    Value(f64),
    Text(&'static str),
    Nothing,
    Several,
    Warns,
    Partial,
    Error,
    Garbage,
    Redirect,
    Status(u16),
}

type Told = dyn Fn(&str, i64) -> Says + Send + Sync;

/// A server that ends with the test.
pub struct Server {
    pub port: u16,
    /// Every path and query that was asked for.
    pub asked: Arc<Mutex<Vec<String>>>,
    /// Headers that every answer has besides.
    pub headers: Arc<Mutex<String>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// A server that says what `told` says of a query at a moment, in seconds since 1970.
    pub fn new(told: impl Fn(&str, i64) -> Says + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = Self {
            port,
            asked: Arc::default(),
            headers: Arc::default(),
            stop: Arc::new(AtomicBool::new(false)),
        };
        let (asked, stop) = (Arc::clone(&own.asked), Arc::clone(&own.stop));
        let headers = Arc::clone(&own.headers);
        let told: Arc<Told> = Arc::new(told);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (told, asked) = (Arc::clone(&told), Arc::clone(&asked));
                let headers = Arc::clone(&headers);
                thread::spawn(move || answer(stream, &*told, &asked, &headers));
            }
        });
        own
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn answer(stream: TcpStream, told: &Told, asked: &Mutex<Vec<String>>, besides: &Mutex<String>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut headers = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                break;
            }
            headers.push_str(&line);
        }
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        asked.lock().unwrap().push(format!("{target}\n{headers}"));
        let (status, body) = body(&target, told);
        let more = if status == 302 { "Location: http://127.0.0.1:9/\r\n" } else { "" };
        let besides = besides.lock().unwrap().clone();
        let text = format!(
            "HTTP/1.1 {status} X\r\n{more}{besides}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

/// The members of a query, decoded.
fn members(target: &str) -> Vec<(String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let decoded = |text: &str| {
        let bytes = text.as_bytes();
        let (mut out, mut index) = (Vec::new(), 0);
        while index < bytes.len() {
            let escaped = (bytes[index] == b'%').then(|| text.get(index + 1..index + 3)).flatten();
            match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                Some(byte) => {
                    out.push(byte);
                    index += 3;
                }
                None => {
                    out.push(if bytes[index] == b'+' { b' ' } else { bytes[index] });
                    index += 1;
                }
            }
        }
        String::from_utf8(out).unwrap()
    };
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn body(target: &str, told: &Told) -> (u16, String) {
    let members = members(target);
    let of = |name: &str| {
        members
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let number = |name: &str| of(name).parse::<i64>().unwrap_or_default();
    let query = of("query");
    let range = target.contains("/query_range");
    let moments: Vec<i64> = match range {
        true => {
            let step = usize::try_from(number("step")).unwrap();
            (number("start")..=number("end")).step_by(step).collect()
        }
        false => vec![number("time")],
    };
    if moments.len() >= 11_000 {
        return (400, r#"{"status":"error","error":"exceeded maximum resolution"}"#.to_owned());
    }
    let mut points = Vec::new();
    let (mut extra, mut series) = ("", 1);
    for moment in moments {
        let text = match told(&query, moment) {
            Says::Value(value) => value.to_string(),
            Says::Text(text) => text.to_owned(),
            Says::Nothing => continue,
            Says::Several => {
                series = 2;
                "1".to_owned()
            }
            Says::Warns => {
                extra = r#","warnings":["a part of the data cannot be read"]"#;
                "0".to_owned()
            }
            Says::Partial => {
                extra = r#","isPartial":true"#;
                "0".to_owned()
            }
            Says::Error => return (422, r#"{"status":"error","error":"parse error"}"#.to_owned()),
            Says::Garbage => return (200, "<html>Log in</html>".to_owned()),
            Says::Redirect => return (302, String::new()),
            Says::Status(status) => return (status, "no".to_owned()),
        };
        points.push(format!("[{moment},\"{text}\"]"));
    }
    let result = match (range, points.is_empty()) {
        (_, true) => String::new(),
        (true, _) => {
            vec![format!(r#"{{"metric":{{}},"values":[{}]}}"#, points.join(",")); series].join(",")
        }
        (false, _) => vec![format!(r#"{{"metric":{{}},"value":{}}}"#, points[0]); series].join(","),
    };
    let kind = if range { "matrix" } else { "vector" };
    let data = format!(r#"{{"resultType":"{kind}","result":[{result}]}}"#);
    (200, format!(r#"{{"status":"success"{extra},"data":{data}}}"#))
}
