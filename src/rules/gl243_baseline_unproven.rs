//! GL243: baseline-unproven.

use super::Context;
use crate::decisions::{go_over_baseline, signatures_on};
use crate::definition::Baseline;
use crate::model::{Advice, Finding, Location, Piece, Sha256Digest, Stamp};
use crate::project::{BaselineArchive, Project};
use crate::record::{EntryKind, FileDigest, GateRecordClaims, Lineage};

rule! {
    /// Nothing shows on what the baseline was measured.
    ///
    /// ## What it checks
    /// `validation.baseline` pins a file of an archived release: its ledger says that the release was
    /// closed, leads back to the pass of a gate, and that gate's record bound the file as it is pinned;
    /// where signatures are on, a GO covers it that was signed by somebody whose key counts today.
    ///
    /// ## Why it matters
    /// A digest says that a baseline did not change since it was pinned, and not that it is true. Whoever
    /// types slow figures into a file makes everything faster than before.
    ///
    /// ## How to fix
    /// Archive each release (`d3p archive`), and pin the validation results of the last one
    /// below `.artifacts/releases/`. A first release has none; then whoever approves sees this line.
    GL243 "baseline-unproven" Warning since "0.1.0" clauses ["DLC-4", "P11-2.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(pinned) = project.effective().policy.validation.baseline.as_ref() else { return };
    let Some(why) = unproven(project, pinned, context.judgement.now) else { return };
    let place = Location::pointer("d3p.yaml", "/validation/baseline/path");
    let message = format!("the baseline of {} is not proven: {why}", pinned.release);
    out.push(Finding::new(&GL243, Piece::Policy, place, message).advise(Advice::answer(
        "pin the staging validation results of an archived release, before gate 1 freezes the policy",
    )));
}

/// What is missing to show that the baseline is what a release was measured at.
fn unproven(project: &Project, pinned: &Baseline, now: Stamp) -> Option<String> {
    let Some((_, within)) = project.places().in_archive(&pinned.path) else {
        return Some(format!(
            "{} is a file of its own, and nothing shows on what it was measured",
            pinned.path
        ));
    };
    let archive = project.baseline.as_ref()?;
    let BaselineArchive { dir, ledger, .. } = archive;
    if archive.ledger_file.digest.is_none() {
        return Some(format!("{dir} is the archive of no release"));
    }
    let closed = ledger.lines.iter().rfind(|line| line.entry.kind == EntryKind::Archived);
    let Some(closed) = closed.filter(|_| ledger.malformed.is_empty() && !ledger.cut) else {
        return Some(format!(
            "the ledger of {dir} was altered, or says of no release that it was closed"
        ));
    };
    let version = closed.entry.release.rsplit_once('+').map_or("", |(version, _)| version);
    if version != pinned.release {
        return Some(format!("{dir} is the archive of {version}"));
    }
    let lineage = Lineage::of(&[ledger]);
    let before = lineage.history(closed.entry.heads.iter().map(String::as_str));
    let bound = |gate: &str| {
        let pass = ledger.last_pass(gate).filter(|pass| lineage.holds(&before, &pass.digest));
        let named = pass.and_then(|pass| Sha256Digest::parse(&pass.entry.record.as_ref()?.sha256));
        let record = archive.records.iter().find(|file| named.is_some() && file.digest == named);
        record.and_then(|file| file.value()).is_some_and(|record| {
            let mut listed = GateRecordClaims::recorded_inputs(record);
            listed.any(|(path, sha256)| path == within && sha256 == pinned.sha256)
        })
    };
    if !project.phase.gates.keys().any(|gate| bound(gate)) {
        return Some(format!("no gate that {dir} was passed at bound this file as it is pinned"));
    }
    // Whoever can write here can play a whole release of their own; a signature they cannot.
    let approval = archive.approval.as_ref().filter(|_| signatures_on(project))?;
    let file = FileDigest { path: within.to_owned(), sha256: pinned.sha256.clone() };
    let go = go_over_baseline(project, approval, &file, closed.at, now);
    go.err().map(|why| format!("{dir} is closed, and {why}"))
}
