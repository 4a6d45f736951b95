//! Asking git: what is checked out, how two commits differ, and what a commit's tree holds.
//!
//! git is called as a program, and the user's repository is only read: no hook, pager, prompt,
//! file-system monitor or network is used, but where [`Remote`] asks another one, and no
//! file of its work tree is looked at, so that no filter of it can run. Its global configuration is respected, because `safe.directory` stands there.
//! What runs is never what is checked out: [`Git::checkout`] makes the tree of a commit in a
//! repository of its own, which obeys no configuration but its own.

mod authors;
mod branch;
mod checkout;
mod error;
mod history;
mod name;
mod object;
mod remote;
mod run;
#[cfg(test)]
mod tests;
mod tree;
mod versions;

pub use branch::is_on_branch;
pub use checkout::{Checkout, Mode, canonical};
pub use error::GitError;
pub use history::History;
pub use remote::{Put, Remote};
pub use run::GitEnv;
pub use versions::Version;

use std::path::{Path, PathBuf};

/// A git work tree.
#[derive(Clone, Debug)]
pub struct Git {
    env: GitEnv,
    root: PathBuf,
    toplevel: PathBuf,
    prefix: String,
    /// What all work trees of the repository share: its objects and refs.
    common: PathBuf,
    /// `sha1` or `sha256`.
    format: String,
    shallow: bool,
    /// Whether a file below the repository's top says that its top is there.
    steered: bool,
}

/// What is checked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Full id of the commit.
    pub commit: String,
    /// The branch, unless HEAD is detached.
    pub branch: Option<String>,
    /// Whether HEAD names a commit and no branch; usual in CI, and worth a note.
    pub detached: bool,
    /// Whether history is cut off somewhere.
    pub shallow: bool,
}

/// A path that git ignores, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ignored {
    /// The path.
    pub path: String,
    /// The file that the pattern stands in, as git names it.
    pub source: String,
    /// Its line, from 1.
    pub line: u64,
    /// The pattern.
    pub pattern: String,
}

/// A commit of a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntry {
    /// Full id.
    pub commit: String,
    /// First paragraph of the message, on one line.
    pub subject: String,
}

/// Whether a work tree lies in that of its own repository without being linked to it: a file that
/// no commit holds then says where the project lies.
fn is_steered(common: &Path, toplevel: &Path) -> bool {
    let named = common.file_name().is_some_and(|name| name == ".git");
    let top = common.parent().filter(|_| named);
    top.is_some_and(|top| canonical(toplevel) != top && canonical(toplevel).starts_with(top))
}

impl Git {
    /// Finds the work tree that `dir` is in.
    ///
    /// # Errors
    /// [`GitError::Missing`], [`GitError::NotARepository`], [`GitError::DubiousOwnership`], or what
    /// git says. A repository without commits opens.
    pub fn open(dir: &Path, env: &GitEnv) -> Result<Self, GitError> {
        let asked = [
            "rev-parse",
            "--show-toplevel",
            "--show-prefix",
            "--git-common-dir",
            "--git-dir",
            "--show-object-format",
            "--is-shallow-repository",
        ];
        let said = run::without_end(run::bytes(env, dir, &asked)?);
        let lines: Vec<&[u8]> = said.split(|byte| *byte == b'\n').collect();
        let [toplevel, prefix, common, own, format, shallow] = lines[..] else {
            return Err(GitError::Other(
                "the path of the repository holds a line break, or git is older than 2.29"
                    .to_owned(),
            ));
        };
        let toplevel = run::to_path(toplevel.to_vec())?;
        let common = canonical(&dir.join(run::to_path(common.to_vec())?));
        let own = canonical(&dir.join(run::to_path(own.to_vec())?));
        let prefix = String::from_utf8(prefix.to_vec()).map_err(|_| {
            GitError::Other("the path of the project in its repository is not UTF-8".to_owned())
        })?;
        let prefix = prefix.strip_suffix('/').unwrap_or(&prefix).to_owned();
        let (here, there) = (dir.canonicalize(), toplevel.join(&prefix).canonicalize());
        if here.is_err() || here.ok() != there.ok() {
            return Err(GitError::Other(format!(
                "git looks at {} and not at this directory: unset core.worktree",
                toplevel.display()
            )));
        }
        Ok(Self {
            env: env.clone(),
            root: dir.to_path_buf(),
            steered: own == common && is_steered(&common, &toplevel),
            toplevel,
            prefix,
            common,
            format: run::lossy(format),
            shallow: shallow == b"true",
        })
    }

    /// Where the project is below the top directory of the work tree, with `/` and none at the end; empty at the
    /// top. With it, a path of the project becomes one of the repository.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What is checked out.
    ///
    /// # Errors
    /// [`GitError::NoCommits`] in a repository that has none yet, or what git says.
    pub fn head(&self) -> Result<Head, GitError> {
        let commit = self.head_commit()?;
        let branch = self.answer(&["symbolic-ref", "--quiet", "--short", "HEAD"])?;
        Ok(Head { commit, detached: branch.is_none(), branch, shallow: self.shallow })
    }

