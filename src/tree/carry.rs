//! What is not in the commit: copied into the tree, and digested in the copy, so that nothing that
//! happens to the original afterwards changes what runs.

use super::leads::{Leads, Ways, leads_out};
use crate::model::Sha256Digest;
use crate::text::shell;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// What was copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Copied {
    /// Of a file, the digest of its bytes; of a directory, that of a line for each file and link in
    /// it, sorted by path: mode, digest or target, path.
    pub sha256: Sha256Digest,
    /// How many bytes its files have together.
    pub bytes: u64,
}

/// Why something cannot be brought in.
#[derive(Debug)]
pub struct CopyError {
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl CopyError {
    fn new(message: String, help: impl Into<String>) -> Self {
        Self { message, help: Some(help.into()) }
    }

    fn io(path: &Path, error: &io::Error) -> Self {
        Self { message: format!("{}: {error}", path.display()), help: None }
    }
}

/// Copies into a tree, within a bound in bytes.
#[derive(Debug)]
pub struct Copies<'a> {
    /// Where things may lead.
    pub ways: &'a Ways,
    /// Bytes that may still be copied.
    pub left: u64,
}

impl Copies<'_> {
    /// Copies `from`, a file or a directory, to `to`, which must not exist, and digests the copy.
    ///
    /// # Errors
    /// [`CopyError`] when something cannot be read or written, is neither file, directory nor link,
    /// is beyond the bound, or when the copy leads out of the tree.
    pub fn copy(&mut self, from: &Path, to: &Path) -> Result<Copied, CopyError> {
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(|error| CopyError::io(parent, &error))?;
        }
        let before = self.left;
        self.copy_entry(from, to)?;
        let copied = digest(to)?;
        debug_assert!(copied.bytes <= before);
        self.hold(to, to)?;
        Ok(copied)
    }

    fn copy_entry(&mut self, from: &Path, to: &Path) -> Result<(), CopyError> {
        let found = fs::symlink_metadata(from).map_err(|error| CopyError::io(from, &error))?;
        if found.is_dir() {
            fs::create_dir(to).map_err(|error| CopyError::io(to, &error))?;
            let entries = fs::read_dir(from).map_err(|error| CopyError::io(from, &error))?;
            for entry in entries {
                let entry = entry.map_err(|error| CopyError::io(from, &error))?;
                self.copy_entry(&entry.path(), &to.join(entry.file_name()))?;
            }
            return Ok(());
        }
        if found.is_symlink() {
            let target = fs::read_link(from).map_err(|error| CopyError::io(from, &error))?;
            return link(&target, to).map_err(|error| CopyError::io(to, &error));
        }
        if !found.is_file() {
            return Err(CopyError::new(
                format!("{} is neither a file nor a directory", from.display()),
                "take it out of what run.carry names in d3p.yaml",
            ));
        }
        self.left = self.left.checked_sub(found.len()).ok_or_else(|| {
            CopyError::new(
                format!("what is brought in has more bytes than may be, at {}", from.display()),
                "carry less: what a hook can install by itself, from a lock file in the commit, need not be carried",
            )
        })?;
        // Shares the blocks where the file system can.
        fs::copy(from, to).map_err(|error| CopyError::io(from, &error))?;
        Ok(())
    }

    /// Refuses what leads out of the tree: links, and what Python takes code by.
    fn hold(&self, path: &Path, top: &Path) -> Result<(), CopyError> {
        let found = fs::symlink_metadata(path).map_err(|error| CopyError::io(path, &error))?;
        if found.is_dir() {
            for entry in fs::read_dir(path).map_err(|error| CopyError::io(path, &error))? {
                let entry = entry.map_err(|error| CopyError::io(path, &error))?;
                self.hold(&entry.path(), top)?;
            }
            return Ok(());
        }
        let shown = path.strip_prefix(top.parent().unwrap_or(top)).unwrap_or(path).display();
        let from = path.parent().unwrap_or(path);
        if found.is_symlink() {
            let target = fs::read_link(path).map_err(|error| CopyError::io(path, &error))?;
            return match leads_out(&target, from, self.ways) {
                Leads::Inside | Leads::Program(_) => Ok(()),
                Leads::WorkTree(end) | Leads::Elsewhere(end) => Err(CopyError::new(
                    format!("the link {shown} leads out of the tree, to {}", end.display()),
                    "copy what it leads to in its place (cp -RL), or, for a program, add its directory to run.path in d3p.yaml",
                )),
            };
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let editable = name.ends_with(".egg-link")
            || name == "direct_url.json"
                && text(path)?.replace(' ', "").contains("\"editable\":true")
            || name.ends_with(".pth") && leads_elsewhere(&text(path)?, from, self.ways);
        if editable {
            return Err(CopyError::new(
                format!("{shown} is an editable install: its code lies outside of the tree"),
                "install it as it will run: pip install . (without -e), or with --target into a directory that is carried",
            ));
        }
        if let Some(end) = interpreter(path, &found)
            .filter(|end| matches!(leads_out(end, from, self.ways), Leads::WorkTree(_)))
        {
            return Err(CopyError::new(
                format!(
                    "{shown} is run by {}, which lies in a work tree of this repository",
                    end.display()
                ),
                "make it so that it can be moved: uv venv --relocatable, or pip install --target DIRECTORY",
            ));
        }
        Ok(())
    }
}

