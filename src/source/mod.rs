//! The only file input: finding a project, and reading its files once each.
//!
//! What is wrong with a file is a [`Fault`](crate::text::Fault), never an `Err` of the tool and
//! never a panic. Nothing is parsed or judged here, and nothing is written.

mod archives;
mod discover;
mod load;
mod matching;
mod outside;
mod path;
mod phase;
mod policy;
mod project;
mod raw;
mod releases;
mod report;
mod snapshot;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

pub use discover::{
    Listing, PROJECT_FILE, TEMPORARY, find_project, is_temporary, list_files, resolved,
};
pub(crate) use load::is_same_file;
pub use load::{
    DEFAULT_LIMIT, Given, Loaded, Root, counting_reads, limit_of, load_given, load_reader,
    open_given,
};
pub use matching::matching;
pub use outside::{OutsidePolicy, outside_policy};
pub use path::check_path;
pub use phase::{POLICY_SKELETON, embedded, embedded_phase, embedded_phases, own_phase_at};
pub use policy::{LoadError, phase_id, phase_of, read_policy};
pub use project::{BrokenPolicy, load_phase_of, load_project, where_it_lies};
pub(crate) use raw::RAW_LIMIT;
pub use releases::{ReleaseDir, ReleaseDirs};
pub(crate) use report::REPORT_LIMIT;
pub use report::{Held, OpenReport, Reader, Report};
pub use snapshot::{Laid, Snapshot};
pub use tree::{MemoryTree, Tree};
pub(crate) use walk::Kind;
