//! `d3p gate`: computes a gate, and records a pass.
//!
//! Nothing here can set a verdict: it is computed from the files and the clock, and a pass is
//! written only when it was. The ledger line comes last and commits the change.

mod asked;
mod bound;
mod frozen;
mod predicate;
mod show;

use crate::cli::args::GateArgs;
use crate::cli::common::{
    Global, emit, gate_id, ledger_entry, open_release, report, trusted_git, write_findings,
};
use crate::cli::machine::{self, Signer};
use crate::cli::session::Session;
use crate::cli::{Code, Failure, doctor, handling, lock, waive};
use crate::collect::announce;
use crate::decide::{Assessment, Recorded, assess, assess_afresh, blocking, is_cause};
use crate::definition::GateDef;
use crate::derive::workflow;
use crate::env::{Env, Exit};
use crate::model::{Finding, Sha256Digest, Stamp, Verdict};
use crate::project::{Project, Release, agreed};
use crate::record::{EntryKind, FileDigest, GateRecord, GateRecordClaims, LockRehearsal};
use crate::render::{Beside, json, tally};
use crate::rules::{GL311, expected_record, restore, set_aside};
use crate::source::Tree as _;
use crate::write::{ChangeSet, Planned};
pub(in crate::cli) use asked::asked_of_git;
use bound::bind_announcement;
use frozen::{freeze, refreeze};
use std::collections::BTreeSet;

pub(super) fn run(args: &GateArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    // A key that cannot be used is told before anything is written; a slow one holds up nobody.
    let key = machine::key(args.sign_key.as_deref(), global, env)?;
    let mut session = global.session()?;
    let id = gate_id(&session.project, &args.gate)?;
    // git may take its time, and so is asked before the lock is taken; a dry run takes none, and so
    // writes nothing.
    let freezes = session.project.phase.first_gate().is_some_and(|(first, _)| first == id);
    let ask = |session: &mut Session, env: &Env<'_>| {
        open_release(&session.project)?;
        let git = trusted_git(session.root(), &session.project, env);
        doctor::nothing_is_lost(&git, session.root(), &session.project)?;
        doctor::archives_lie_here(&git, session.root(), &session.project)?;
        if args.refreeze {
            refreeze(&mut session.project, &id)?;
        }
        let wanted = freezes && session.project.launched_at().is_none();
        Ok::<_, Failure>(wanted.then(|| asked_of_git(&git, &session.project, env)))
    };
    let mut asked = ask(&mut session, env)?;
    if !args.dry_run {
        asked::of_authority(&mut session, &id, env)?;
    }
    let tries = freezes && !args.dry_run && session.project.launched_at().is_none();
    let rehearsed = tries.then(|| lock::rehearse(session.root(), &session.project, env)).flatten();
    if !args.dry_run && session.lock()? {
        asked = ask(&mut session, env)?;
    }
    let release = open_release(&session.project)?;
    let signer = key.map(|key| key.for_gates(&session.project)).transpose()?;
    let project = &mut session.project;
    asked.unwrap_or_default().tell(project);
    let now = (env.now)();
    let gate = Gate { session: &session, release, id, now, dry_run: args.dry_run, rehearsed };
    let recorded = assess(&session.project, gate.now);
    if let Some(Recorded::Valid(at)) = recorded.gate(&gate.id).map(|gate| gate.recorded) {
        let exit = gate.still_valid(at, &recorded, signer.as_ref(), global, env)?;
        let id = gate.id;
        predicate::write(args, &session.project, &id, global, env)?;
        return Ok(exit);
    }
    let history = session.project.launched_at().is_some()
        && session.project.was_passed(&gate.id, &gate.release);
    let assessment =
        if history { recorded } else { assess_afresh(&session.project, &gate.id, gate.now) };
    let blocking = blocking(&session.project, &assessment.findings, &gate.id, history);
    let blocking: Vec<Finding> = blocking.into_iter().cloned().collect();
    let verdict = match assessment.gate(&gate.id).map_or(Verdict::Refused, |gate| gate.verdict) {
        Verdict::Passed if history => Verdict::Refused,
        verdict => verdict,
    };
    if verdict != Verdict::Passed {
        return gate.refuse(verdict, &blocking, &assessment, global, env);
    }
    let written = gate.pass(&assessment, signer.as_ref(), env)?;
    let Gate { id, now, rehearsed, .. } = gate;
    show::tell(args, &mut session, (&id, now), rehearsed.as_ref(), &written, global, env)
}

/// A gate that is computed now.
struct Gate<'a> {
    session: &'a Session,
    release: Release,
    id: String,
    now: Stamp,
    dry_run: bool,
    /// Whether the launch lock can be taken, where that was tried.
    rehearsed: Option<LockRehearsal>,
}

