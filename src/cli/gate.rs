//! `d3p gate`: computes a gate, and records a pass.
//!
//! Nothing here can set a verdict: it is computed from the files and the clock, and a pass is
//! written only when it was. The ledger line comes last and commits the change.

use crate::cli::args::GateArgs;
use crate::cli::common::{
    Global, gate_id, ledger_entry, open_at, open_release, report, write_findings, write_refusal,
};
use crate::cli::machine::{self, Signer};
use crate::cli::{Code, Failure, notify, waive};
use crate::collect::announce;
use crate::decide::{Assessment, Recorded, assess, assess_afresh, blocking};
use crate::definition::{Failure as GateFailure, GateDef};
use crate::derive::workflow;
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Location, Sha256Digest, Stamp, Verdict};
use crate::project::{Project, Release};
use crate::record::{
    Bound, EntryKind, FileDigest, GateRecord, GateRecordClaims, LEDGER_PATH, POLICY_PATH, RAW_DIR,
    gate_record_path, object_path,
};
use crate::render::{clean, handoff, json, tally};
use crate::rules::{GL311, abandon, expected_record};
use crate::source::Root;
use crate::write::{ChangeSet, Lock};
use std::collections::BTreeSet;

pub(super) fn run(args: &GateArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    // A key that cannot be used is told before anything is written; a slow one holds up nobody.
    let key = machine::key(args.sign_key.as_deref(), global, env)?;
    let (lock, root, mut project) = if args.dry_run {
        let (root, project) = global.open()?;
        (None, root, project)
    } else {
        let (lock, root, project) = global.open_locked()?;
        (Some(lock), root, project)
    };
    let id = gate_id(&project, &args.gate)?;
    let release = open_release(&project)?;
    let now = (env.now)();
    if args.refreeze {
        refreeze(&mut project, &id)?;
    }
    let signer = key.map(|key| key.of(&project)).transpose()?;
    let recorded = assess(&project, now);
    if let Some(Recorded::Valid(at)) = recorded.gate(&id).map(|gate| gate.recorded) {
        let mended = mend_workflow_state(&root, &project, &release, &id, at, lock.as_ref())?;
        let place = (&root, &project, &release);
        let signed = machine::sign_valid(signer.as_ref(), &id, place, lock.as_ref(), env)?;
        let exit = still_valid(&id, at, mended, &project, &recorded, now, global, env)?;
        if let Some(path) = signed.filter(|_| global.human()) {
            writeln!(env.out, "its record is signed now: {path}")?;
        }
        return Ok(exit);
    }
    let history = project.launched_at().is_some()
        && project.ledger.last_pass(&id).is_some_and(|line| line.entry.release == release.name());
    let assessment = if history { recorded } else { assess_afresh(&project, &id, now) };
    let blocking: Vec<Finding> =
        blocking(&project, &assessment.findings, &id, history).into_iter().cloned().collect();
    let verdict = match assessment.gate(&id).map_or(Verdict::Refused, |gate| gate.verdict) {
        Verdict::Passed if history => Verdict::Refused,
        verdict => verdict,
    };
    if verdict == Verdict::Passed {
        let signer = signer.as_ref();
        let written =
            pass(&root, &project, &release, &id, &assessment, now, signer, lock.as_ref(), env)?;
        let exit = show_pass(&written, &id, &root, args.dry_run, now, global, env)?;
        if let Some(lock) = lock {
            drop(lock);
            let complete = &project.phase.gates[&id].complete;
            notify::pass_on(&root, &project, std::slice::from_ref(complete), env)?;
        }
        return Ok(exit);
    }
    if let Some(lock) = &lock {
        let mut entry = ledger_entry(&project, EntryKind::GateRefused, &release, now, env);
        entry.gate = Some(id.clone());
        entry.refused_by(&blocking);
        write_refusal(lock, &root, &project, &entry)?;
    }
    show_refusal(&id, verdict, &blocking, &project, &assessment, now, global, env)
}

/// Takes the edited policy: as if no gate had frozen one yet.
fn refreeze(project: &mut Project, gate: &str) -> Result<(), Failure> {
    if project.phase.first_gate().is_none_or(|(first, _)| first != gate) {
        return Err(Failure::usage("--refreeze belongs to the first gate"));
    }
    if project.launched_at().is_some() {
        return Err(Failure::refused(
            "production was deployed under the frozen policy: it is history",
        )
        .advise(
            Advice::edit(Location::file("d3p.yaml"), "restore what was frozen").or(abandon()),
        ));
    }
    project.frozen = Some(project.current.clone());
    project.policy_changes = Vec::new();
    Ok(())
}

