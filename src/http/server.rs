//! Answering: one request a connection, bounded in size, in time and in number.

use crate::model::Reason;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Most bytes of a request's head, and of its body.
const MOST_HEAD: u64 = 16 * 1024;
const MOST_BODY: usize = 64 * 1024;
/// How long whoever asks may take to ask.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most connections that are talked to at once; others wait to be accepted.
const MOST_AT_ONCE: usize = 256;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Request {
    /// Such as `POST`.
    pub(crate) method: String,
    /// The path, without a query.
    pub(crate) path: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// A request that waits for its answer.
pub(crate) struct Asked {
    /// What is asked.
    pub(crate) request: Request,
    answer: Sender<(u16, String)>,
}

impl Asked {
    /// Answers it; whoever asked may be gone.
    pub(crate) fn answer(self, status: u16, text: &str) {
        let _ = self.answer.send((status, text.to_owned()));
    }
}

/// Somebody who answers at an address.
#[derive(Debug)]
pub(crate) struct Server {
    /// The address, with the port that was chosen.
    pub(crate) address: SocketAddr,
    asked: Receiver<Asked>,
}

impl Server {
    /// Listens at `address`, in threads of its own that end with the process.
    ///
    /// # Errors
    /// Why nobody can listen there.
    pub(crate) fn listen(address: &str) -> Result<Self, Reason> {
        let address: SocketAddr =
            address.parse().map_err(|_| "it is no address such as 127.0.0.1:8080".to_owned())?;
        let listener = TcpListener::bind(address).map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let (sender, asked) = channel();
        let talking = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                while talking.load(Ordering::SeqCst) >= MOST_AT_ONCE {
                    thread::sleep(Duration::from_millis(1));
                }
                talking.fetch_add(1, Ordering::SeqCst);
                let (sender, own) = (sender.clone(), Arc::clone(&talking));
                let talk = move || {
                    let _ = serve(&stream, &sender);
                    own.fetch_sub(1, Ordering::SeqCst);
                };
                if thread::Builder::new().spawn(talk).is_err() {
                    talking.fetch_sub(1, Ordering::SeqCst);
                }
            }
        });
        Ok(Self { address, asked })
    }

    /// Everything that is asked now; waits a little where nothing is.
    pub(crate) fn next(&self, wait: Duration) -> Vec<Asked> {
        let mut all = match self.asked.recv_timeout(wait) {
            Ok(first) => vec![first],
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Vec::new(),
        };
        all.extend(self.asked.try_iter());
        all
    }
}

/// Reads one request, has it answered, and hangs up.
fn serve(stream: &TcpStream, sender: &Sender<Asked>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let (status, text) = match read(stream) {
        Ok(request) => {
            let (answer, answered) = channel();
            let _ = sender.send(Asked { request, answer });
            answered.recv().unwrap_or((503, "nobody answers".to_owned()))
        }
        Err(status) => (status, String::new()),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        if status == 200 { "OK" } else { "No" },
        text.len()
    )?;
    stream.flush()
}

/// One request, or the status that says what is wrong with it.
fn read(stream: &TcpStream) -> Result<Request, u16> {
    let mut reader = BufReader::new(stream.take(MOST_HEAD));
    let mut line = String::new();
    let mut next = |line: &mut String| {
        line.clear();
        match reader.read_line(line) {
            Ok(_) if line.ends_with('\n') => Ok(()),
            _ => Err(400_u16),
        }
    };
    next(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Err(400) };
    let (method, path) =
        (method.to_owned(), target.split('?').next().unwrap_or_default().to_owned());
    let mut length = 0_usize;
    loop {
        next(&mut line)?;
        let header = line.trim();
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else { return Err(400) };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| 400_u16)?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(411);
        }
    }
    if length > MOST_BODY {
        return Err(413);
    }
    let mut body = reader.buffer().to_vec();
    body.truncate(length);
    let read = body.len();
    body.resize(length, 0);
    let rest = body.get_mut(read..).unwrap_or_default();
    let mut stream = stream;
    stream.read_exact(rest).map_err(|_| 400_u16)?;
    Ok(Request { method, path, body })
}
