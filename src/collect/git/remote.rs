//! A repository that everybody pushes to, asked and written to without anything of a clone.
//!
//! The configuration, remotes and redirections of a clone say what whoever works in it wants, and
//! would send a lock somewhere else. So git runs in an empty repository of its own, with the URL on
//! its command line.

use super::run::{self, Batch};
use super::{GitEnv, GitError};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Longest that one answer of the other side may take: a person waits.
const LIMIT: Duration = Duration::from_secs(60);

/// Ways that a URL may be reached by; none of them starts a program that the URL names.
const WAYS: &str = "https:http:ssh:git:file";

/// What a repository is told of whoever asks: a user and a token.
pub type Login<'a> = (&'a str, &'a str);

/// The other repository.
#[derive(Debug)]
pub struct Remote {
    env: GitEnv,
    url: String,
    own: tempfile::TempDir,
}

/// What became of setting a ref.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Put {
    /// Reading it back gives what was wanted.
    Done,
    /// Reading it back gives something else, or nothing; and what the push said.
    Other(Option<String>, String),
}

impl Remote {
    /// The repository at `url`, whose commits have ids of `width` digits.
    ///
    /// # Errors
    /// When git is not there, or no repository can be made to ask from.
    pub fn open(
        env: &GitEnv,
        url: &str,
        width: usize,
        login: Option<Login<'_>>,
    ) -> Result<Self, GitError> {
        let mut own = env.isolated().limit(LIMIT).var("GIT_ALLOW_PROTOCOL", WAYS);
        for (name, value) in env.vars(&["HOME", "SSH_AUTH_SOCK"]) {
            own = own.var(name, value);
        }
        let dir = tempfile::tempdir().map_err(|error| GitError::Other(error.to_string()))?;
        let format = if width == 64 { "sha256" } else { "sha1" };
        let format = format!("--object-format={format}");
        run::bytes(&own, dir.path(), &["init", "--quiet", "--bare", "--template=", &format, "."])?;
        let mut config = "[http]\n\tfollowRedirects = false\n[gc]\n\tauto = 0\n".to_owned();
        if let Some((user, token)) = login {
            use base64ct::Encoding as _;
            let pair = base64ct::Base64::encode_string(format!("{user}:{token}").as_bytes());
            config.push_str(&format!(
                "[http \"{}\"]\n\textraHeader = Authorization: Basic {pair}\n",
                url.replace('\\', "\\\\").replace('"', "\\\"")
            ));
        }
        let path = dir.path().join("config");
        let written = fs::read_to_string(&path).and_then(|text| fs::write(&path, text + &config));
        written.map_err(|error| GitError::Other(error.to_string()))?;
        Ok(Self { env: own, url: url.to_owned(), own: dir })
    }

    pub(super) fn dir(&self) -> &Path {
        self.own.path()
    }

    /// What git writes when it succeeds.
    pub(super) fn bytes(&self, args: &[&str]) -> Result<Vec<u8>, GitError> {
        run::bytes(&self.env, self.dir(), args)
    }

    pub(super) fn output(&self, args: &[&str]) -> Result<std::process::Output, GitError> {
        run::output(&self.env, self.dir(), args)
    }

    /// What the ref `name` is set to; `None` when it is not there.
    ///
    /// # Errors
    /// When the other side does not answer, or not like git.
    pub fn read(&self, name: &str) -> Result<Option<String>, GitError> {
        let all = self.list(&[name])?;
        Ok(all.into_iter().find(|(own, _)| own == name).map(|(_, id)| id))
    }

