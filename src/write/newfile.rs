//! One new file at a place that the user names, there whole or not at all.

use crate::write::error::WriteError;
use crate::write::place::sync_dir;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Creates the file `path`, whose content `fill` writes; never overwrites.
///
/// It is written beside its place under another name, made durable and then renamed.
///
/// # Errors
/// What `fill` says, or what kept the file from being created; nothing is left behind then.
pub fn create_new<T, E: From<WriteError>>(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let name = path.to_string_lossy().into_owned();
    let fail = |error: &io::Error| E::from(WriteError::io(&name, "written", error));
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let dir = parent.unwrap_or_else(|| Path::new("."));
    if path.symlink_metadata().is_ok() {
        return Err(WriteError::exists(&name).into());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".d3p-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let file = builder.tempfile_in(dir).map_err(|error| fail(&error))?;
    let mut out = BufWriter::new(file);
    let filled = fill(&mut out)?;
    let file = out.into_inner().map_err(|error| fail(error.error()))?;
    file.as_file().sync_all().map_err(|error| fail(&error))?;
    let persisted: Result<File, _> = file.persist_noclobber(path);
    persisted.map_err(|failed| match failed.error.kind() {
        io::ErrorKind::AlreadyExists => E::from(WriteError::exists(&name)),
        _ => fail(&failed.error),
    })?;
    sync_dir(dir).map_err(|error| fail(&error))?;
    Ok(filled)
}
