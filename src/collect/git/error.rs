//! Trouble with git, each kind in its own plain words.

use crate::model::{Actor, Advice, Placeholder};
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
    /// Something that belongs to the commit is not here: what, and the command that fetches it.
    Lacking(String, String),
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
            Self::Lacking(what, _) => what.clone(),
            Self::Other(line) => format!("git says: {line}"),
        }
    }

    /// The way out.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Missing => Advice::answer("install git, or add its directory to PATH"),
            Self::NotARepository => Advice::run(["git", "init"])
                .what("run it inside a clone, or begin one, with a first commit"),
            Self::DubiousOwnership(path) => {
                let trust = ["git", "config", "--global", "--add", "safe.directory"];
                let advice = Advice::run(trust).by(Actor::Person).what("if you trust it, say so");
                match path {
                    Some(path) => advice.words([path]),
                    None => advice.fill(Placeholder::DIRECTORY),
                }
            }
            Self::NoCommits => Advice::answer("commit what you are about to release"),
            Self::ShallowClone(id) => Advice::run(["git", "fetch", "--depth", "1", "origin", id])
                .what("fetch that commit, or the full history (in CI: `fetch-depth: 0`)")
                .or(Advice::run(["git", "fetch", "--unshallow"])),
            Self::UnknownCommit(id) => {
                let gone = "when it is gone for good, close this release and begin one of a commit that is there";
                Advice::run(["git", "fetch", "origin", id])
                    .what("fetch that commit")
                    .or(Advice::answer(gone))
            }
            Self::Lacking(_, how) => Advice::answer(how.clone()),
            Self::Other(_) => Advice::answer("mend that, then run the command again"),
        }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for GitError {}