    /// Full id of the commit that is checked out.
    ///
    /// # Errors
    /// [`GitError::NoCommits`] in a repository that has none yet, or what git says.
    pub fn head_commit(&self) -> Result<String, GitError> {
        self.answer(&["rev-parse", "--quiet", "--verify", "HEAD"])?.ok_or(GitError::NoCommits)
    }

    /// What the repository is called: `owner/name` from the URL of `origin`, without anything
    /// secret in it; without an origin, the name of the top directory.
    ///
    /// # Errors
    /// What git says.
    pub fn repository_name(&self) -> Result<String, GitError> {
        let url = self.answer(&["config", "--null", "--get", "remote.origin.url"])?;
        let folder = || self.toplevel.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = url.as_deref().and_then(|url| name::of_url(url.trim_end_matches('\0')));
        Ok(name.or_else(folder).unwrap_or_else(|| "repository".to_owned()))
    }

    /// The tracked files below the directory given to [`Self::open`], relative to it, sorted; with `others`
    /// also those that could be added.
    ///
    /// # Errors
    /// What git says.
    pub fn files(&self, others: bool) -> Result<Vec<String>, GitError> {
        let others = if others { &["--cached", "--others", "--exclude-standard"][..] } else { &[] };
        let list = self.bytes(&[&["ls-files", "-z"], others].concat())?;
        let paths = run::fields(&list).map(run::lossy);
        let below = |path: String| match self.prefix.is_empty() {
            true => Some(path),
            false => Some(path.strip_prefix(&self.prefix)?.strip_prefix('/')?.to_owned()),
        };
        let mut paths: Vec<String> = paths.filter_map(below).collect();
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    /// Name and mail address of who wrote the commit that is checked out, as it says; `None` before the
    /// first commit.
    ///
    /// # Errors
    /// What git says.
    pub fn last_author(&self) -> Result<Option<(String, String)>, GitError> {
        if self.commit_of("HEAD")?.is_none() {
            return Ok(None);
        }
        let args = ["log", "-1", "--no-show-signature", "--encoding=UTF-8", "--format=%an%x01%ae"];
        let line = self.answer(&args)?.unwrap_or_default();
        Ok(line.split_once('\u{1}').map(|(name, email)| (name.to_owned(), email.to_owned())))
    }

    /// Name and mail address of whoever wrote one of the last thousand commits, the newest first, each once.
    ///
    /// # Errors
    /// What git says.
    pub fn who_wrote(&self) -> Result<Vec<(String, String)>, GitError> {
        if self.commit_of("HEAD")?.is_none() {
            return Ok(Vec::new());
        }
        let format = "--format=%an%x01%ae";
        let args = ["log", "-1000", "--no-show-signature", "--encoding=UTF-8", format];
        let mut out: Vec<(String, String)> = Vec::new();
        for line in self.answer(&args)?.unwrap_or_default().lines() {
            let Some((name, email)) = line.split_once('\u{1}') else { continue };
            if !out.iter().any(|(_, own)| own == email) {
                out.push((name.to_owned(), email.to_owned()));
            }
        }
        Ok(out)
    }

    /// Which of `paths`, relative to the directory given to [`Self::open`], git ignores. What is
    /// tracked is not ignored, and nothing at a path need exist.
    ///
    /// # Errors
    /// What git says.
    pub fn ignored(&self, paths: &[&str]) -> Result<Vec<Ignored>, GitError> {
        let mut input = Vec::new();
        for path in paths {
            // In front of a path that begins with `:`, which would be read as a pattern.
            input.extend_from_slice(b"./");
            input.extend_from_slice(path.as_bytes());
            input.push(0);
        }
        let args = ["check-ignore", "--verbose", "-z", "--stdin"];
        let output = run::with_input(&self.env, &self.root, &args, input)?;
        match output.status.code() {
            Some(0) => {
                let fields: Vec<String> = run::fields(&output.stdout).map(run::lossy).collect();
                let named = fields.chunks_exact(4).filter_map(|parts| {
                    let [source, line, pattern, path] = parts else { return None };
                    // Told as well, though it keeps the path from being ignored.
                    (!pattern.starts_with('!')).then(|| Ignored {
                        path: path.strip_prefix("./").unwrap_or(path).to_owned(),
                        source: source.clone(),
                        line: line.parse().unwrap_or(0),
                        pattern: pattern.clone(),
                    })
                });
                Ok(named.collect())
            }
            Some(1) => Ok(Vec::new()),
            _ => Err(GitError::from_stderr(&output.stderr)),
        }
    }

    /// The last tag before `commit` that is not called `own`; `None` when there is none.
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`] or [`GitError::ShallowClone`] when the commit is not here.
    pub fn last_tag(&self, commit: &str, own: &str) -> Result<Option<String>, GitError> {
        self.require_commit(commit)?;
        // In a pattern these would stand for others.
        let exclude: String =
            own.chars().map(|c| if "*?[\\".contains(c) { '?' } else { c }).collect();
        let exclude = format!("--exclude={exclude}");
        let args = ["describe", "--tags", "--abbrev=0", &exclude, commit];
        let output = run::output(&self.env, &self.toplevel, &args)?;
        let tag = run::lossy(run::without_end(output.stdout));
        Ok(Some(tag).filter(|tag| output.status.success() && !tag.is_empty()))
    }

    /// The full id of the commit that `name` (a tag, a branch, an id) stands for; `None` when there
    /// is none.
    ///
    /// # Errors
    /// What git says.
    pub fn commit_of(&self, name: &str) -> Result<Option<String>, GitError> {
        let name = format!("{name}^{{commit}}");
        self.answer(&["rev-parse", "--quiet", "--verify", "--end-of-options", &name])
    }

    /// The commits that `to` has and `from` has not, newest first; all of `to` without a `from`.
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`] or [`GitError::ShallowClone`] when one is not here.
    pub fn log_subjects(
        &self,
        from: Option<&str>,
        to: &str,
        without: &[String],
    ) -> Result<Vec<LogEntry>, GitError> {
        for commit in from.into_iter().chain([to]) {
            self.require_commit(commit)?;
        }
        let range = from.map_or_else(|| to.to_owned(), |from| format!("{from}..{to}"));
        let args = [
            "log",
            "-z",
            "--no-show-signature",
            "--encoding=UTF-8",
            "--format=%H%x01%s",
            &range,
            "--",
        ];
        // Commits that touch nothing but these are left out.
        let exclude = without.iter().map(|path| match self.prefix.is_empty() {
            true => format!(":(top,exclude){path}"),
            false => format!(":(top,exclude){}/{path}", self.prefix),
        });
        let exclude: Vec<String> = exclude.collect();
        let all = (!exclude.is_empty()).then_some(":(top)");
        let paths = all.into_iter().chain(exclude.iter().map(String::as_str));
        let log = self.bytes(&args.into_iter().chain(paths).collect::<Vec<_>>())?;
        Ok(run::fields(&log)
            .map(run::lossy)
            .filter_map(|line| {
                let mut parts = line.splitn(2, '\u{1}').map(str::to_owned);
                Some(LogEntry { commit: parts.next()?, subject: parts.next()? })
            })
            .collect())
    }

