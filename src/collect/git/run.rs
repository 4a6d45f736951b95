//! Running git in an environment of our own.

use crate::collect::git::GitError;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// Variables of ours that git may see besides `PATH`: where its configuration is, and what
/// processes on Windows cannot start without.
const PASSED_ON: [&str; 8] = [
    "HOME",
    // For a branch that lies elsewhere.
    "SSH_AUTH_SOCK",
    "XDG_CONFIG_HOME",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
    "SYSTEMROOT",
    "GIT_CONFIG_GLOBAL",
];

/// In front of every command. The settings of the index close ways in which a changed file can
/// look unchanged.
const ALWAYS: [&str; 19] = [
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.untrackedCache=false",
    "-c",
    "core.ignoreStat=false",
    "-c",
    "core.checkStat=default",
    "-c",
    "core.trustctime=true",
    "-c",
    "core.quotePath=false",
    "-c",
    "core.sparseCheckout=false",
];

/// The same for modes and links, where the system has them.
const ON_UNIX: &[&str] =
    if cfg!(unix) { &["-c", "core.fileMode=true", "-c", "core.symlinks=true"] } else { &[] };

/// Longest that git may take for one answer: what it is led to read may never end.
const LIMIT: Duration = Duration::from_secs(120);

/// Most bytes of one answer: the listing of a tree with millions of files.
const MOST: u64 = 512 * 1024 * 1024;

/// The environment that git runs in; nothing else of ours reaches it.
#[derive(Clone, Debug)]
pub struct GitEnv {
    path: OsString,
    vars: Vec<(OsString, OsString)>,
    limit: Duration,
}

impl GitEnv {
    /// An environment with only `PATH`.
    pub fn new(path: impl Into<OsString>) -> Self {
        Self { path: path.into(), vars: Vec::new(), limit: LIMIT }
    }

    /// Takes from `vars` what git needs: `PATH`, and where its configuration is.
    pub fn from_vars(vars: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut env = Self::new("");
        for (name, value) in vars {
            let is = |wanted: &str| {
                if cfg!(windows) { name.eq_ignore_ascii_case(wanted) } else { name == wanted }
            };
            if is("PATH") {
                env.path = value;
            } else if PASSED_ON.iter().any(|wanted| is(wanted)) {
                env.vars.push((name, value));
            }
        }
        env
    }

    /// Looks for git, and for what git itself starts, in `dirs` first.
    #[must_use]
    pub fn first_in<'a>(mut self, dirs: impl IntoIterator<Item = &'a str>) -> Self {
        let mut path = OsString::new();
        for dir in dirs {
            path.push(dir);
            path.push(if cfg!(windows) { ";" } else { ":" });
        }
        path.push(&self.path);
        self.path = path;
        self
    }

    /// Ends a git that takes longer.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The same programs, and no configuration but a repository's own: for repositories that this
    /// program made. They fetch from each other only.
    #[must_use]
    pub(super) fn isolated(&self) -> Self {
        let own = [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_ATTR_NOSYSTEM", "1"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_GRAFT_FILE", "/dev/null"),
            ("GIT_ALLOW_PROTOCOL", "file"),
        ];
        let vars = own.map(|(name, value)| (name.into(), value.into())).to_vec();
        Self { vars, ..self.clone() }
    }

    /// Those of the variables that are passed on.
    pub(super) fn vars(&self, names: &[&str]) -> Vec<(OsString, OsString)> {
        let named = |name: &OsString| names.iter().any(|wanted| name == wanted);
        self.vars.iter().filter(|(name, _)| named(name)).cloned().collect()
    }

    /// Adds a variable, such as `HOME` or `GIT_CONFIG_GLOBAL`.
    #[must_use]
    pub fn var(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.vars.push((name.into(), value.into()));
        self
    }

    fn command(&self, dir: &Path, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .env_clear()
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            // An older git fetches what a clone says it lacks: by no way that the clone names.
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("LC_ALL", "C")
            .envs(self.vars.iter().map(|(name, value)| (name, value)))
            .env("PATH", &self.path)
            .arg("-C")
            .arg(dir)
            .args(ALWAYS)
            .args(ON_UNIX)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// An empty `PATH` would mean the current directory: no place to take programs from.
    fn check(&self) -> Result<(), GitError> {
        if self.path.as_os_str() == OsStr::new("") { Err(GitError::Missing) } else { Ok(()) }
    }
}

/// Runs git to its end.
pub(super) fn output(env: &GitEnv, dir: &Path, args: &[&str]) -> Result<Output, GitError> {
    env.check()?;
    let spawned = env.command(dir, args).spawn();
    finish(env, spawned.map_err(|error| not_run(&error))?)
}

/// What git writes when it succeeds.
pub(super) fn bytes(env: &GitEnv, dir: &Path, args: &[&str]) -> Result<Vec<u8>, GitError> {
    let output = output(env, dir, args)?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(GitError::from_stderr(&output.stderr))
    }
}

/// Runs git with `input`, written beside the reading so that neither waits for the other.
pub(super) fn with_input(
    env: &GitEnv,
    dir: &Path,
    args: &[&str],
    input: Vec<u8>,
) -> Result<Output, GitError> {
    env.check()?;
    let spawned = env.command(dir, args).stdin(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| not_run(&error))?;
    let stdin = child.stdin.take();
    // A git that stops reading says why by its exit code.
    let writer = thread::Builder::new()
        .spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)))
        .map_err(|error| given_up(&mut child, &error));
    writer.and_then(|_| finish(env, child))
}

