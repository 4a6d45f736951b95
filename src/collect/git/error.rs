//! Trouble with git, each kind in its own plain words.

use std::fmt;

/// Why git could not answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GitError {
    /// There is no git program on the PATH.
    Missing,
    /// The directory is in no work tree.
    NotARepository,
    /// The repository belongs to another user; its top directory, where git names it.
    DubiousOwnership(Option<String>),
    /// The repository has no commit yet.
    NoCommits,
    /// The commit is not here, and history is cut off.
    ShallowClone(String),
    /// The repository has no commit of this full id.
    UnknownCommit(String),
    /// Anything else: the first line that git wrote about it.
    Other(String),
}

impl GitError {
    /// Recognises what git wrote, in its untranslated words.
    pub(super) fn from_stderr(stderr: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stderr);
        if let Some((_, rest)) = text.split_once("dubious ownership") {
            let named = rest.split('\'').nth(1).map(str::to_owned);
            return Self::DubiousOwnership(named);
        }
        if text.contains("not a git repository") || text.contains("must be run in a work tree") {
            return Self::NotARepository;
        }
        if text.contains("could not get object info") {
            return Self::Other(
                "an object of the release's commit is not in this repository".to_owned(),
            );
        }
        let is_fault = |line: &&str| !line.starts_with("warning:") && !line.starts_with("hint:");
        let line = text.lines().find(is_fault).unwrap_or("git failed and did not say why");
        let line = line.strip_prefix("fatal: ").or(line.strip_prefix("error: ")).unwrap_or(line);
        Self::Other(line.to_owned())
    }

    /// What is wrong, one sentence without a full stop.
    pub fn message(&self) -> String {
        match self {
            Self::Missing => "git is not on the PATH".to_owned(),
            Self::NotARepository => {
                "this directory is not in the work tree of a git repository".to_owned()
            }
            Self::DubiousOwnership(path) => {
                let path = path.as_ref().map_or_else(String::new, |path| format!(" `{path}`"));
                format!("the repository{path} belongs to another user, and git refuses to read it")
            }
            Self::NoCommits => "the repository has no commit yet".to_owned(),
            Self::ShallowClone(commit) => {
                format!("commit {commit} is not in this clone, which is shallow")
            }
            Self::UnknownCommit(commit) => {
                format!("{commit:?} is not the full id of a commit in this repository")
            }
            Self::Other(line) => format!("git says: {line}"),
        }
    }

    /// The way out.
    pub fn help(&self) -> String {
        match self {
            Self::Missing => "install git, or add its directory to PATH".to_owned(),
            Self::NotARepository => {
                "run it inside a clone, or begin one with `git init` and a first commit".to_owned()
            }
            Self::DubiousOwnership(path) => format!(
                "if you trust it, run `git config --global --add safe.directory '{}'`",
                path.as_deref().unwrap_or("DIRECTORY")
            ),
            Self::NoCommits => "commit what you are about to release".to_owned(),
            Self::ShallowClone(_) => {
                "run `git fetch --unshallow`; in CI, ask for the full history (`fetch-depth: 0`)"
                    .to_owned()
            }
            Self::UnknownCommit(_) => {
                "fetch that commit (`git fetch origin ID`), or, when it is gone for good, close this \
                 release and begin one of a commit that is there"
                    .to_owned()
            }
            Self::Other(_) => "mend that, then run the command again".to_owned(),
        }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message(), self.help())
    }
}

impl std::error::Error for GitError {}