/// Whether a `.pth` file takes code from outside of the tree.
fn leads_elsewhere(text: &str, from: &Path, ways: &Ways) -> bool {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).any(
        |line| {
            if line.starts_with("import ") || line.starts_with("import\t") {
                return line.contains("__editable__");
            }
            !matches!(leads_out(Path::new(line), from, ways), Leads::Inside | Leads::Program(_))
        },
    )
}

/// What the first line of a script that may be executed says.
fn interpreter(path: &Path, found: &Metadata) -> Option<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if found.permissions().mode() & 0o111 == 0 {
            return None;
        }
    }
    let mut head = [0; 256];
    let length = fs::File::open(path).ok()?.read(&mut head).ok()?;
    let line = head[..length].strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let word = line.split_whitespace().next()?;
    let _ = found;
    Some(PathBuf::from(word))
}

fn text(path: &Path) -> Result<String, CopyError> {
    let bytes = fs::read(path).map_err(|error| CopyError::io(path, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Digest and size of a file or a directory; see [`Copied`].
///
/// # Errors
/// [`CopyError`] when something in it cannot be read.
pub fn digest(path: &Path) -> Result<Copied, CopyError> {
    let found = fs::symlink_metadata(path).map_err(|error| CopyError::io(path, &error))?;
    if found.is_file() {
        let (sha256, bytes) = digest_file(path).map_err(|error| CopyError::io(path, &error))?;
        return Ok(Copied { sha256, bytes });
    }
    let mut lines = BTreeMap::new();
    let mut bytes = 0;
    list(path, path, &mut lines, &mut bytes)?;
    let mut hasher = Sha256::new();
    for (path, line) in &lines {
        hasher.update(line.as_bytes());
        hasher.update(b" ");
        hasher.update(path);
        hasher.update(b"\n");
    }
    Ok(Copied { sha256: Sha256Digest::from_bytes(hasher.finalize().into()), bytes })
}

fn list(
    dir: &Path,
    top: &Path,
    lines: &mut BTreeMap<Vec<u8>, String>,
    bytes: &mut u64,
) -> Result<(), CopyError> {
    if dir.is_symlink() {
        let target = fs::read_link(dir).map_err(|error| CopyError::io(dir, &error))?;
        lines.insert(Vec::new(), format!("link {}", shell::word(&target.to_string_lossy())));
        return Ok(());
    }
    for entry in fs::read_dir(dir).map_err(|error| CopyError::io(dir, &error))? {
        let entry = entry.map_err(|error| CopyError::io(dir, &error))?;
        let path = entry.path();
        let found = fs::symlink_metadata(&path).map_err(|error| CopyError::io(&path, &error))?;
        let name = path.strip_prefix(top).unwrap_or(&path).as_os_str().as_encoded_bytes().to_vec();
        if found.is_dir() {
            list(&path, top, lines, bytes)?;
        } else if found.is_symlink() {
            let target = fs::read_link(&path).map_err(|error| CopyError::io(&path, &error))?;
            lines.insert(name, format!("link {}", shell::word(&target.to_string_lossy())));
        } else {
            let (sha256, size) =
                digest_file(&path).map_err(|error| CopyError::io(&path, &error))?;
            *bytes += size;
            let mode = if may_run(&found) { "program" } else { "file" };
            lines.insert(name, format!("{mode} {sha256}"));
        }
    }
    Ok(())
}

fn digest_file(path: &Path) -> io::Result<(Sha256Digest, u64)> {
    let mut file = fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((Sha256Digest::from_bytes(hasher.finalize().into()), size)),
            Ok(length) => {
                hasher.update(&buffer[..length]);
                size += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(unix)]
fn may_run(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn may_run(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "links can be carried on Unix only"))
}
