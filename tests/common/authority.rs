//! A real authority of RFC 3161: openssl makes its stamps, and a small server on loopback answers.

use d3p::testing::model::Stamp;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What the authority does with the next requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// It stamps what it is shown.
    Honest,
    /// It stamps what it is shown, and answers another request.
    OtherNonce,
    /// It stamps something else.
    OtherDigest,
    /// It refuses, as RFC 3161 says.
    Refuses,
    /// It takes the request, and says nothing.
    Silent,
    /// It answers in half.
    Cut,
    /// It answers with something else.
    Garbage,
    /// It is another authority, for which a root of its own vouches.
    Other,
    /// It is one whose root was in force long ago.
    Expired,
}

/// The authority, as long as it is held.
pub struct Authority {
    pub url: String,
    pub dir: PathBuf,
    manner: Arc<Mutex<Manner>>,
    clock: Arc<AtomicI64>,
    ends: Arc<AtomicBool>,
    address: SocketAddr,
    server: Option<JoinHandle<()>>,
    _scratch: tempfile::TempDir,
}

pub fn openssl(dir: &Path, args: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl")
        .current_dir(dir)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("openssl is installed: the authority of these tests is one of its own");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {args:?}: {said}");
    output.stdout
}

const CONFIG: &str = "\
[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\nserial = serial.txt\nnew_certs_dir = .\n\
default_md = sha256\npolicy = any\nunique_subject = no\nemail_in_dn = no\n[any]\ncommonName = supplied\n\
[root]\nbasicConstraints = critical,CA:true\nkeyUsage = critical,keyCertSign\n\
[signer]\nextendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\n\
[req]\ndistinguished_name = name\n[name]\n\
[tsa]\ndefault_tsa = stamps\n[stamps]\nserial = stamps.txt\ncrypto_device = builtin\n\
signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256,sha512\naccuracy = secs:1\n\
ordering = yes\ntsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";

impl Authority {
    pub fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().to_path_buf();
        fs::write(dir.join("config"), CONFIG).unwrap();
        fs::write(dir.join("index.txt"), "").unwrap();
        fs::write(dir.join("serial.txt"), "01").unwrap();
        fs::write(dir.join("stamps.txt"), "01").unwrap();
        let (before, after) = always();
        make(&dir, "own", (&before, &after));
        make(&dir, "other", (&before, &after));
        make(&dir, "expired", (&day(-300), &day(-200)));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let manner = Arc::new(Mutex::new(Manner::Honest));
        let ends = Arc::new(AtomicBool::new(false));
        let clock = Arc::new(AtomicI64::new(0));
        let (own, stop, at) = (Arc::clone(&manner), Arc::clone(&ends), dir.clone());
        let tells = Arc::clone(&clock);
        let server = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let manner = *own.lock().unwrap_or_else(PoisonError::into_inner);
                let clock = tells.load(Ordering::SeqCst);
                let _ = answer(stream, manner, clock, &at);
            }
        });
        let url = format!("http://{address}/stamps");
        let server = Some(server);
        Self { url, dir, manner, clock, ends, address, server, _scratch: scratch }
    }

    pub fn is(&self, manner: Manner) {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// From now on its clock stands at `at`.
    pub fn at(&self, at: Stamp) {
        self.clock.store(at.timestamp().as_millisecond(), Ordering::SeqCst);
    }

    /// The certificate of a root, as PEM.
    pub fn root(&self, name: &str) -> String {
        fs::read_to_string(self.dir.join(format!("{name}-root.pem"))).unwrap()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

/// So many days from now, as certificates say it.
fn day(days: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    at.strftime("%Y%m%d%H%M%SZ").to_string()
}

fn always() -> (String, String) {
    (day(-400), day(400))
}

/// A root that is in force in between, and an authority that it vouches for today.
fn make(dir: &Path, name: &str, (from, until): (&str, &str)) {
    let key = |what: &str| format!("{name}-{what}.key");
    for what in ["root", "signer"] {
        let curve = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
        openssl(dir, &[&curve[..], &[&key(what)]].concat());
        let subject = format!("/CN={name} {what}");
        let asks = format!("{name}-{what}.csr");
        openssl(
            dir,
            &[
                "req",
                "-new",
                "-config",
                "config",
                "-key",
                &key(what),
                "-subj",
                &subject,
                "-out",
                &asks,
            ],
        );
    }
    let (root_csr, signer_csr) = (format!("{name}-root.csr"), format!("{name}-signer.csr"));
    let (root, signer) = (format!("{name}-root.pem"), format!("{name}-signer.pem"));
    let root_key = key("root");
    let common = ["ca", "-batch", "-notext", "-config", "config"];
    let of_root = [
        "-selfsign",
        "-keyfile",
        &root_key,
        "-extensions",
        "root",
        "-in",
        &root_csr,
        "-out",
        &root,
    ];
    openssl(dir, &[&common[..], &["-startdate", from, "-enddate", until], &of_root].concat());
    let of_signer =
        ["-keyfile", &root_key, "-extensions", "signer", "-in", &signer_csr, "-out", &signer];
    let (start, end) = always();
    let days = ["-cert", &root, "-startdate", &start, "-enddate", &end];
    openssl(dir, &[&common[..], &days, &of_signer].concat());
}

/// One element of DER.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let mut out = vec![tag];
    match u8::try_from(value.len()) {
        Ok(length @ ..0x80) => out.push(length),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        }
    }
    out.extend(value);
    out
}