/// Writes the workflow state of a valid pass again when it is gone or differs; nothing binds it.
fn mend_workflow_state(
    root: &Root,
    project: &Project,
    release: &Release,
    id: &str,
    at: Stamp,
    lock: Option<&Lock>,
) -> Result<Option<String>, Failure> {
    let Some((path, text)) = workflow_state(project, release, id, at) else { return Ok(None) };
    let Some(lock) = lock else { return Ok(None) };
    if project.digest_of(&path) == Some(Sha256Digest::of(text.as_bytes())) {
        return Ok(None);
    }
    let mut changes = ChangeSet::new(root);
    changes.replace(path.as_str(), text, project.digest_of(&path));
    changes.apply_under(lock)?;
    Ok(Some(path))
}

#[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename them")]
fn still_valid(
    id: &str,
    at: Stamp,
    mended: Option<String>,
    project: &Project,
    assessment: &Assessment,
    now: Stamp,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let report =
        report(format!("gate {id}"), project, assessment, now, Some(Verdict::Passed), |_| false);
    if global.human() {
        write_findings(&report, true, global, env)?;
        match mended {
            None => writeln!(env.out, "gate {id}: passed {at}, still valid; nothing written")?,
            Some(path) => {
                writeln!(env.out, "gate {id}: passed {at}, still valid; written again: {path}")?;
            }
        }
    } else {
        env.out.write_all(json::report(&report, None, None).as_bytes())?;
    }
    Ok(Exit::Passed)
}

/// Writes everything that a pass writes; or only says what, for a dry run, which has no lock.
#[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename them")]
fn pass(
    root: &Root,
    project: &Project,
    release: &Release,
    id: &str,
    assessment: &Assessment,
    now: Stamp,
    signer: Option<&Signer>,
    lock: Option<&Lock>,
    env: &Env<'_>,
) -> Result<Vec<String>, Failure> {
    let def = &project.phase.gates[id];
    let mut entry = ledger_entry(project, EntryKind::GatePassed, release, now, env);
    let claims = GateRecordClaims {
        time_verified: now,
        ledger_entry: entry.id.clone(),
        verifier_version: env!("CARGO_PKG_VERSION").to_owned(),
        logs: Vec::new(),
        listed: Vec::new(),
    };
    let mut record = expected_record(project, id, release, claims, false, &assessment.waivers)
        .ok_or_else(|| {
            Failure::incomplete(format!("gate {id} cannot be recorded")).code(Code::Internal)
        })?;
    let announcement = announce(project, now, &env.random_hex(8), &def.complete);
    if let Some((path, line)) = &announcement {
        bind_announcement(project, &mut record, path, line);
    }
    let text = record.to_text();
    let path = gate_record_path(def.number, id);
    entry.gate = Some(id.to_owned());
    entry.record = Some(FileDigest {
        path: path.clone(),
        sha256: Sha256Digest::of(text.as_bytes()).to_string(),
    });
    let mut changes = ChangeSet::new(root);
    policy(project, &mut changes);
    if let Some((path, text)) = workflow_state(project, release, id, now) {
        let sha256 = Sha256Digest::of(text.as_bytes()).to_string();
        entry.digests.push(FileDigest { path: path.clone(), sha256 });
        changes.replace(path.as_str(), text, project.digest_of(&path));
    }
    copies(root, project, &record, announcement.as_ref(), &mut changes)?;
    let signed = signer.map(|signer| signer.sign_record(&path, &text, project, &mut changes));
    entry.digests.extend(signed);
    entry.machine = signer.map(|signer| signer.machine.clone());
    entry.digests.extend(waive::keep_copy(project, &record, &mut changes));
    changes.replace(path.as_str(), text, project.digest_of(&path));
    if let Some((log, line)) = announcement {
        changes.append_line(log, line);
    }
    changes.append_line(LEDGER_PATH, entry.to_line());
    let written: Vec<String> = changes
        .plan()
        .into_iter()
        .map(|planned| format!("{} {}", planned.action.word(), planned.path))
        .collect();
    if let Some(lock) = lock {
        changes.apply_under(lock)?;
    }
    Ok(written)
}

/// Path and text of the workflow state, when `id` is the last gate and passed at `at`.
fn workflow_state(
    project: &Project,
    release: &Release,
    id: &str,
    at: Stamp,
) -> Option<(String, String)> {
    let evidence = workflow::evidence(project).filter(|_| workflow::last_gate(project) == Some(id));
    let evidence = evidence?;
    let state = workflow::state(project, release, evidence.kind, at);
    Some((evidence.def.path.clone(), json::pretty(&state)))
}

/// The announcement of the pass is part of what the pass binds.
fn bind_announcement(project: &Project, record: &mut GateRecord<'_>, path: &str, line: &str) {
    for bound in &mut record.bound {
        if let (Bound::Log(log), Some(file)) = (bound, project.present(path))
            && log.path == path
        {
            log.add(&file.text, line);
        }
    }
}

