//! Taking away a file that nothing names: it is moved, never removed.

use super::kept_name;
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::env::{Env, Exit};
use crate::model::{Advice, Sha256Digest};
use crate::render::{clean, json};
use crate::source::{RAW_LIMIT, Root, load_phase_of, phase_id};
use crate::write::{Lock, move_file};
use serde_json::json;

/// Moves `paths` to where replaced files are kept.
///
/// # Errors
/// A refusal for what a line or a record names, for records of runs, which tell that something may
/// have been launched, and for whatever is no file of the release.
pub(super) fn set_aside(
    root: &Root,
    paths: &[String],
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if paths.is_empty() {
        return Err(Failure::usage("which file is to be taken away?"));
    }
    let phase = phase_id(root, global.phase())?;
    let lock = Lock::of_phase(root, &phase, Lock::WAIT)?;
    let project = load_phase_of(root, Some(&phase))?;
    let places = project.places();
    let mut moved = Vec::new();
    for path in paths {
        let bytes =
            root.bytes(path, RAW_LIMIT).map_err(|fault| Failure::incomplete(fault.message))?;
        let digest = Sha256Digest::of(&bytes).to_string();
        // What waivers let stand does not stand without them, so taking their file away loosens nothing.
        let named = project.names(&digest) || project.is_named(path) && path != places.waivers();
        if named || places.is_run(path) || !path.starts_with(places.directory()) {
            return Err(Failure::refused(format!("{path} belongs to the release; it stays"))
                .advise(Advice::d3p(["doctor"]).what("see what is damaged")));
        }
        moved.push((path, kept_name(path, &bytes)));
    }
    for (path, kept) in &moved {
        move_file(root, path, kept)?;
    }
    drop(lock);
    if global.human() {
        for (path, kept) in &moved {
            writeln!(env.out, "{}: kept as {}", clean(path), clean(kept))?;
        }
    } else {
        let view: Vec<_> =
            moved.iter().map(|(path, kept)| json!({ "path": path, "kept": kept })).collect();
        env.out.write_all(json::pretty(&json!({ "set_aside": view })).as_bytes())?;
    }
    Ok(Exit::Passed)
}