/// What git says until it ends, or until its time is over. The readers are threads of their own:
/// what holds a pipe open does not hold us.
fn finish(env: &GitEnv, mut child: Child) -> Result<Output, GitError> {
    let readers = reader(child.stdout.take())
        .and_then(|out| reader(child.stderr.take()).map(|err| (out, err)));
    let (out, err) = readers.map_err(|error| given_up(&mut child, &error))?;
    let end = Instant::now() + env.limit;
    let left = || end.saturating_duration_since(Instant::now());
    let read = |from: &Receiver<io::Result<Vec<u8>>>| from.recv_timeout(left()).ok();
    let (Some(stdout), Some(stderr)) = (read(&out), read(&err)) else {
        // Whether it ended by itself meanwhile makes no difference.
        let _ = child.kill();
        let _ = child.wait();
        return Err(GitError::Other(format!(
            "git gave no answer for {} seconds: look at what its configuration reads (include.path)",
            env.limit.as_secs()
        )));
    };
    let status = child.wait().map_err(|error| not_run(&error))?;
    let unread = |error| GitError::Other(format!("what git says cannot be read: {error}"));
    let bytes = |read: io::Result<Vec<u8>>| read.map_err(unread);
    Ok(Output { status, stdout: bytes(stdout)?, stderr: bytes(stderr)? })
}

/// Ends a git that cannot be listened to.
fn given_up(child: &mut Child, error: &io::Error) -> GitError {
    let _ = child.kill();
    let _ = child.wait();
    not_run(error)
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.map_or(Ok(0), |pipe| pipe.take(MOST + 1).read_to_end(&mut bytes));
        let read = match read {
            Ok(length) if length as u64 > MOST => {
                Err(io::Error::other(format!("it is more than {MOST} bytes")))
            }
            read => read.map(|_| bytes),
        };
        // Nobody listens any more once the time is over.
        let _ = sender.send(read);
    })?;
    Ok(receiver)
}

fn not_run(error: &io::Error) -> GitError {
    match error.kind() {
        io::ErrorKind::NotFound => GitError::Missing,
        _ => GitError::Other(format!("git could not be started: {error}")),
    }
}

/// The parts of what git ends with NUL each.
pub(super) fn fields(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output.split(|byte| *byte == 0).filter(|field| !field.is_empty())
}

/// Text to show; paths are compared as bytes before.
pub(super) fn lossy(bytes: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(bytes.as_ref()).into_owned()
}

/// An answer of one line without its line ending; a path may itself contain one.
pub(super) fn without_end(mut line: Vec<u8>) -> Vec<u8> {
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    line
}

/// A path as git writes it.
pub(super) fn to_path(bytes: Vec<u8>) -> Result<PathBuf, GitError> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        Ok(OsString::from_vec(bytes).into())
    }
    #[cfg(not(unix))]
    {
        let text = String::from_utf8(bytes);
        text.map(PathBuf::from).map_err(|_| GitError::Other("a path is not UTF-8".to_owned()))
    }
}

/// Most bytes of a commit: its message may be long, and no file.
const LARGEST_OBJECT: usize = 16 * 1024 * 1024;

/// An object: its kind and its bytes.
type Object = (String, Vec<u8>);

/// One git that gives one object after another.
#[derive(Debug)]
pub(super) struct Batch {
    child: Child,
    stdin: Option<std::process::ChildStdin>,
    answers: Receiver<io::Result<Option<Object>>>,
    end: Instant,
    limit: Duration,
}

impl Batch {
    /// Starts it in `dir`.
    pub(super) fn open(env: &GitEnv, dir: &Path) -> Result<Self, GitError> {
        env.check()?;
        let mut command = env.command(dir, &["cat-file", "--batch"]);
        let spawned = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = spawned.map_err(|error| not_run(&error))?;
        let (sender, answers) = mpsc::channel();
        let stdout = child.stdout.take();
        // A thread of its own, as for every other answer: git may never give one.
        let reading = thread::Builder::new().spawn(move || {
            let Some(mut stdout) = stdout.map(io::BufReader::new) else { return };
            loop {
                let answer = next_object(&mut stdout);
                let over = answer.is_err();
                if sender.send(answer).is_err() || over {
                    return;
                }
            }
        });
        reading.map_err(|error| given_up(&mut child, &error))?;
        let stdin = child.stdin.take();
        let (end, limit) = (Instant::now() + env.limit, env.limit);
        Ok(Self { child, stdin, answers, end, limit })
    }

    /// Kind and bytes of the object with this full id; `None` when it is not here.
    pub(super) fn object(&mut self, id: &str) -> Result<Option<Object>, GitError> {
        let unread =
            |error: io::Error| GitError::Other(format!("what git says cannot be read: {error}"));
        if let Some(stdin) = &mut self.stdin {
            writeln!(stdin, "{id}").and_then(|()| stdin.flush()).map_err(unread)?;
        }
        let left = self.end.saturating_duration_since(Instant::now());
        match self.answers.recv_timeout(left) {
            Ok(answer) => answer.map_err(unread),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(GitError::Other("git ended before it gave an answer".to_owned()))
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Err(GitError::Other(format!(
                "git gave no answer for {} seconds: look at what its configuration reads (include.path)",
                self.limit.as_secs()
            ))),
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.stdin = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn next_object(from: &mut impl io::BufRead) -> io::Result<Option<Object>> {
    let mut line = String::new();
    from.by_ref().take(4096).read_line(&mut line)?;
    let odd = || io::Error::other("git answered in another form");
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        [_, "missing"] => Ok(None),
        [_, kind, size] => {
            let size: usize = size.parse().map_err(|_| odd())?;
            if size > LARGEST_OBJECT {
                return Err(io::Error::other(format!("an object of {size} bytes")));
            }
            let mut bytes = vec![0; size + 1];
            from.read_exact(&mut bytes)?;
            bytes.pop();
            Ok(Some((kind.to_owned(), bytes)))
        }
        _ => Err(odd()),
    }
}
