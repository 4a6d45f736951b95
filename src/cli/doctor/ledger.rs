//! The ledger: the union of the lines that lie here, that git knows, that archives hold, and that other
//! machines published.

use super::forgotten::forgotten;
use super::{Copy, Damaged, Sources};
use crate::collect::git::Git;
use crate::model::{Places, Reason};
use crate::project::Project;
use crate::record::{Ledger, Union, union};
use crate::source::{Root, Tree as _, limit_of};
use crate::text::json;
use serde_json::Value;

/// What is wrong with the ledger; `None` when nothing is.
pub(super) fn damaged(root: &Root, project: &Project, sources: Sources<'_>) -> Option<Damaged> {
    let git = sources.git;
    let places = project.places();
    let here = match root.bytes(places.ledger(), limit_of(places.ledger())) {
        Ok(here) => String::from_utf8_lossy(&here).into_owned(),
        // What cannot be read is not taken for a ledger without lines.
        Err(fault) => match Damaged::denied(&fault, places.ledger(), "its own lines") {
            Some(denied) => return Some(denied),
            None => String::new(),
        },
    };
    let known = copies(root, project, sources);
    let harm = project.ledger_harm();
    let Some(release) = release(root, project, &known, git) else {
        return harm.map(|harm| lost(places.ledger(), harm, Vec::new()));
    };
    let others: Vec<&str> = known.iter().map(|(text, _)| text.as_str()).collect();
    let merged = union(&here, &others, |entry| entry.release == release, strict);
    let notes = notes(&merged);
    if merged.text == here || merged.text.is_empty() {
        return harm.map(|harm| lost(places.ledger(), harm, notes));
    }
    // What only another branch, or whoever published it, holds is missed by nobody here.
    let is_missed =
        harm.is_some() || merged.added == 0 || lacks_committed(&here, git, places, &release);
    let what = match (merged.added, harm) {
        (0, Some(harm)) => format!("is damaged: {harm}"),
        (0, None) => "has its lines in another order".to_owned(),
        (added, _) => format!("lacks {added} lines that other copies hold"),
    };
    let from = match merged.added {
        0 => "its own lines".to_owned(),
        _ => format!("its own lines and those in {}", places_of(&known, &merged)),
    };
    Some(Damaged {
        path: places.ledger().to_owned(),
        what,
        named_by: format!("release {release}"),
        found: Some(Copy { bytes: merged.text.into_bytes(), from }),
        denied: None,
        is_missed,
        notes,
    })
}

/// Whether a commit that leads to what is checked out has a line of the release that does not lie here.
fn lacks_committed(here: &str, git: Option<&Git>, places: &Places, release: &str) -> bool {
    let committed = git.and_then(|git| git.committed(&[places.ledger()]).ok()).unwrap_or_default();
    let texts: Vec<String> = committed.into_iter().rev().map(|own| text(own.bytes)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    union(here, &texts, |entry| entry.release == release, strict).added > 0
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

fn lost(path: &str, harm: String, mut notes: Vec<String>) -> Damaged {
    notes.push("no copy of what is missing was found".to_owned());
    Damaged {
        path: path.to_owned(),
        what: format!("is damaged: {harm}"),
        named_by: "its own lines".to_owned(),
        found: None,
        denied: None,
        is_missed: true,
        notes,
    }
}

/// Other copies of the ledger, the oldest first, and where each lies.
fn copies(root: &Root, project: &Project, sources: Sources<'_>) -> Vec<(String, String)> {
    let places = project.places();
    let archived = root.directories(places.archives()).into_iter().filter_map(|name| {
        let path = format!("{}/{name}/{}", places.archives(), places.ledger());
        let bytes = root.bytes(&path, limit_of(&path)).ok()?;
        Some((text(bytes), path))
    });
    let published = (sources.published)(project).into_iter();
    let published = published.map(|own| (own.ledger, "what machines published".to_owned()));
    let versions = sources.git.and_then(|git| git.versions(&[places.ledger()]).ok());
    let versions = versions.unwrap_or_default();
    let versions = versions.into_iter().rev();
    let versions = versions.map(|version| (text(version.bytes), "git".to_owned()));
    archived.chain(published).chain(versions).collect()
}

/// The release that the ledger is of. Where nothing here says it, it is the last one that git knows
/// of, unless that one is archived; or else one that was launched or objected to, and never closed.
fn release(
    root: &Root,
    project: &Project,
    known: &[(String, String)],
    git: Option<&Git>,
) -> Option<String> {
    if let Some(release) = project.told_release() {
        return Some(release);
    }
    let last = known.iter().rev().find_map(|(text, _)| {
        let ledger = Ledger::parse(text, strict);
        Some(ledger.lines.last()?.entry.release.clone())
    })?;
    let open = !is_archived(root, project.places(), &last);
    open.then_some(last).or_else(|| forgotten(root, project, git?))
}

/// Whether an attempt lies in the archives.
pub(super) fn is_archived(root: &Root, places: &Places, release: &str) -> bool {
    let copy = format!("{release}.");
    let mut names = root.directories(places.archives()).into_iter();
    names.any(|name| name == release || name.starts_with(&copy))
}

fn places_of(known: &[(String, String)], merged: &Union) -> String {
    let gives = |text: &str| text.lines().any(|line| merged.text.lines().any(|own| own == line));
    let mut places: Vec<&str> =
        known.iter().filter(|(text, _)| gives(text)).map(|(_, place)| place.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    places.join(", ")
}

fn notes(merged: &Union) -> Vec<String> {
    let left = merged.left_out.iter();
    let left = left.map(|line| format!("is no line of it, or an edited one: {line:.60}"));
    let lacking = merged.lacking.iter();
    let lacking = lacking.map(|head| format!("a line names one that no copy holds: {head}"));
    left.chain(lacking).collect()
}

pub(super) fn strict(line: &str) -> Result<Value, Reason> {
    json::parse(line).map_err(|faults| {
        faults.into_iter().next().map_or_else(String::new, |fault| fault.message).into()
    })
}
