//! Whether a branch that lies elsewhere has a commit.

use super::{GitEnv, GitError, Remote};

/// The place of the branch in the repository that asks.
const HERE: &str = "refs/heads/source";

/// Whether `branch` at `url` has `commit`, a full id.
///
/// # Errors
/// What git says, also when the branch is not there or nobody answers within a minute.
pub fn is_on_branch(env: &GitEnv, url: &str, branch: &str, commit: &str) -> Result<bool, GitError> {
    let remote = Remote::open(env, url, commit.len(), None)?;
    let from = format!("+refs/heads/{branch}:{HERE}");
    // Commits alone, where the other side can leave out what they hold.
    remote.bytes(&["fetch", "--quiet", "--no-tags", "--filter=tree:0", "--", url, &from])?;
    let known = remote.output(&["cat-file", "-e", &format!("{commit}^{{commit}}")])?;
    if !known.status.success() {
        return Ok(false);
    }
    let asked = remote.output(&["merge-base", "--is-ancestor", commit, HERE])?;
    match asked.status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(GitError::from_stderr(&asked.stderr)),
    }
}
