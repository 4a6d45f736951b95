//! Renderers: one report, several formats. They show what `decide` decided and drop nothing in
//! silence; each format has its own structs.

mod advice;
mod clean;
pub mod formats;
mod html;
mod human;
pub mod json;
pub mod oscal;
pub mod population;
mod summary;

pub use advice::{way, ways};
pub use clean::{clean, clean_lines};
pub use formats::{Beside, Disk, Format};
pub use human::{findings, grouped, lines};
pub use summary::{
    banner, checklist, gate_table, handoff, piece_table, size, tally, tracker, waived, waiver_state,
};

use crate::decide::Assessment;
use crate::model::{Finding, Stamp, Verdict};
use crate::project::Project;

/// What a renderer is given.
#[derive(Debug)]
pub struct Report<'a> {
    /// The command that was run: `check`, `gate 1`.
    pub command: String,
    /// The project.
    pub project: &'a Project,
    /// When it was judged.
    pub now: Stamp,
    /// The answer, where one was asked for.
    pub verdict: Option<Verdict>,
    /// The findings that are shown, sorted.
    pub findings: Vec<&'a Finding>,
    /// How many findings are not due yet and not shown.
    pub not_due: usize,
    /// What everything is worth.
    pub assessment: &'a Assessment,
}

/// How human output looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether colours are used.
    pub color: bool,
    /// Whether everything is shown, instead of ten groups.
    pub verbose: bool,
}
