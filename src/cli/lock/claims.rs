//! What this directory set the launch lock to and no launch began with yet: noted before it is
//! pushed, so that whoever was killed in between can go on.
//!
//! The note counts for the directory and the machine that made it: a copy has no part in it.

use crate::cli::Failure;
use crate::process::own_id;
use crate::project::Project;
use crate::rules::launching_hooks;
use crate::source::Root;
use crate::write::write_report;
use serde::{Deserialize, Serialize};

/// How such a file begins.
const OPENING: &str = "{\"claims\":";

/// Most bytes of one.
const MOST: u64 = 64 * 1024;

#[derive(Serialize, Deserialize, Default, Debug)]
struct Note {
    claims: Vec<String>,
    at: String,
    boot: Option<String>,
}

fn path(project: &Project, hook: &str) -> String {
    format!(".d3p/launch-{}-{hook}.json", project.phase.id)
}

fn here(root: &Root) -> Note {
    let at = root.dir().to_string_lossy().into_owned();
    Note { claims: Vec::new(), at, boot: own_id().map(|own| own.boot) }
}

/// Those of `hook`.
pub(super) fn of(root: &Root, project: &Project, hook: &str) -> Vec<String> {
    let bytes = root.bytes(&path(project, hook), MOST).unwrap_or_default();
    let note: Note = serde_json::from_slice(&bytes).unwrap_or_default();
    let own = here(root);
    if (note.at, note.boot) == (own.at, own.boot) { note.claims } else { Vec::new() }
}

/// Those of every hook that launches.
pub(super) fn all(root: &Root, project: &Project) -> Vec<String> {
    launching_hooks(project).into_iter().flat_map(|hook| of(root, project, hook)).collect()
}

/// Notes that the lock is about to be set to `objects`, and to none where a launch began.
pub(super) fn note(
    root: &Root,
    project: &Project,
    hook: &str,
    objects: Vec<String>,
) -> Result<(), Failure> {
    let note = Note { claims: objects, ..here(root) };
    let text = serde_json::to_string(&note).unwrap_or_default() + "\n";
    Ok(write_report(&root.dir().join(path(project, hook)), &text, &[OPENING])?)
}