    /// The bytes of `path`, relative to the directory given to [`Self::open`], in a commit; `None`
    /// when it has no such file.
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`] or [`GitError::ShallowClone`] when the commit is not here.
    pub fn blob(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.require_commit(commit)?;
        let object = format!("{commit}:{}", self.within(path));
        let output = run::output(&self.env, &self.toplevel, &["cat-file", "blob", &object])?;
        Ok(output.status.success().then_some(output.stdout))
    }

    /// `none` where the question failed since nothing is committed yet.
    fn unless_unborn<T>(&self, asked: Result<T, GitError>, none: T) -> Result<T, GitError> {
        match asked {
            Err(_) if matches!(self.head_commit(), Err(GitError::NoCommits)) => Ok(none),
            asked => asked,
        }
    }

    /// A path from the top of the repository.
    fn within(&self, path: &str) -> String {
        match self.prefix.is_empty() {
            true => path.to_owned(),
            false => format!("{}/{path}", self.prefix),
        }
    }

    /// Makes sure that the commit with this full id is here.
    fn require_commit(&self, commit: &str) -> Result<(), GitError> {
        let unknown = || GitError::UnknownCommit(commit.to_owned());
        // Also keeps options and revision syntax out of git's arguments.
        if !matches!(commit.len(), 40 | 64) || !commit.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(unknown());
        }
        let object = format!("{commit}^{{commit}}");
        let output = run::output(&self.env, &self.toplevel, &["cat-file", "-e", &object])?;
        if output.status.success() {
            Ok(())
        } else if self.shallow {
            Err(GitError::ShallowClone(commit.to_owned()))
        } else {
            Err(unknown())
        }
    }

    fn bytes(&self, args: &[&str]) -> Result<Vec<u8>, GitError> {
        run::bytes(&self.env, &self.toplevel, args)
    }

    /// One line that git answers; `None` when it answers no with exit code 1.
    fn answer(&self, args: &[&str]) -> Result<Option<String>, GitError> {
        let output = run::output(&self.env, &self.toplevel, args)?;
        match output.status.code() {
            Some(0) => Ok(Some(run::lossy(run::without_end(output.stdout)))),
            Some(1) => Ok(None),
            _ => Err(GitError::from_stderr(&output.stderr)),
        }
    }
}
