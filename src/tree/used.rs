//! Whether something on this machine still uses a directory: a process that lives in it or was
//! started from it, or a mount of it. What cannot be asked, such as another user's containers, is
//! why trees of deployments stay anyway.

use std::fs;
use std::path::Path;

/// Whether a process or a mount uses `dir`, as far as this system tells.
pub(super) fn is_used(dir: &Path) -> bool {
    let Ok(dir) = dir.canonicalize() else { return false };
    let text = dir.to_string_lossy().into_owned();
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    // The source of a bind mount is told from the top of its file system, which may lie deeper.
    let tail = dir.iter().rev().take(3).collect::<Vec<_>>();
    let tail = tail.iter().rev().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
    if mounts.lines().any(|line| line.contains(&tail)) {
        return true;
    }
    let own = std::process::id().to_string();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter(|entry| entry.file_name() != own.as_str())
        .filter(|entry| {
            entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit())
        })
        .any(|entry| {
            let leads = |name: &str| {
                fs::read_link(entry.path().join(name)).is_ok_and(|path| path.starts_with(&dir))
            };
            let named = || {
                let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                String::from_utf8_lossy(&line).contains(&text)
            };
            leads("cwd") || leads("exe") || leads("root") || named()
        })
}
