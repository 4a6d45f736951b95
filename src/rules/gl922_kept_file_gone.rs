//! GL922: kept-file-gone.

use super::Context;
use crate::decisions::{WAIVE, signatures_on, waiver_decisions};
use crate::definition::{EvidenceDef, EvidenceFormat, NativeCheck};
use crate::model::{Advice, Finding, Level, Location, Piece, Sha256Digest, State};
use crate::project::Project;
use crate::record::{EntryKind, FileDigest, Line, signed_digest};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// Something that the release keeps is gone, or was edited.
    ///
    /// ## What it checks
    /// When evidence is recorded anew, the try before lies in `raw/attempts/`, and the ledger names
    /// it by digest; it still lies there, with the reports that it was made of. So do the envelopes of
    /// what a machine signed and that was recorded anew since, and the waiver that was signed last.
    ///
    /// ## Why it matters
    /// That something failed before it passed belongs to what a release tells. A try that can be
    /// edited or taken away afterwards tells nothing.
    ///
    /// ## How to fix
    /// `d3p doctor --restore` brings it back from a copy. Two things are told and stop nothing: a try that was edited
    /// by hand before it was recorded anew, since what it said is not known any more; and an envelope
    /// that is gone and whose file was recorded anew, since nothing rests on it.
    GL922 "kept-file-gone" Error since "0.1.0" clauses ["D3P-10", "P11-A", "X-2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release().map(|release| release.name()) else { return };
    let lines: Vec<&Line> =
        project.ledger.lines.iter().filter(|line| line.entry.release == release).collect();
    named(context, &lines, out);
    recorded(project, &lines, out);
    reports_of_attempts(project, out);
    waivers(project, &lines, out);
}

/// Copies of earlier tries, and envelopes, as the last line that names them says.
fn named(context: &Context<'_>, lines: &[&Line], out: &mut Vec<Finding>) {
    let told: BTreeSet<&str> =
        context.machine_signatures().gone.iter().map(|gone| gone.envelope.as_str()).collect();
    let mut last: BTreeMap<&str, (&Line, &str)> = BTreeMap::new();
    for line in lines {
        for FileDigest { path, sha256 } in &line.entry.digests {
            if context.project.places().is_attempt(path)
                || context.project.places().is_envelope(path) && !told.contains(path.as_str())
            {
                last.insert(path, (line, sha256));
            }
        }
    }
    for (path, (line, sha256)) in last {
        if let Some(word) = differs(context.project, path, sha256) {
            let piece = piece(context.project, line);
            let found = finding(piece, path, format!("was kept {}, and {word}", line.at));
            // What it signed was signed anew, or counts without it.
            let told = context.project.places().is_envelope(path)
                && context.project.digest_of(path).is_none();
            out.push(if told { found.level(Level::Warning) } else { found });
        }
    }
}

/// What was recorded and is not the last that was: it lies among the tries.
fn recorded(project: &Project, lines: &[&Line], out: &mut Vec<Finding>) {
    let attempts = project.raw.iter().filter(|(path, _)| project.places().is_attempt(path));
    let there: BTreeSet<String> = attempts
        .filter_map(|(_, file)| file.digest)
        .chain(project.objects.values().copied())
        .map(|digest| digest.to_string())
        .collect();
    for (kind, def) in project.phase.evidence.iter().filter(|(_, def)| is_one_text(def)) {
        let about: Vec<(&Line, &str)> =
            lines.iter().filter_map(|line| Some((*line, said(line, &def.path)?))).collect();
        let now = project.digest_of(&def.path).map(|digest| digest.to_string());
        for (line, sha256) in &about {
            if there.contains(*sha256) || now.as_deref() == Some(sha256) {
                continue;
            }
            let after = about.iter().find(|(later, _)| project.replaces(later, line));
            // What lies in its place now is judged as it is.
            let Some((after, _)) = after else { continue };
            let piece = Piece::Evidence(kind.clone());
            let place = Location::span(project.places().ledger(), line.range.clone());
            let kept =
                after.entry.digests.iter().find(|file| project.places().is_attempt(&file.path));
            out.push(match kept {
                Some(kept) if differs(project, &kept.path, &kept.sha256).is_some() => continue,
                Some(kept) => {
                    let message = format!(
                        "{} was recorded {}, and edited before it was recorded anew: \
                         {} is not what was recorded",
                        def.path, line.at, kept.path
                    );
                    Finding::new(&GL922, piece, place, message).level(Level::Warning)
                }
                None => {
                    let message = format!(
                        "{} was recorded {}, and that try is gone: no file in raw/attempts is it",
                        def.path, line.at
                    );
                    Finding::new(&GL922, piece, place, message)
                        .state(State::Invalid)
                        .advise(Advice::restore(&def.path))
                }
            });
        }
    }
}

