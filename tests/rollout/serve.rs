//! `d3p serve`: a real process that answers engines, however many ask at once.

use super::server::Server;
use super::{CANARY, LEDGER, cleared_at, healthy};
use d3p::testing::model::Stamp;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A server that ends with the test.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn serve(mut command: Command) -> Serving {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).unwrap().split(';').next().unwrap().to_owned();
    Serving { child, address }
}

fn serving_in(dir: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_d3p"));
    command.arg("serve").current_dir(dir);
    command
}

/// Status and body of an answer.
pub(crate) fn ask(address: &str, text: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(text).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let status = answer.split(' ').nth(1).and_then(|own| own.parse().ok()).unwrap_or(0);
    (status, answer.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned())
}

pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

#[test]
fn engines_are_answered_and_nothing_else() {
    let metrics = Server::new(healthy);
    let now = Stamp::from_timestamp(jiff::Timestamp::now()).minus_millis(10 * 60 * 1000);
    let world = cleared_at(Some(now), CANARY, &metrics, |policy| policy);
    let manifest = world.read(".artifacts/deployment/release-manifest.md");
    let digest = manifest.lines().find_map(|line| line.trim().strip_prefix("sha256: ")).unwrap();
    let digest = digest.trim_matches('"').to_owned();
    let before = world.read(LEDGER);
    let serving = serve(serving_in(&world.dir));
    let body = |version: &str, digest: &str| {
        format!(
            r#"{{"name":"shop","namespace":"x","phase":"Progressing","metadata":{{"version":"{version}","digest":"sha256:{digest}"}}}}"#
        )
    };
    let good = body("v1.4.0", &digest);
    assert_eq!(
        ask(&serving.address, &post("/confirm/deploy-production", &good)),
        (200, "cleared".to_owned())
    );
    // Another version, another image, no metadata, a step that is not cleared, a rollback that nobody
    // decided, and one that there is none of.
    for (path, body, why) in [
        ("/confirm/deploy-production", body("v1.4.1", &digest), "metadata.version is not v1.4.0"),
        (
            "/confirm/deploy-production",
            body("v1.4.0", &"0".repeat(64)),
            "no artifact of the manifest",
        ),
        ("/confirm/deploy-production", "{}".to_owned(), "metadata.version"),
        ("/confirm/next-stage", good.clone(), "GL321"),
        ("/confirm/rollback", good.clone(), "there is nothing to take back"),
        ("/confirm/lunch", good.clone(), "there is no step lunch"),
    ] {
        let (status, said) = ask(&serving.address, &post(path, &body));
        assert!(status == 403 && said.contains(why), "{path}: {status} {said}");
    }
    for text in [
        "GET /confirm/deploy-production HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\n\r\n",
        "POST /confirm/ HTTP/1.1\r\n\r\n",
        "POST /confirm/a/b HTTP/1.1\r\n\r\n",
    ] {
        assert_eq!(ask(&serving.address, text.as_bytes()).0, 404, "{text}");
    }
    let large = "POST /confirm/deploy-production HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n";
    assert_eq!(ask(&serving.address, large.as_bytes()).0, 413);
    assert_eq!(ask(&serving.address, b"\r\n\r\n").0, 400);
    assert_eq!(ask(&serving.address, &[b'x'; 40_000]).0, 400);
    // A thousand at once, and one that never says what it wants.
    let silent = TcpStream::connect(&serving.address).unwrap();
    let asking: Vec<_> = (0..1000)
        .map(|_| {
            let (address, text) =
                (serving.address.clone(), post("/confirm/deploy-production", &good));
            thread::Builder::new()
                .stack_size(128 * 1024)
                .spawn(move || ask(&address, &text).0)
                .unwrap()
        })
        .collect();
    let answers: Vec<u16> = asking.into_iter().map(|own| own.join().unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1000);
    drop(silent);
    assert_eq!(before, world.read(LEDGER), "nothing is written");
}
