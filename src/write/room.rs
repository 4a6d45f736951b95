//! Whether there is room, and whether this process may write: asked, not tried.

use crate::source::Root;

/// How many bytes are free where the project lies, for whoever runs this; `None` where the system
/// does not say.
pub fn free_bytes(root: &Root) -> Option<u64> {
    #[cfg(unix)]
    {
        let told = rustix::fs::statvfs(root.dir()).ok()?;
        Some(told.f_bavail.saturating_mul(told.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = root;
        None
    }
}

/// Whether `rel` may be written, if it is there.
pub fn may_write(root: &Root, rel: &str) -> bool {
    #[cfg(unix)]
    {
        let path = root.dir().join(rel);
        match rustix::fs::access(&path, rustix::fs::Access::WRITE_OK) {
            Ok(()) => true,
            Err(error) => error == rustix::io::Errno::NOENT || error == rustix::io::Errno::NOTDIR,
        }
    }
    #[cfg(not(unix))]
    {
        let path = root.dir().join(rel);
        !std::fs::metadata(path).is_ok_and(|own| own.permissions().readonly())
    }
}