/// Whether the evidence is one text, of which each recording replaces the one before. Logs grow, and
/// of decisions each is named by itself.
fn is_one_text(def: &EvidenceDef) -> bool {
    def.format == EvidenceFormat::Json && !def.native.iter().any(NativeCheck::holds_decisions)
}

/// The digest that a line names for what was recorded at `path`.
fn said<'a>(line: &'a Line, path: &str) -> Option<&'a str> {
    let file = line.entry.digests.iter().find(|file| file.path == path)?;
    (line.entry.kind == EntryKind::Recorded).then_some(&file.sha256)
}

/// The reports that tries are made of whose text the ledger names.
fn reports_of_attempts(project: &Project, out: &mut Vec<Finding>) {
    for (path, file) in project.raw.iter().filter(|(path, _)| project.places().is_attempt(path)) {
        let named = file.digest.is_some_and(|digest| project.names_file(&digest.to_string()));
        let Some(value) = file.value().filter(|_| named) else { continue };
        let imports = value.get("imports").and_then(Value::as_array);
        for (index, import) in imports.into_iter().flatten().enumerate() {
            let text = |key: &str| import.get(key).and_then(Value::as_str);
            let (Some(report), Some(sha256)) = (text("path"), text("sha256")) else { continue };
            let Some(word) = differs(project, report, sha256) else { continue };
            let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
            let piece = match project.phase.evidence.contains_key(kind) {
                true => Piece::Evidence(kind.to_owned()),
                false => Piece::Ledger,
            };
            let place = Location::pointer(path, format!("/imports/{index}/sha256"));
            let message = format!("this try was made of {report}, which {word}");
            out.push(
                Finding::new(&GL922, piece, place, message)
                    .state(State::Invalid)
                    .advise(Advice::restore(report)),
            );
        }
    }
}

/// What was signed last lies in the file of waivers. Others may have come to it by another way: each
/// counts by its own signature.
fn waivers(project: &Project, lines: &[&Line], out: &mut Vec<Finding>) {
    if !signatures_on(project) {
        return;
    }
    let there: BTreeSet<String> = waiver_decisions(project)
        .iter()
        .map(|own| {
            signed_digest(&own.text, own.signature.as_deref().unwrap_or_default()).to_string()
        })
        .collect();
    let about: Vec<&Line> = lines
        .iter()
        .copied()
        .filter(|line| said(line, project.places().waivers()).is_some())
        .collect();
    for line in &about {
        // A later one may have dropped it.
        if about.iter().any(|later| project.replaces(later, line)) {
            continue;
        }
        let decided = line.entry.decided.as_ref().filter(|own| own.decision == WAIVE);
        let signed = decided.and_then(|own| own.signed.as_ref());
        if let Some(decided) = decided.filter(|_| signed.is_some_and(|own| !there.contains(own))) {
            let message = format!(
                "{} signed a waiver {}, and it is gone or was edited",
                decided.person, line.at
            );
            out.push(finding(Piece::Ledger, project.places().waivers(), message));
        }
    }
}

/// What became of a file that must have this digest; nothing where it has it.
fn differs(project: &Project, path: &str, sha256: &str) -> Option<&'static str> {
    match project.digest_of(path) {
        Some(digest) if Some(digest) == Sha256Digest::parse(sha256) => None,
        _ => Some(project.fate(path)),
    }
}

fn finding(piece: Piece, path: &str, message: String) -> Finding {
    Finding::new(&GL922, piece, Location::file(path), message)
        .state(State::Invalid)
        .advise(Advice::restore(path))
}

/// The evidence that a line is about.
fn piece(project: &Project, line: &Line) -> Piece {
    let first = line.entry.digests.first().map(|file| file.path.as_str());
    let mut kinds = project.phase.evidence.iter();
    let found = kinds.find(|(_, def)| Some(def.path.as_str()) == first);
    found.map_or(Piece::Ledger, |(kind, _)| Piece::Evidence(kind.clone()))
}
