//! Where links and arguments lead: into the tree, into a work tree of the repository, which is what
//! nobody approved, or elsewhere on the machine, which is told.

use crate::collect::git::canonical;
use std::path::{Path, PathBuf};

/// What tools look for in the directories above, and take code or settings from.
const LOOKED_FOR: [&str; 16] = [
    "node_modules",
    "package.json",
    ".npmrc",
    ".yarnrc.yml",
    "tsconfig.json",
    ".cargo/config.toml",
    ".cargo/config",
    "Cargo.toml",
    "go.mod",
    "go.work",
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    "pytest.ini",
    "conftest.py",
    ".python-version",
];

/// The directories that decide where something leads.
#[derive(Debug)]
pub struct Ways {
    /// The top of the tree, resolved.
    pub tree: PathBuf,
    /// The work trees of the repository, resolved.
    pub work_trees: Vec<PathBuf>,
    /// The directories that programs are taken from.
    pub programs: Vec<PathBuf>,
}

/// Where something leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leads {
    /// It stays in the tree.
    Inside,
    /// Into a work tree of the repository: to files that nobody approved.
    WorkTree(PathBuf),
    /// To a program, or what belongs to one, of the machine.
    Program(PathBuf),
    /// Elsewhere.
    Elsewhere(PathBuf),
}

/// Where `path`, taken from the directory `from`, leads in the end.
pub fn leads_out(path: &Path, from: &Path, ways: &Ways) -> Leads {
    let end = canonical(&from.join(path));
    if end.starts_with(&ways.tree) {
        return Leads::Inside;
    }
    // A link in a work tree can be changed there, wherever it leads now.
    let named = from.join(path);
    let near =
        named.parent().map(|parent| canonical(parent).join(named.file_name().unwrap_or_default()));
    let live = |end: &Path| ways.work_trees.iter().any(|dir| end.starts_with(dir));
    if let Some(end) = [Some(&end), near.as_ref()].into_iter().flatten().find(|end| live(end)) {
        return Leads::WorkTree(end.clone());
    }
    let system = [
        "/usr", "/opt", "/nix", "/bin", "/sbin", "/lib", "/lib64", "/Library", "/System", "/dev",
        "/proc",
    ];
    // Below /dev, memory that anybody writes to is no part of the system.
    let of_system = system.iter().any(|dir| end.starts_with(dir)) && !end.starts_with("/dev/shm");
    if of_system || ways.programs.iter().any(|dir| end.starts_with(dir)) {
        return Leads::Program(end);
    }
    Leads::Elsewhere(end)
}

/// What lies above `dir` and would be taken into account by tools that look upwards. Settings in the
/// home directory itself (`.npmrc`, `.cargo`) are those of the user, wherever a tool runs.
pub fn above(dir: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let dir = canonical(dir);
    let home = home.map(canonical);
    dir.ancestors().skip(1).find_map(|above| {
        let found = LOOKED_FOR
            .iter()
            .filter(|name| !(name.starts_with('.') && home.as_deref() == Some(above)));
        found.map(|name| above.join(name)).find(|path| path.symlink_metadata().is_ok())
    })
}
