//! Finding releases: of projects below a directory the open ones, and all that lie in archives.

use super::phase::{embedded, embedded_phases};
use super::policy::phases_in;
use crate::source::{PROJECT_FILE, Root, find_project, is_temporary};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is never looked into.
const GIT: &str = ".git";

/// Where a release may lie.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReleaseDir {
    /// The directory, or a file that somebody named.
    pub path: PathBuf,
    /// Whether it lies in an archive: then there is a release, whatever can be read of it.
    pub archived: bool,
}

/// What lies below the directories that somebody named, by the names under which it is shown.
#[derive(Debug, Default)]
pub struct ReleaseDirs {
    /// Where releases may lie, in the order of their names.
    pub found: BTreeMap<String, ReleaseDir>,
    /// Directories that could not be listed.
    pub unlisted: Vec<(String, io::Error)>,
    seen: BTreeSet<PathBuf>,
}

impl ReleaseDirs {
    /// Looks at `given`, which is shown as it was typed, and at everything below it.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn look(&mut self, directory: &Path, given: &Path) -> io::Result<()> {
        let path = fs::canonicalize(directory.join(given))?;
        let shown = given.to_string_lossy();
        let shown = shown.trim_end_matches('/');
        if path.is_file() {
            self.add(shown, ReleaseDir { path, archived: false });
            return Ok(());
        }
        // What is named may be an archive's directory, or one on the way to it.
        let above = find_project(&path).ok();
        let archives = above.as_deref().map_or_else(Vec::new, archives_of);
        self.search(&path, if shown == "." { "" } else { shown }, &archives, false);
        Ok(())
    }

    fn add(&mut self, shown: &str, dir: ReleaseDir) {
        let shown = if shown.is_empty() { "." } else { shown };
        if self.seen.insert(dir.path.clone()) {
            self.found.insert(shown.to_owned(), dir);
        }
    }

    /// Looks at `dir` and below it; in a hidden one only at what leads to archives.
    fn search(&mut self, dir: &Path, shown: &str, archives: &[PathBuf], hidden: bool) {
        let own = fs::symlink_metadata(dir.join(PROJECT_FILE)).is_ok();
        if own {
            self.add(shown, ReleaseDir { path: dir.to_owned(), archived: false });
            // An archive holds none.
            if dir.parent().is_some_and(|parent| archives.iter().any(|own| own == parent)) {
                return;
            }
        }
        let own = if own { archives_of(dir) } else { Vec::new() };
        let archives = if own.is_empty() { archives } else { &own };
        let is_archives = archives.iter().any(|own| own == dir);
        let mut names = match directories(dir) {
            Ok(names) => names,
            Err(error) => {
                self.unlisted.push((shown.to_owned(), error));
                return;
            }
        };
        names.sort_unstable();
        for name in names {
            let path = dir.join(&name);
            let shown = match shown {
                "" => name.clone(),
                "/" => format!("/{name}"),
                above => format!("{above}/{name}"),
            };
            let leads_there = || archives.iter().any(|own| own.starts_with(&path));
            if is_archives {
                if !is_temporary(&name) {
                    self.add(&shown, ReleaseDir { path, archived: true });
                }
                continue;
            }
            let hidden = hidden || name.starts_with('.');
            if name != GIT && (!hidden || leads_there()) {
                self.search(&path, &shown, archives, hidden);
            }
        }
    }
}

/// Names of the directories in `dir`; links are none.
fn directories(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// Where the phases of the project in `dir` have their archives; those of the embedded phases besides,
/// so that a policy that cannot be read hides none.
fn archives_of(dir: &Path) -> Vec<PathBuf> {
    let mut places: BTreeSet<String> = embedded_phases()
        .into_iter()
        .filter_map(|id| Some(embedded(id).ok()?.places.archives().to_owned()))
        .collect();
    let own = fs::read_to_string(dir.join(PROJECT_FILE)).unwrap_or_default();
    if own.contains("definition")
        && let Ok(root) = Root::open(dir)
    {
        places.extend(phases_in(&root).iter().map(|phase| phase.places.archives().to_owned()));
    }
    places.into_iter().map(|place| dir.join(place)).collect()
}
