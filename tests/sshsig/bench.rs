//! A directory with keys, the real `ssh-keygen`, and the same question asked of it and of d3p.

use d3p::testing::model::Stamp;
use d3p::testing::sign::{AllowedSigners, NAMESPACE, PublicKey, SshSignature};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Who signs, unless a test says otherwise.
pub(crate) const ANA: &str = "ana@example.com";
/// What is signed, unless a test says otherwise.
pub(crate) const TEXT: &str = r#"{"decision":"GO"}"#;

pub(crate) fn stamp(text: &str) -> Stamp {
    Stamp::parse(text).unwrap()
}

/// When signatures are judged, unless a test says otherwise.
pub(crate) fn noon() -> Stamp {
    stamp("2026-06-01T12:00:00Z")
}

/// A directory, and the programs that run in it.
pub(crate) struct Bench {
    dir: tempfile::TempDir,
    agent: Option<Child>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), agent: None }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs a program here, with nothing of the surroundings.
    pub(crate) fn run(&self, program: &str, args: &[&str], stdin: &[u8]) -> Output {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.dir.path()).env("HOME", self.dir.path());
        command.env("TZ", "UTC").env_remove("DISPLAY").env_remove("SSH_ASKPASS");
        command.env_remove("SSH_AUTH_SOCK");
        if self.agent.is_some() {
            command.env("SSH_AUTH_SOCK", self.path("agent"));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let missing = |error| panic!("{program}: {error}; ./test installs openssh-client");
        let mut child = command.spawn().unwrap_or_else(missing);
        // A program that does not read it may have ended.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap()
    }

    /// Runs `ssh-keygen`, which must succeed.
    pub(crate) fn keygen(&self, args: &[&str]) -> Vec<u8> {
        self.done("ssh-keygen", args, b"")
    }

    pub(crate) fn done(&self, program: &str, args: &[&str], stdin: &[u8]) -> Vec<u8> {
        let output = self.run(program, args, stdin);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?}: {err}");
        output.stdout
    }

    /// Makes a key; `kind` as in `ed25519` or `rsa -b 2048`. Gives the line of its public half.
    pub(crate) fn key(&self, name: &str, kind: &str) -> String {
        let mut args = vec!["-q", "-N", "", "-C", "", "-f", name, "-t"];
        args.extend(kind.split(' '));
        self.keygen(&args);
        self.public(name)
    }

    /// `ssh-ed25519 AAAA…` of a key that was made.
    pub(crate) fn public(&self, name: &str) -> String {
        self.read(&format!("{name}.pub")).trim().to_owned()
    }

    /// Certifies a key, as `NAME-cert.pub`.
    pub(crate) fn certify(&self, authority: &str, name: &str, args: &[&str]) {
        let public = format!("{name}.pub");
        let mut all = vec!["-q", "-s", authority, "-I", "id"];
        all.extend(args);
        all.push(&public);
        self.keygen(&all);
    }

    /// Signs with a key of this name, or the certificate or public half in that file.
    pub(crate) fn sign(&self, key: &str, namespace: &str, text: &[u8]) -> String {
        let args = ["-q", "-Y", "sign", "-f", key, "-n", namespace];
        String::from_utf8(self.done("ssh-keygen", &args, text)).unwrap()
    }

    pub(crate) fn approve(&self, key: &str) -> String {
        self.sign(key, NAMESPACE, TEXT.as_bytes())
    }

    /// Starts an agent, which ends with this bench.
    pub(crate) fn start_agent(&mut self) {
        let socket = self.path("agent");
        let mut command = Command::new("ssh-agent");
        command.arg("-D").arg("-a").arg(&socket).stdin(Stdio::null()).stdout(Stdio::null());
        self.agent = Some(command.spawn().unwrap());
        let begun = Instant::now();
        while !socket.exists() {
            assert!(begun.elapsed() < Duration::from_secs(10), "ssh-agent did not start");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Gives a key to the agent alone: the private half is gone from the disk.
    pub(crate) fn to_agent(&self, name: &str) {
        self.done("ssh-add", &["-q", name], b"");
        fs::remove_file(self.path(name)).unwrap();
    }

    /// Asks `ssh-keygen -Y verify`.
    pub(crate) fn theirs(&self, question: &Question) -> Result<(), String> {
        self.write("signers", &question.signers);
        self.write("signature", &question.signature);
        let at = question.at.timestamp().strftime("%Y%m%d%H%M%SZ");
        let time = format!("verify-time={at}");
        let mut args =
            vec!["-Y", "verify", "-f", "signers", "-s", "signature", "-O", time.as_str()];
        args.extend(["-I", question.identity.as_str(), "-n", question.namespace.as_str()]);
        if let Some(revoked) = &question.revoked {
            self.write("revoked", format!("{revoked}\n"));
            args.extend(["-r", "revoked"]);
        }
        let output = self.run("ssh-keygen", &args, &question.text);
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Asks d3p and `ssh-keygen`. What d3p takes, `ssh-keygen` must take as well.
    pub(crate) fn ask(&self, question: &Question) -> Answer {
        let (ours, theirs) = (question.ours(), self.theirs(question));
        if ours.is_ok() {
            assert_eq!(theirs, Ok(()), "d3p takes what ssh-keygen does not: {question:?}");
        }
        Answer { ours, theirs }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(agent) = &mut self.agent {
            let _ = agent.kill();
            let _ = agent.wait();
        }
    }
}

/// A signature, and who must have made it, of what, and when.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) signers: String,
    pub(crate) signature: String,
    pub(crate) identity: String,
    pub(crate) namespace: String,
    pub(crate) text: Vec<u8>,
    pub(crate) at: Stamp,
    /// The line of a public key that was revoked.
    pub(crate) revoked: Option<String>,
}

impl Question {
    /// Whether Ana approved, as these signers say.
    pub(crate) fn new(signers: impl Into<String>, signature: impl Into<String>) -> Self {
        Self {
            signers: signers.into(),
            signature: signature.into(),
            identity: ANA.to_owned(),
            namespace: NAMESPACE.to_owned(),
            text: TEXT.as_bytes().to_vec(),
            at: noon(),
            revoked: None,
        }
    }

    /// What d3p says: everything that a decision needs.
    pub(crate) fn ours(&self) -> Result<(), String> {
        let signature = SshSignature::parse(&self.signature).map_err(|why| why.to_string())?;
        if signature.namespace() != self.namespace {
            return Err(format!("it was made for {}", signature.namespace()));
        }
        signature.verify(&self.text).map_err(|why| why.to_string())?;
        if let Some(revoked) = &self.revoked {
            let key = PublicKey::from_openssh(revoked).unwrap();
            let fingerprint = key.fingerprint();
            if signature.fingerprints().contains(&fingerprint) {
                return Err("revoked".to_owned());
            }
        }
        let signers = AllowedSigners::parse(&self.signers);
        let found = signers.find(&self.identity, &signature, &self.namespace, self.at);
        found.map(|_| ()).map_err(|why| why.to_string())
    }
}

/// What both say.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) ours: Result<(), String>,
    pub(crate) theirs: Result<(), String>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn is_taken(&self) {
        assert!(self.ours.is_ok() && self.theirs.is_ok(), "{self:?}");
    }

    /// Both refuse, d3p with these words.
    #[track_caller]
    pub(crate) fn is_refused(&self, words: &str) {
        assert!(self.theirs.is_err(), "{self:?}");
        self.is_refused_by_us(words);
    }

    /// d3p refuses with these words what `ssh-keygen` takes.
    #[track_caller]
    pub(crate) fn is_stricter(&self, words: &str) {
        assert!(self.theirs.is_ok(), "{self:?}");
        self.is_refused_by_us(words);
    }

    /// d3p refuses with these words, where versions of OpenSSH differ.
    #[track_caller]
    pub(crate) fn is_refused_by_us(&self, words: &str) {
        let why = self.ours.as_ref().expect_err("d3p takes it");
        assert!(why.contains(words), "{why:?} says nothing of {words:?}");
    }
}

/// A line of Ana's for approvals.
pub(crate) fn line(public: &str) -> String {
    format!("{ANA} namespaces=\"{NAMESPACE}\" {public}\n")
}

/// A line of an authority for approvals.
pub(crate) fn authority_line(public: &str) -> String {
    format!("{ANA} cert-authority,namespaces=\"{NAMESPACE}\" {public}\n")
}

/// Whether a program is there: not every system has an agent.
pub(crate) fn agent_socket(bench: &Bench) -> std::os::unix::net::UnixStream {
    let path: &Path = &bench.path("agent");
    let stream = std::os::unix::net::UnixStream::connect(path).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}
