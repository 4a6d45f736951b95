//! Moving a closed release away: copied whole beside its new place, then renamed there.

use crate::source::Root;
use crate::write::error::WriteError;
use crate::write::lock::Lock;
use crate::write::place::sync_dir;
use std::fs;
use std::io;
use std::path::Path;

/// Moves the directory `from` to `target/from`, and copies the files `beside` to the same places
/// below `target`; paths are relative to the project. Of these, the files `leaving` are gone from
/// their places afterwards.
///
/// Everything is first laid out in a directory of its own next to `target`, so that an archive is
/// there whole or not at all. Only then is `from` renamed away, so that it is never there in part,
/// and removed.
///
/// # Errors
/// What could not be copied or moved. Unless its `changed` names files, `from` is still in its place;
/// else the archive is there, and what is left of `from` says that it was closed.
pub fn archive(
    lock: &Lock,
    root: &Root,
    from: &str,
    target: &str,
    beside: &[String],
    leaving: &[String],
) -> Result<(), WriteError> {
    lock.demand(root)?;
    let staging = format!("{target}.tmp");
    let stage = root.dir().join(&staging);
    let fail = |path: &str| {
        let path = path.to_owned();
        move |error: io::Error| WriteError::io(&path, "archived", &error)
    };
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(fail(&staging))?;
    }
    let laid_out = copy_tree(&root.dir().join(from), &stage.join(from)).and_then(|()| {
        beside.iter().try_for_each(|path| copy_file(&root.dir().join(path), &stage.join(path)))
    });
    if let Err(error) = laid_out {
        // The release itself is untouched; what was laid out is of no use.
        let _ = fs::remove_dir_all(&stage);
        return Err(fail(&staging)(error));
    }
    let (archived, dir) = (root.dir().join(target), root.dir().join(from));
    fs::rename(&stage, &archived).map_err(fail(target))?;
    // From here on the archive is there, and says so in its own ledger.
    let there = |path: &str, changed: &[&str]| {
        let changed: Vec<String> = changed.iter().map(|path| (*path).to_owned()).collect();
        let fail = fail(path);
        move |error: io::Error| WriteError { changed, ..fail(error) }
    };
    let sync = |path: &Path| path.parent().map_or(Ok(()), sync_dir);
    // The copy is durable before the original goes.
    sync(&archived).map_err(there(target, &[target]))?;
    fs::rename(&dir, &stage).map_err(there(from, &[target]))?;
    sync(&dir).and_then(|()| sync(&stage)).map_err(there(from, &[target, from]))?;
    fs::remove_dir_all(&stage).map_err(there(&staging, &[target, from]))?;
    for path in leaving {
        match fs::remove_file(root.dir().join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(there(path, &[target, from])(error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_file() {
            copy_file(&entry.path(), &target)?;
        } else {
            let message = format!("{} is no regular file", entry.path().display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to)?;
    fs::File::open(to)?.sync_all()
}