/// What openssl signs as the authority `name` whose clock stands at `clock`: openssl's own authority
/// knows no other clock than the system's.
fn stamped_at(dir: &Path, name: &str, query: &[u8], clock: i64) -> Vec<u8> {
    let at = jiff::Timestamp::from_millisecond(clock).unwrap();
    let time = at.strftime("%Y%m%d%H%M%SZ").to_string();
    // As d3p asks: 5 bytes, the imprint, the nonce, three bytes.
    let (imprint, nonce) = (&query[5..query.len() - 13], &query[query.len() - 13..query.len() - 3]);
    let info = element(
        0x30,
        &[
            &[2, 1, 1, 6, 4, 0x2a, 3, 4, 1],
            imprint,
            &[2, 1, 7],
            &element(0x18, &[time.as_bytes()]),
            &[0x30, 3, 2, 1, 1],
            nonce,
        ],
    );
    fs::write(dir.join("info"), info).unwrap();
    let (signer, key) = (format!("{name}-signer.pem"), format!("{name}-signer.key"));
    let token = openssl(
        dir,
        &[
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-nosmimecap",
            "-cades",
            "-md",
            "sha256",
            "-econtent_type",
            "1.2.840.113549.1.9.16.1.4",
            "-signer",
            &signer,
            "-inkey",
            &key,
            "-outform",
            "DER",
            "-in",
            "info",
        ],
    );
    element(0x30, &[&[0x30, 3, 2, 1, 0], &token])
}

/// What openssl answers as the authority `name`.
fn stamped(dir: &Path, name: &str, query: &[u8], clock: i64) -> Vec<u8> {
    if clock != 0 {
        return stamped_at(dir, name, query, clock);
    }
    fs::write(dir.join("query"), query).unwrap();
    let (signer, key) = (format!("{name}-signer.pem"), format!("{name}-signer.key"));
    let args = [
        "ts",
        "-reply",
        "-config",
        "config",
        "-section",
        "stamps",
        "-queryfile",
        "query",
        "-signer",
        &signer,
        "-inkey",
        &key,
        "-out",
        "reply",
    ];
    // What it refuses is an answer, too.
    let _ = Command::new("openssl").current_dir(dir).args(args).output();
    fs::read(dir.join("reply")).unwrap_or_default()
}

fn answer(stream: TcpStream, manner: Manner, clock: i64, dir: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let mut query = vec![0; length];
    reader.read_exact(&mut query)?;
    // The digest stands behind these bytes, and the nonce before the last three.
    let head = query.windows(2).position(|own| own == [4, 32]).unwrap_or(0) + 2;
    let (body, status) = match manner {
        Manner::Honest => (stamped(dir, "own", &query, clock), 200),
        Manner::Other => (stamped(dir, "other", &query, clock), 200),
        Manner::Expired => (stamped(dir, "expired", &query, clock), 200),
        Manner::OtherNonce => {
            let at = query.len() - 4;
            query[at] ^= 1;
            (stamped(dir, "own", &query, clock), 200)
        }
        Manner::OtherDigest => {
            query[head] ^= 1;
            (stamped(dir, "own", &query, clock), 200)
        }
        // In the form of RFC 3161.
        Manner::Refuses => (vec![0x30, 5, 0x30, 3, 2, 1, 2], 200),
        Manner::Cut => {
            let whole = stamped(dir, "own", &query, clock);
            (whole[..whole.len() / 2].to_vec(), 200)
        }
        Manner::Garbage => (b"<html>sign in</html>".to_vec(), 200),
        Manner::Silent => {
            thread::sleep(Duration::from_millis(2500));
            return Ok(());
        }
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    stream.flush()
}
