//! The directory of a tree: stable for a repository, an environment and a hook, so that what was
//! started from it (names of compose projects, bind mounts) finds its files again.
//!
//! A tree is never taken away while something in it was collected nowhere, or while a process or a
//! mount uses it: then it is set aside under another name beside it.

use super::used::is_used;
use crate::model::Sha256Digest;
use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// How many runs of one hook may go on at once, from different clones.
const SLOTS: usize = 16;

/// Says that nothing in the tree beside it is lost with it.
const MAY_GO: &str = "may-go";

/// Name of the directories of trees that were set aside.
const ASIDE: &str = "before-";

/// Where trees are made, for one repository, environment and hook, until dropped.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    name: String,
    _lock: File,
}

/// Why there is no place for a tree.
#[derive(Debug)]
pub struct PlaceError {
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: String,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Place {
    /// Takes the place below `trees` for what `identity` names: parts that stay the same from run to
    /// run. `name` is what the tree is called.
    ///
    /// # Errors
    /// [`PlaceError`] when the directories cannot be made, or are not the user's own.
    pub fn take(trees: &Path, identity: &[&str], name: &str) -> Result<Self, PlaceError> {
        let id = Sha256Digest::of(identity.join("\0").as_bytes()).to_string();
        let broken = |path: &Path, error: &io::Error| PlaceError {
            message: format!("no tree can be made in {}: {error}", path.display()),
            help: "say another directory: run: { trees: /var/tmp/d3p }".to_owned(),
        };
        private(trees).map_err(|error| broken(trees, &error))?;
        for slot in 1..=SLOTS {
            let suffix = if slot == 1 { String::new() } else { format!(".{slot}") };
            let dir = trees.join(format!("{}{suffix}", &id[..16]));
            private(&dir).map_err(|error| broken(&dir, &error))?;
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let lock = options.open(dir.join("lock")).map_err(|error| broken(&dir, &error))?;
            match lock.try_lock() {
                Ok(()) => return Ok(Self { dir, name: name.to_owned(), _lock: lock }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(broken(&dir, &error)),
            }
        }
        Err(PlaceError {
            message: format!("{SLOTS} runs of this hook go on at once on this machine"),
            help: "wait for one to end, then run the command again".to_owned(),
        })
    }

    /// Takes the place of the tree `tree` again, whose run has ended. A tree that is gone is made
    /// anew, with nothing in it.
    ///
    /// # Errors
    /// [`PlaceError`] when another run uses it, or it cannot be made.
    pub fn take_again(tree: &Path) -> Result<Self, PlaceError> {
        let broken = |why: &str| PlaceError {
            message: format!("the tree {} cannot be used: {why}", tree.display()),
            help: "wait for other runs of this hook to end, then run the command again".to_owned(),
        };
        let (Some(dir), Some(name)) = (tree.parent(), tree.file_name()) else {
            return Err(broken("that is no place for a tree"));
        };
        let io = |error: io::Error| broken(&error.to_string());
        private(dir).and_then(|()| private(tree)).map_err(io)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let lock = options.open(dir.join("lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                dir: dir.to_owned(),
                name: name.to_string_lossy().into_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(broken("another run uses it")),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// The tree's directory.
    pub fn tree(&self) -> PathBuf {
        self.dir.join(&self.name)
    }

    /// Makes room: what lies there from an earlier run goes, or is set aside under `id` when it
    /// must be `kept`, is used, or holds something that was collected nowhere.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_room(&self, id: &str, kept: bool) -> io::Result<()> {
        let tree = self.tree();
        let marker = self.dir.join(MAY_GO);
        for lent in self.entries(".lender-") {
            fs::remove_dir_all(lent)?;
        }
        if !tree.exists() {
            return Ok(());
        }
        if marker.exists() && !kept && !is_used(&tree) {
            fs::remove_dir_all(&tree)?;
        } else {
            let aside = self.dir.join(format!("{ASIDE}{id}"));
            fs::create_dir(&aside)?;
            fs::rename(&tree, aside.join(&self.name))?;
            if marker.exists() {
                fs::rename(&marker, aside.join(MAY_GO))?;
            }
        }
        match fs::remove_file(&marker) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Leaves the tree: it goes at once, or, when it is `kept` or used, with a later run; with
    /// something in it that was collected nowhere (`left`) it stays. Gives whether it stays.
    ///
    /// # Errors
    /// What the system says.
    pub fn leave(&self, left: bool, kept: bool) -> io::Result<bool> {
        if left {
            return Ok(true);
        }
        let tree = self.tree();
        if !kept && !is_used(&tree) {
            fs::remove_dir_all(&tree)?;
            return Ok(false);
        }
        fs::write(self.dir.join(MAY_GO), "")?;
        Ok(true)
    }

    /// Takes away the trees that were set aside, where nothing is lost with them and nothing uses them.
    ///
    /// # Errors
    /// What the system says.
    pub fn sweep(&self) -> io::Result<()> {
        for aside in self.entries(ASIDE) {
            if aside.join(MAY_GO).exists() && !is_used(&aside) {
                fs::remove_dir_all(aside)?;
            }
        }
        Ok(())
    }

    fn entries(&self, prefix: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
        named.map(|entry| entry.path()).collect()
    }
}

/// Makes a directory that only its owner may enter, and those above it.
pub(super) fn private(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir)?;
    if !fs::symlink_metadata(dir)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a link, or no directory"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Whoever else may write there could put something beside the tree, or into it.
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
