//! Files that a commit holds in another form: pointers of Git LFS become the clone's own objects,
//! hashed to their ids; what any other filter would make is told, and nothing of it is run.

use super::hold::put;
use super::repository::Lender;
use super::{Checkout, Entry, Mode};
use crate::collect::git::{GitEnv, GitError, run};
use crate::model::Sha256Digest;
use std::fs;
use std::path::{Path, PathBuf};

/// Most bytes of a pointer.
const POINTER: u64 = 1024;

pub(super) fn apply(
    env: &GitEnv,
    lender: &Lender,
    commit: &str,
    dir: &Path,
    made: &mut Checkout,
) -> Result<(), GitError> {
    let filtered = filtered(env, dir, &made.entries)?;
    let mut replaced = Vec::new();
    for (path, filter) in filtered {
        if filter != "lfs" {
            made.filtered.push((path, filter));
            continue;
        }
        let Some(oid) = pointer(&dir.join(&path)) else { continue };
        put(&dir.join(&path), &object(lender, &path, &oid, commit)?)?;
        replaced.push(path);
    }
    if replaced.is_empty() {
        return Ok(());
    }
    // So that `git status` and `git describe --dirty` see the tree as the commit's.
    let mut input = Vec::new();
    for path in &replaced {
        input.extend_from_slice(path.as_os_str().as_encoded_bytes());
        input.push(0);
    }
    let args = ["update-index", "--assume-unchanged", "-z", "--stdin"];
    let said = run::with_input(env, dir, &args, input)?;
    if said.status.success() { Ok(()) } else { Err(GitError::from_stderr(&said.stderr)) }
}

/// The files that an attribute of the commit names a filter for. git is asked only where one of its
/// attribute files speaks of any.
fn filtered(
    env: &GitEnv,
    dir: &Path,
    entries: &[Entry],
) -> Result<Vec<(PathBuf, String)>, GitError> {
    let speaks = |entry: &Entry| {
        entry.path.file_name().is_some_and(|name| name == ".gitattributes")
            && fs::read(dir.join(&entry.path))
                .is_ok_and(|text| String::from_utf8_lossy(&text).contains("filter"))
    };
    if !entries.iter().any(speaks) {
        return Ok(Vec::new());
    }
    let mut input = Vec::new();
    for entry in entries.iter().filter(|entry| matches!(entry.mode, Mode::File | Mode::Program)) {
        input.extend_from_slice(entry.path.as_os_str().as_encoded_bytes());
        input.push(0);
    }
    let said = run::with_input(env, dir, &["check-attr", "-z", "--stdin", "filter"], input)?;
    if !said.status.success() {
        return Err(GitError::from_stderr(&said.stderr));
    }
    let fields: Vec<&[u8]> = said.stdout.split(|byte| *byte == 0).collect();
    let mut found = Vec::new();
    for told in fields.chunks_exact(3) {
        if !matches!(told[2], b"unspecified" | b"unset" | b"set" | b"") {
            found.push((run::to_path(told[0].to_vec())?, run::lossy(told[2])));
        }
    }
    Ok(found)
}

/// The id that a pointer names; `None` when the file is none.
fn pointer(path: &Path) -> Option<String> {
    if fs::symlink_metadata(path).ok()?.len() > POINTER {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let mut lines = text.lines();
    lines.next()?.strip_prefix("version https://git-lfs.github.com/spec/")?;
    let oid = lines.find_map(|line| line.strip_prefix("oid sha256:"))?;
    let full = oid.len() == 64 && oid.bytes().all(|byte| byte.is_ascii_hexdigit());
    full.then(|| oid.to_owned())
}

fn object(lender: &Lender, path: &Path, oid: &str, commit: &str) -> Result<Vec<u8>, GitError> {
    let shown = run::lossy(path.as_os_str().as_encoded_bytes());
    let lies = lender.common.join("lfs/objects").join(&oid[..2]).join(&oid[2..4]).join(oid);
    let bytes = fs::read(&lies).map_err(|_| {
        GitError::Lacking(
            format!("{shown} is kept by Git LFS, and its object {oid} is not in this clone"),
            format!("git lfs fetch origin {commit}"),
        )
    })?;
    if Sha256Digest::of(&bytes).to_string() != oid.to_lowercase() {
        return Err(GitError::Lacking(
            format!("the Git LFS object of {shown} is not what its name says"),
            format!("rm '{}', then git lfs fetch origin {commit}", lies.display()),
        ));
    }
    Ok(bytes)
}
