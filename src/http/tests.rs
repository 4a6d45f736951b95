//! A server with a certificate of an authority that nobody else knows, and one that leads elsewhere.

#![allow(clippy::unwrap_used)]

use super::{Client, Settings};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server in a process of its own.
struct Secure {
    child: Child,
    port: String,
}

impl Drop for Secure {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const SERVER: &str = r#"
import http.server, ssl, sys, threading
class Own(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        away = self.path.startswith("/away")
        large = self.path.startswith("/large")
        body = b"x" * (9 << 20) if large else self.path.encode()
        self.send_response(302 if away else 200)
        if away:
            self.send_header("Location", "/here")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Own)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("leaf.pem", "leaf.key")
if len(sys.argv) > 1:
    context.load_verify_locations("ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
threading.Timer(120, server.shutdown).start()
server.serve_forever()
"#;

/// One that wants a certificate of whoever asks where `mutual` says so.
fn secure(dir: &Path, mutual: &[&str]) -> Secure {
    std::fs::write(
        dir.join("leaf.cnf"),
        "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
    )
    .unwrap();
    for line in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Own",
        "req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=metrics",
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out leaf.pem -days 2 -extfile leaf.cnf",
    ] {
        let said = Command::new("openssl").args(line.split(' ')).current_dir(dir).output().unwrap();
        assert!(said.status.success(), "{line}: {}", String::from_utf8_lossy(&said.stderr));
    }
    let mut child = Command::new("python3")
        .args(["-c", SERVER])
        .args(mutual)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
    Secure { child, port: port.trim().to_owned() }
}

#[test]
fn a_server_is_trusted_by_its_roots_and_never_left() {
    let scratch = tempfile::tempdir().unwrap();
    let own = secure(scratch.path(), &[]);
    let timeout = Duration::from_secs(20);
    let url = |path: &str| format!("https://127.0.0.1:{}{path}", own.port);
    // The machine's own roots do not know it.
    let stranger = Client::new(Settings { timeout, ..Settings::default() }).unwrap();
    assert!(stranger.get(&url("/"), &[]).is_err());
    let roots = Some(std::fs::read(scratch.path().join("ca.pem")).unwrap());
    let client = Client::new(Settings { timeout, roots, ..Settings::default() }).unwrap();
    let said = client.get(&url("/api"), &[("query", "a{b=\"c d\"} / 2")]).unwrap();
    assert_eq!(
        (said.status, said.body.as_str()),
        (200, "/api?query=a%7Bb%3D%22c%20d%22%7D%20%2F%202")
    );
    assert_eq!(client.get(&url("/away"), &[]).unwrap().status, 302);
    assert!(client.get(&url("/large"), &[]).is_err(), "an answer without end is no answer");
}

#[test]
fn a_server_may_ask_who_asks() {
    let scratch = tempfile::tempdir().unwrap();
    let own = secure(scratch.path(), &["mutual"]);
    let read = |name: &str| std::fs::read(scratch.path().join(name)).unwrap();
    let ask = |certificate: Option<Vec<u8>>| {
        let roots = Some(read("ca.pem"));
        let timeout = Duration::from_secs(20);
        let settings = Settings { timeout, roots, certificate, ..Settings::default() };
        Client::new(settings)?.get(&format!("https://127.0.0.1:{}/", own.port), &[])
    };
    assert!(ask(None).is_err());
    let pair = [read("leaf.pem"), read("leaf.key")].concat();
    assert_eq!(ask(Some(pair)).unwrap().status, 200);
    let told = ask(Some(read("leaf.pem"))).unwrap_err().to_string();
    assert_eq!(told, "the client's certificate needs a certificate and its private key, as PEM");
    assert!(ask(Some(b"-----BEGIN PRIVATE KEY-----\n!".to_vec())).is_err());
}

#[test]
fn roots_that_are_none_are_refused() {
    let with = |pem: &str| {
        let roots = Some(pem.as_bytes().to_vec());
        Client::new(Settings { roots, ..Settings::default() }).map(|_| ())
    };
    assert_eq!(with("").unwrap_err().to_string(), "there is no certificate among the roots");
    assert!(with("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n").is_err());
    let proxy = Some("no address".to_owned());
    assert!(Client::new(Settings { proxy, ..Settings::default() }).is_err());
}
