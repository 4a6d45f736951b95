//! Finding the project, and listing the files in a part of it.
//!
//! Nothing is read; what a file means is for others to say.

use crate::source::Root;
use crate::source::walk::{self, Kind};
use crate::text::{Fault, FaultKind};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The file whose presence makes a directory a project.
pub const PROJECT_FILE: &str = "d3p.yaml";

/// No project at or above a directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotFound {
    /// Where the search began.
    pub start: PathBuf,
    /// The last directory that was looked at.
    pub last: PathBuf,
    /// Whether the search ended because `last` is the top of a git work tree.
    pub at_git_root: bool,
    /// What kept `start` from being looked at, in the operating system's words.
    pub cause: Option<String>,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, last, at_git_root, cause } = self;
        if let Some(cause) = cause {
            return write!(f, "cannot look for {PROJECT_FILE} in {}: {cause}", start.display());
        }
        write!(f, "no {PROJECT_FILE} in {}", start.display())?;
        if start != last {
            let what = if *at_git_root { "the top of the git repository, " } else { "" };
            write!(f, " or above it, up to {what}{}", last.display())?;
        }
        f.write_str("; run `d3p init` there, or name the project with `-C DIR`")
    }
}

impl std::error::Error for NotFound {}

/// The path with every link in it followed; `None` when nothing is there.
pub fn resolved(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// The nearest directory at or above `start` that has a `d3p.yaml`, canonical.
///
/// The search ends at the top of a git work tree, so that a stray `d3p.yaml` in a home directory
/// governs nothing. A `d3p.yaml` of any kind counts: loading it says what is wrong with it.
///
/// # Errors
/// [`NotFound`], with how far the search went.
pub fn find_project(start: &Path) -> Result<PathBuf, NotFound> {
    let from = fs::canonicalize(start).map_err(|error| NotFound {
        start: start.to_path_buf(),
        last: start.to_path_buf(),
        at_git_root: false,
        cause: Some(error.to_string()),
    })?;
    let mut last = from.as_path();
    let mut at_git_root = false;
    for dir in from.ancestors() {
        last = dir;
        if fs::symlink_metadata(dir.join(PROJECT_FILE)).is_ok() {
            return Ok(dir.to_path_buf());
        }
        at_git_root = fs::symlink_metadata(dir.join(".git")).is_ok();
        if at_git_root {
            break;
        }
    }
    let last = last.to_path_buf();
    Err(NotFound { start: from, last, at_git_root, cause: None })
}

/// What is below a directory.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Listing {
    /// Everything that is not a directory, links included and not followed; relative to the
    /// project, with `/`, sorted by bytes.
    pub files: Vec<String>,
    /// What could not be listed, by path, in the same order.
    pub faults: Vec<(String, Fault)>,
}

/// What the names of this program's temporary files begin and end with. One that a killed program
/// left behind is no part of anything.
pub const TEMPORARY: (&str, &str) = (".d3p-", ".tmp");

/// Whether a file of this name is temporary.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

/// Lists what is below `dir`; a directory that does not exist holds nothing. `.` is the whole
/// project without `.git`.
pub fn list_files(root: &Root, dir: &str) -> Listing {
    let mut listing = Listing::default();
    let whole = dir == ".";
    let top = match root.find(dir) {
        _ if whole => root.dir().to_owned(),
        Ok(found) if found.kind == Kind::Directory => found.path,
        Ok(_) => {
            listing.files.push(dir.to_owned());
            return listing;
        }
        Err(fault) if fault.kind == FaultKind::Absent => return listing,
        Err(fault) => {
            listing.faults.push((dir.to_owned(), fault));
            return listing;
        }
    };
    for entry in WalkDir::new(&top)
        .follow_root_links(false)
        .min_depth(1)
        .into_iter()
        .filter_entry(|entry| !whole || entry.file_name() != ".git")
    {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry)
                if entry.file_type().is_file()
                    && is_temporary(&entry.file_name().to_string_lossy()) => {}
            Ok(entry) => match spell(root, entry.path()) {
                Ok(name) => listing.files.push(name),
                Err(fault) => listing.faults.push(fault),
            },
            Err(error) => {
                let (Ok(name) | Err((name, _))) = spell(root, error.path().unwrap_or(&top));
                let fault = walk::unreadable(&name, &error.into());
                listing.faults.push((name, fault));
            }
        }
    }
    listing.files.sort_unstable();
    listing.faults.sort_by(|(a, _), (b, _)| a.cmp(b));
    listing
}

/// Names of the directories in `dir`, sorted; none where it cannot be read, or is a link.
pub(super) fn list_directories(root: &Root, dir: &str) -> Vec<String> {
    let Ok(found) = root.find(dir) else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(found.path) else { return Vec::new() };
    let entries =
        entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

fn spell(root: &Root, path: &Path) -> Result<String, (String, Fault)> {
    let rel = path.strip_prefix(root.dir()).unwrap_or(path);
    let parts: Option<Vec<&str>> = rel.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/")).ok_or_else(|| {
        let name = rel.to_string_lossy().into_owned();
        let fault = Fault {
            kind: FaultKind::NotUtf8,
            span: None,
            message: format!("the file name `{name}` is not UTF-8"),
            help: Some("rename the file".to_owned()),
        };
        (name, fault)
    })
}
