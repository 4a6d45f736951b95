//! Whether a branch that lies elsewhere has a commit: the one question that goes over the network.

use super::{GitEnv, GitError, run};
use std::time::Duration;

/// Longest that the other side may take: a person waits.
const LIMIT: Duration = Duration::from_secs(60);

/// Ways that a URL may be reached by; none of them starts a program that the URL names.
const WAYS: &str = "https:http:ssh:git:file";

/// The place of the branch in the repository that asks.
const HERE: &str = "refs/heads/source";

/// Whether `branch` at `url` has `commit`, a full id. Asked from an empty repository with no
/// configuration, and nothing of a clone: its objects, remotes, credentials and redirections say what
/// whoever works in it wants.
///
/// # Errors
/// What git says, also when the branch is not there or nobody answers within a minute.
pub fn is_on_branch(env: &GitEnv, url: &str, branch: &str, commit: &str) -> Result<bool, GitError> {
    let mut own = env.isolated().limit(LIMIT).var("GIT_ALLOW_PROTOCOL", WAYS);
    for (name, value) in env.vars(&["HOME", "SSH_AUTH_SOCK"]) {
        own = own.var(name, value);
    }
    let dir = tempfile::tempdir().map_err(|error| GitError::Other(error.to_string()))?;
    let dir = dir.path();
    let format = if commit.len() == 64 { "sha256" } else { "sha1" };
    let format = format!("--object-format={format}");
    run::bytes(&own, dir, &["init", "--quiet", "--bare", "--template=", &format, "."])?;
    let from = format!("+refs/heads/{branch}:{HERE}");
    // Commits alone, where the other side can leave out what they hold.
    let fetch = ["fetch", "--quiet", "--no-tags", "--filter=tree:0", "--", url, &from];
    run::bytes(&own, dir, &fetch)?;
    let known = run::output(&own, dir, &["cat-file", "-e", &format!("{commit}^{{commit}}")])?;
    if !known.status.success() {
        return Ok(false);
    }
    let asked = run::output(&own, dir, &["merge-base", "--is-ancestor", commit, HERE])?;
    match asked.status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(GitError::from_stderr(&asked.stderr)),
    }
}
