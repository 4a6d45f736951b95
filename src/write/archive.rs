//! Moving a closed release away: copied whole beside its new place, then renamed there.

use crate::source::Root;
use crate::write::error::WriteError;
use crate::write::lock::Lock;
use std::fs;
use std::io;
use std::path::Path;

/// Moves the directory `from` to `target/from`, and copies the files `beside` to the same places
/// below `target`; paths are relative to the project.
///
/// Everything is first laid out in a directory of its own next to `target`, so that an archive is
/// there whole or not at all. Only then is `from` renamed away, so that it is never there in part,
/// and removed.
///
/// # Errors
/// What could not be copied or moved; `from` is then still in its place.
pub fn archive(
    lock: &Lock,
    root: &Root,
    from: &str,
    target: &str,
    beside: &[String],
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
    fs::rename(&stage, root.dir().join(target)).map_err(fail(target))?;
    fs::rename(root.dir().join(from), &stage).map_err(fail(from))?;
    fs::remove_dir_all(&stage).map_err(fail(&staging))
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