    /// The refs that match one of `patterns`, and what each is set to.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn list(&self, patterns: &[&str]) -> Result<Vec<(String, String)>, GitError> {
        let ask = ["ls-remote", "--refs", "--", &self.url];
        let said = self.bytes(&[&ask[..], patterns].concat())?;
        let text = run::lossy(said);
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        Ok(pairs.map(|(id, name)| (name.to_owned(), id.to_owned())).collect())
    }

    /// Makes an object that says `text`: a commit without files. The same text is the same object.
    ///
    /// # Errors
    /// What git says.
    pub fn write(&self, text: &str) -> Result<String, GitError> {
        let tree = self.object("tree", Vec::new())?;
        let who = "d3p <d3p@example.invalid> 0 +0000";
        let commit = format!("tree {tree}\nauthor {who}\ncommitter {who}\n\n{text}");
        self.object("commit", commit.into_bytes())
    }

    fn object(&self, kind: &str, bytes: Vec<u8>) -> Result<String, GitError> {
        let args = ["hash-object", "-w", "-t", kind, "--stdin"];
        let said = run::with_input(&self.env, self.dir(), &args, bytes)?;
        if !said.status.success() {
            return Err(GitError::from_stderr(&said.stderr));
        }
        Ok(run::lossy(run::without_end(said.stdout)))
    }

    /// Sets `name` to `new`, or deletes it, if it is what `was` says. It is set when reading it back
    /// gives `new`, whatever the push said: a broken one may have arrived, and one that says that
    /// everything is up to date set nothing. `beside`, a name that nobody else uses, is set or deleted
    /// with it, both or neither.
    ///
    /// # Errors
    /// When it cannot be read back: then nobody knows what it is set to.
    pub fn put(
        &self,
        (name, beside): (&str, Option<&str>),
        new: Option<&str>,
        was: Option<&str>,
    ) -> Result<Put, GitError> {
        let lease = format!("--force-with-lease={name}:{}", was.unwrap_or_default());
        let set = |name: &str| format!("{}:{name}", new.unwrap_or_default());
        let mut args: Vec<&str> = vec!["push", "--quiet", "--atomic", "--no-verify", &lease, "--"];
        let (what, more) = (set(name), beside.map(set));
        args.extend([self.url.as_str(), &what]);
        args.extend(more.as_deref());
        let pushed = self.output(&args)?;
        let there = self.read(name)?;
        if there.as_deref() == new {
            return Ok(Put::Done);
        }
        let said = match pushed.status.success() {
            true => "the push was taken, and set nothing".to_owned(),
            false => refused(&pushed.stderr),
        };
        Ok(Put::Other(there, said))
    }

    /// What the objects say that the refs below `prefix` are set to, by their ids, sorted.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn texts(&self, prefix: &str) -> Result<Vec<(String, String)>, GitError> {
        self.fetch(&format!("+{prefix}/*:refs/seen/all/*"))?;
        self.seen("refs/seen/all/")
    }

    /// What the object says that the ref `name` is set to, and its id.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn text(&self, name: &str) -> Result<Option<(String, String)>, GitError> {
        self.fetch(&format!("+{name}:refs/seen/one"))?;
        Ok(self.seen("refs/seen/one")?.pop())
    }

    /// Fetches without history: what is there says all.
    fn fetch(&self, what: &str) -> Result<(), GitError> {
        let fetch = ["fetch", "--quiet", "--no-tags", "--depth=1", "--prune", "--"];
        self.bytes(&[&fetch[..], &[&self.url, what]].concat()).map(|_| ())
    }

    fn seen(&self, below: &str) -> Result<Vec<(String, String)>, GitError> {
        let ids = run::lossy(self.bytes(&["for-each-ref", "--format=%(objectname)", below])?);
        let mut batch = Batch::open(&self.env, self.dir())?;
        let mut out = Vec::new();
        for id in ids.lines() {
            let Some((kind, bytes)) = batch.object(id)? else { continue };
            let text = String::from_utf8(bytes).ok();
            // Whatever else somebody set the ref to says nothing.
            let said = text.as_deref().filter(|_| kind == "commit");
            let said = said.and_then(|text| text.split_once("\n\n"));
            out.push((id.to_owned(), said.map_or_else(String::new, |(_, text)| text.to_owned())));
        }
        Ok(out)
    }
}

/// What a push says of why it set nothing: the line that names the reason, where one does.
fn refused(stderr: &[u8]) -> String {
    let text = run::lossy(stderr);
    let line =
        text.lines().find(|line| line.contains("[rejected]") || line.contains("[remote rejected]"));
    let told = text.lines().find_map(|line| line.strip_prefix("remote: "));
    match (line, told) {
        (Some(line), _) => line.trim().trim_start_matches("! ").to_owned(),
        (None, Some(told)) => told.trim().to_owned(),
        (None, None) => GitError::from_stderr(stderr).message(),
    }
}