/// Freezes the policy, unless it is.
fn policy(project: &Project, changes: &mut ChangeSet) {
    let effective = project.effective();
    let was = project.digest_of(POLICY_PATH);
    if was != Some(effective.digest) {
        changes.replace(POLICY_PATH, effective.canonical.clone(), was);
    }
}

/// Copies of everything the record binds, and the demand that none of it changed meanwhile.
fn copies(
    root: &Root,
    project: &Project,
    record: &GateRecord<'_>,
    announcement: Option<&(String, String)>,
    changes: &mut ChangeSet,
) -> Result<(), Failure> {
    let mut planned = BTreeSet::new();
    for bound in &record.bound {
        let digest = bound.object();
        let Some(file) = project.present(bound.path()) else {
            changes.unchanged(bound.path(), Some(digest));
            continue;
        };
        let object = object_path(digest);
        let raw = bound.path().starts_with(RAW_DIR);
        let kept = project.objects.get(&digest.to_string()) == Some(&digest);
        // Two files with the same bytes share one copy.
        if !raw && !kept && planned.insert(digest) {
            if root.exists(&object) {
                return Err(Failure::refused(format!(
                    "{object} holds other bytes than its name says"
                ))
                .advise(
                    Advice::run(["rm", &object]).what("take it away, then run the gate again"),
                ));
            }
            let added = announcement.filter(|(path, _)| path == bound.path());
            let text = match added {
                Some((_, line)) => format!("{}{line}\n", file.text),
                None => file.text.clone(),
            };
            changes.create(object, text);
        }
        changes.unchanged(bound.path(), file.digest);
    }
    Ok(())
}

fn show_pass(
    written: &[String],
    id: &str,
    root: &Root,
    dry_run: bool,
    now: Stamp,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    // What is shown is what the files say now, read again.
    let (_, project) = open_at(root.dir())?;
    let assessment = assess(&project, now);
    let report =
        report(format!("gate {id}"), &project, &assessment, now, Some(Verdict::Passed), |_| false);
    if !global.human() {
        env.out.write_all(json::report(&report, None, None).as_bytes())?;
        return Ok(Exit::Passed);
    }
    write_findings(&report, true, global, env)?;
    if dry_run {
        writeln!(env.out, "gate {id}: would pass ({now}); nothing written (--dry-run)")?;
    } else {
        writeln!(env.out, "gate {id}: PASSED {now}")?;
    }
    if !global.quiet {
        for line in written {
            writeln!(env.out, "  {line}")?;
        }
        let def = &project.phase.gates[id];
        if !dry_run {
            writeln!(env.out, "{}", def.complete)?;
        }
        if def.number
            == project.phase.gates.values().map(|gate| gate.number).max().unwrap_or_default()
            && !dry_run
        {
            write!(env.out, "Handoff (computed)\n{}", handoff(&project, &assessment))?;
        }
    }
    Ok(Exit::Passed)
}

#[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename them")]
fn show_refusal(
    id: &str,
    verdict: Verdict,
    blocking: &[Finding],
    project: &Project,
    assessment: &Assessment,
    now: Stamp,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let mut report =
        report(format!("gate {id}"), project, assessment, now, Some(verdict), |_| false);
    report.findings = blocking.iter().collect();
    report.not_due = 0;
    if !global.human() {
        env.out.write_all(json::report(&report, None, None).as_bytes())?;
        return Ok(Exit::Refused);
    }
    write_findings(&report, true, global, env)?;
    let def = &project.phase.gates[id];
    let word =
        if verdict == Verdict::Review { "REVIEW: a human must look at this" } else { "REFUSED" };
    writeln!(env.out, "gate {id}: {word}, {}", tally(&report.findings))?;
    // What waits for a person has not failed.
    if verdict != Verdict::Review {
        write_handling(def, blocking, env)?;
    }
    if blocking.iter().any(|finding| finding.rule == &GL311) {
        writeln!(env.out, "d3p diff shows what changed")?;
    }
    Ok(Exit::Refused)
}

/// The protocol's failure handling.
fn write_handling(def: &GateDef, blocking: &[Finding], env: &mut Env<'_>) -> Result<(), Failure> {
    let GateFailure { error, message, handling, recovery } = &def.failure;
    let failed = blocking.iter().find(|finding| finding.state == Some(crate::model::State::Failed));
    let first = failed.map_or("see above", |finding| finding.message.as_str());
    writeln!(env.out, "{error}: {}", clean(&message.replace("{error}", first)))?;
    writeln!(env.out, "failure handling: {handling}")?;
    writeln!(env.out, "recovery: {recovery}")?;
    Ok(())
}
