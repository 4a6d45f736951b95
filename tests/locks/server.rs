//! A repository that everybody pushes to, served on loopback by what git brings along.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The token that may push, and the one that may only fetch.
pub(super) const PUSHES: &str = "a-token-that-pushes";
pub(super) const READS: &str = "a-token-that-reads";

/// By what it is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    /// `git daemon`.
    Daemon,
    /// `git http-backend`, to whoever brings a token.
    Http,
}

/// The repository and its server, which ends with it.
pub(super) struct Remote {
    pub(super) url: String,
    pub(super) dir: PathBuf,
    daemon: Option<Child>,
    stop: Arc<AtomicBool>,
    _scratch: tempfile::TempDir,
}

/// git with no configuration of the machine's.
pub(super) fn git(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(dir)
        .args(["-c", "user.name=tester", "-c", "user.email=tester@example.invalid"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {}: {said}", args.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

impl Remote {
    /// An empty repository.
    pub(super) fn serve(transport: Transport) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("remote.git");
        git(scratch.path(), &["init", "--quiet", "--bare", dir.to_str().unwrap()]);
        let stop = Arc::new(AtomicBool::new(false));
        let (url, daemon) = match transport {
            Transport::Daemon => {
                let port = free_port();
                (format!("git://127.0.0.1:{port}/remote.git"), Some(daemon(scratch.path(), port)))
            }
            Transport::Http => {
                let port = http(scratch.path().to_owned(), Arc::clone(&stop));
                (format!("http://127.0.0.1:{port}/remote.git"), None)
            }
        };
        Self { url, dir, daemon, stop, _scratch: scratch }
    }

    /// A repository that is reached as a directory, with nothing that serves it.
    pub(super) fn directory() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("remote.git");
        git(scratch.path(), &["init", "--quiet", "--bare", dir.to_str().unwrap()]);
        let url = format!("file://{}", dir.display());
        let stop = Arc::new(AtomicBool::new(false));
        Self { url, dir, daemon: None, stop, _scratch: scratch }
    }

    /// Its refs below this, and what each is set to.
    pub(super) fn refs(&self, below: &str) -> Vec<(String, String)> {
        let said = git(&self.dir, &["for-each-ref", "--format=%(refname) %(objectname)", below]);
        let pairs = said.lines().filter_map(|line| line.split_once(' '));
        pairs.map(|(name, id)| (name.to_owned(), id.to_owned())).collect()
    }

    /// Deletes every ref below this.
    pub(super) fn forget(&self, below: &str) {
        for (name, _) in self.refs(below) {
            git(&self.dir, &["update-ref", "-d", &name]);
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(daemon) = &mut self.daemon {
            // The whole group: what `timeout` began does not end with it.
            let group = format!("-{}", daemon.id());
            let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// `git daemon`, which ends by itself after an hour whatever becomes of the test.
#[allow(clippy::zombie_processes, reason = "the repository that it serves ends it")]
fn daemon(base: &Path, port: u16) -> Child {
    use std::os::unix::process::CommandExt as _;
    let child = Command::new("timeout")
        .args(["3600", "git", "daemon", "--reuseaddr", "--listen=127.0.0.1"])
        .arg(format!("--port={port}"))
        .arg(format!("--base-path={}", base.display()))
        .args(["--export-all", "--enable=receive-pack", "--max-connections=0"])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return child;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("git daemon does not listen");
}

/// Answers with `git http-backend`, one thread a request, until it is told to stop.
fn http(base: PathBuf, stop: Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            match listener.accept() {
                Ok((stream, _)) => {
                    let base = base.clone();
                    thread::spawn(move || answer(&base, stream));
                }
                Err(_) => thread::sleep(Duration::from_millis(2)),
            }
        }
    });
    port
}

/// One request, as a server with CGI answers it.
fn answer(base: &Path, mut stream: TcpStream) -> Option<()> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (mut length, mut kind, mut token, mut encoding) = (0, String::new(), None, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "content-type" => kind = value.to_owned(),
            "content-encoding" => encoding = value.to_owned(),
            "authorization" => token = token_of(value),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let pushes = format!("{path}?{query}").contains("git-receive-pack");
    let may = match token.as_deref() {
        Some(PUSHES) => true,
        Some(READS) => !pushes,
        _ => false,
    };
    if !may {
        let status = if token.is_some() { "403 Forbidden" } else { "401 Unauthorized" };
        let head = format!(
            "HTTP/1.1 {status}\r\nWWW-Authenticate: Basic realm=git\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        return stream.write_all(head.as_bytes()).ok();
    }
    let variables = [
        ("REQUEST_METHOD", method),
        ("PATH_INFO", path.to_owned()),
        ("QUERY_STRING", query.to_owned()),
        ("CONTENT_TYPE", kind),
        ("CONTENT_LENGTH", length.to_string()),
        ("HTTP_CONTENT_ENCODING", encoding),
    ];
    let said = backend(base, variables, body)?;
    let end = said.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&said[..end]).into_owned();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
    let length = said.len() - end - 4;
    let reply = format!(
        "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(reply.as_bytes()).ok()?;
    stream.write_all(&said[end + 4..]).ok()
}

/// What `git http-backend` answers.
fn backend(base: &Path, variables: [(&str, String); 6], body: Vec<u8>) -> Option<Vec<u8>> {
    let mut backend = Command::new("git")
        .arg("http-backend")
        .env_clear()
        .env("PATH", std::env::var_os("PATH")?)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_PROJECT_ROOT", base)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REMOTE_USER", "tester")
        .env("REMOTE_ADDR", "127.0.0.1")
        .envs(variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = backend.stdin.take()?;
    let writer = thread::spawn(move || stdin.write_all(&body));
    let mut said = Vec::new();
    backend.stdout.take()?.read_to_end(&mut said).ok()?;
    let _ = writer.join();
    backend.wait().ok()?;
    Some(said)
}

fn token_of(header: &str) -> Option<String> {
    use base64ct::Encoding as _;
    let bytes = base64ct::Base64::decode_vec(header.strip_prefix("Basic ")?).ok()?;
    Some(String::from_utf8(bytes).ok()?.split_once(':')?.1.to_owned())
}

/// Makes `dir` the first place for programs, with a git that fails, is killed or kills as a file in the
/// home directory of whoever calls it says: `VERB HOW`, once.
pub(super) fn put_git(dir: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::create_dir_all(dir).unwrap();
    let real = String::from_utf8(
        Command::new("sh").args(["-c", "command -v git"]).output().unwrap().stdout,
    );
    let script = GIT.replace("REAL", real.unwrap().trim());
    fs::write(dir.join("git"), script).unwrap();
    fs::set_permissions(dir.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
}

const GIT: &str = r#"#!/bin/sh
# REAL, but for one call that goes wrong.
plan="$HOME/fault"
[ -n "$HOME" ] && [ -e "$plan" ] || exec REAL "$@"
read -r verb how < "$plan"
own=
for word; do
  case $word in init|hash-object|ls-remote|push|fetch) own=$word; break ;; esac
done
[ "$own" = push ] && : > "$HOME/pushed"
[ "$own" = ls-remote ] && [ -e "$HOME/pushed" ] && own=readback
[ "$own" = "$verb" ] || exec REAL "$@"
rm -f "$plan"
case $how in
  kill-before) kill -9 $PPID ;;
  kill-after) REAL "$@"; kill -9 $PPID ;;
  broken) REAL "$@" > /dev/null 2>&1; echo "fatal: the remote end hung up unexpectedly" >&2; exit 128 ;;
  cut) echo "fatal: unable to access the remote: Could not connect" >&2; exit 128 ;;
  silent) exit 0 ;;
  slow) sleep 1; exec REAL "$@" ;;
esac
"#;