impl Gate<'_> {
    fn project(&self) -> &Project {
        &self.session.project
    }

    fn def(&self) -> &GateDef {
        &self.project().phase.gates[&self.id]
    }

    /// Says that the gate was passed at `at` and still is; writes again what nothing binds and is
    /// gone, and signs what is not signed yet.
    fn still_valid(
        &self,
        at: Stamp,
        assessment: &Assessment,
        signer: Option<&Signer>,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let mended = self.mend_workflow_state(at)?;
        let signed = match signer.filter(|_| !self.dry_run) {
            Some(signer) => signer.sign_valid(self.session, &self.id, &self.release, env)?,
            None => None,
        };
        let id = &self.id;
        let verdict = Some(Verdict::Passed);
        let report =
            report(format!("gate {id}"), self.project(), assessment, self.now, verdict, |_| false);
        if emit(&report, Beside::default(), self.session.root(), global, env)? {
            return Ok(Exit::Passed);
        }
        write_findings(&report, true, global, env)?;
        let mended = mended.map(|path| format!("written again: {path}"));
        let mended = mended.as_deref().unwrap_or("nothing written");
        writeln!(env.out, "gate {id}: passed {at}, still valid; {mended}")?;
        if let Some(path) = signed {
            writeln!(env.out, "its record is signed now: {path}")?;
        }
        Ok(Exit::Passed)
    }

    /// Writes the workflow state of a valid pass again when it is gone or differs; nothing binds it.
    fn mend_workflow_state(&self, at: Stamp) -> Result<Option<String>, Failure> {
        let Some((path, text)) = self.workflow_state(at) else { return Ok(None) };
        let there = self.project().digest_of(&path);
        if self.dry_run || there == Some(Sha256Digest::of(text.as_bytes())) {
            return Ok(None);
        }
        let mut changes = ChangeSet::new(self.session.root());
        changes.replace(path.as_str(), text, there);
        self.session.apply(changes)?;
        Ok(Some(path))
    }

    /// Writes everything that a pass writes; a dry run only says what.
    fn pass(
        &self,
        assessment: &Assessment,
        signer: Option<&Signer>,
        env: &Env<'_>,
    ) -> Result<Vec<String>, Failure> {
        let (project, def) = (self.project(), self.def());
        let mut entry = ledger_entry(project, EntryKind::GatePassed, &self.release, self.now, env);
        // The record says when the line does.
        let at = Stamp::parse(&entry.at).unwrap_or(self.now);
        let claims = GateRecordClaims {
            time_verified: at,
            ledger_entry: entry.id.clone(),
            verifier_version: env!("CARGO_PKG_VERSION").to_owned(),
            logs: Vec::new(),
            listed: Vec::new(),
        };
        let release = &self.release;
        let mut record =
            expected_record(project, &self.id, release, claims, false, &assessment.waivers)
                .ok_or_else(|| {
                    Failure::incomplete(format!("gate {} cannot be recorded", self.id))
                        .code(Code::Internal)
                })?;
        let announcement = self.announced(env);
        if let Some((path, lines)) = &announcement {
            bind_announcement(project, &mut record, path, lines);
        }
        let text = record.to_text();
        let path = project.places().gate(def.number, &self.id);
        let sha256 = |text: &str| Sha256Digest::of(text.as_bytes()).to_string();
        entry.gate = Some(self.id.clone());
        entry.authors = project.asked_authors.clone();
        entry.rehearsed = self.rehearsed.clone();
        entry.fixes = project.asked_fixes.clone().unwrap_or_default();
        entry.change = project.asked_change.clone();
        entry.record = Some(FileDigest { path: path.clone(), sha256: sha256(&text) });
        let mut changes = ChangeSet::new(self.session.root());
        freeze(project, &mut changes);
        if let Some((path, text)) = self.workflow_state(at) {
            entry.digests.push(FileDigest { path: path.clone(), sha256: sha256(&text) });
            changes.replace(path.as_str(), text, project.digest_of(&path));
        }
        self.copies(&record, announcement.as_ref(), &mut changes)?;
        let signed = signer.map(|signer| signer.sign_record(&path, &text, project, &mut changes));
        entry.digests.extend(signed);
        entry.machine = signer.map(|signer| signer.machine.clone());
        entry.digests.extend(waive::keep_copy(project, &record, &mut changes));
        self.keep_record(&path, &mut changes);
        changes.replace(path.as_str(), text, project.digest_of(&path));
        for (log, line) in
            announcement.iter().flat_map(|(log, all)| all.iter().map(move |line| (log, line)))
        {
            changes.append_line(log, line);
        }
        changes.append_line(self.project().places().ledger(), entry.to_line());
        // Copies are named by their digests, which say nothing to people.
        let copies = format!("{}/", self.project().places().objects());
        let planned = changes.plan().into_iter().filter(|own| !own.path.starts_with(&copies));
        let shown = |own: Planned| format!("{} {}", own.action.word(), own.path);
        let written = planned.map(shown).collect();
        if !self.dry_run {
            self.session.apply(changes)?;
        }
        Ok(written)
    }

    /// The log of what people are told, and its new lines: what is agreed, and that the gate is passed.
    fn announced(&self, env: &Env<'_>) -> Option<(String, Vec<String>)> {
        let (project, def) = (self.project(), self.def());
        let says = def.schedule.as_ref().map_or("", |schedule| schedule.says.as_str());
        let agreed = agreed(project, def).into_iter().map(|own| format!("{says} {}", own.text));
        let say = |text: String| announce(project, self.now, &env.random_hex(8), &text);
        let (logs, lines): (Vec<_>, Vec<_>) =
            agreed.chain([def.complete.clone()]).filter_map(say).unzip();
        Some((logs.into_iter().next()?, lines))
    }

    /// Path and text of the workflow state, when this is the last gate and passed at `at`.
    fn workflow_state(&self, at: Stamp) -> Option<(String, String)> {
        let project = self.project();
        let is_last = workflow::last_gate(project) == Some(self.id.as_str());
        let evidence = workflow::evidence(project).filter(|_| is_last)?;
        let state = workflow::state(project, &self.release, evidence.kind, at);
        Some((evidence.def.path.clone(), json::pretty(&state)))
    }

    /// Keeps the record of the pass before, which the ledger names.
    fn keep_record(&self, path: &str, changes: &mut ChangeSet) {
        let project = self.project();
        let Some(old) = project.present(path) else { return };
        let mut lines = project.ledger.lines.iter().filter_map(|line| line.entry.record.as_ref());
        let Some(digest) = old.digest else { return };
        let named = lines.any(|record| record.sha256 == digest.to_string());
        if named && !project.objects.contains_key(&digest.to_string()) {
            changes.create(project.places().object(digest), old.text.clone());
        }
    }

    /// Copies of everything the record binds, and the demand that none of it changed meanwhile.
    fn copies(
        &self,
        record: &GateRecord<'_>,
        announcement: Option<&(String, Vec<String>)>,
        changes: &mut ChangeSet,
    ) -> Result<(), Failure> {
        let project = self.project();
        let mut planned = BTreeSet::new();
        for bound in &record.bound {
            let digest = bound.object();
            let Some(file) = project.present(bound.path()) else {
                changes.unchanged(bound.path(), Some(digest));
                continue;
            };
            let object = project.places().object(digest);
            let raw = bound.path().starts_with(project.places().raw());
            let kept = project.objects.get(&digest.to_string()) == Some(&digest);
            // Two files with the same bytes share one copy.
            if !raw && !kept && planned.insert(digest) {
                if self.session.files().exists(&object) {
                    return Err(
                        Failure::refused(format!("{object} holds other bytes than its name says"))
                            .advise(restore().or(
                                set_aside(&object).what("or take it away, then run the gate again"),
                            )),
                    );
                }
                let added = announcement.filter(|(path, _)| path == bound.path());
                let text = match added {
                    Some((_, lines)) => format!("{}{}\n", file.text, lines.join("\n")),
                    None => file.text.clone(),
                };
                changes.create(object, text);
            }
            changes.unchanged(bound.path(), file.digest);
        }
        Ok(())
    }

    /// A refusal goes to the ledger, with the rules that refused.
    fn refuse(
        &self,
        verdict: Verdict,
        blocking: &[Finding],
        assessment: &Assessment,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let (project, id) = (self.project(), &self.id);
        if !self.dry_run {
            let mut entry =
                ledger_entry(project, EntryKind::GateRefused, &self.release, self.now, env);
            entry.gate = Some(id.clone());
            entry.refused_by(blocking);
            self.session.note(&entry)?;
        }
        let mut report =
            report(format!("gate {id}"), project, assessment, self.now, Some(verdict), |_| false);
        report.findings = blocking.iter().collect();
        report.not_due = 0;
        if emit(&report, Beside::default(), self.session.root(), global, env)? {
            return Ok(Exit::Refused);
        }
        write_findings(&report, true, global, env)?;
        let word = if verdict == Verdict::Review {
            "REVIEW: a human must look at this"
        } else {
            "REFUSED"
        };
        writeln!(env.out, "gate {id}: {word}, {}", tally(&report.findings))?;
        // What waits for a person has not failed, and a failure is named by its own cause only.
        let named = self.def().failure.cause;
        if let Some(cause) = blocking.iter().find(|own| is_cause(named, own))
            && verdict != Verdict::Review
        {
            handling::write_failure(self.def(), cause, env)?;
        }
        if verdict == Verdict::Review {
            handling::write_deciding(project, blocking, env)?;
        }
        if blocking.iter().any(|finding| finding.rule == &GL311) {
            writeln!(env.out, "d3p diff shows what changed")?;
        }
        Ok(Exit::Refused)
    }
}
