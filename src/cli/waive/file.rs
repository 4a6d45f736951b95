//! The file of waivers: adding a statement, dropping what counts no longer.

use crate::cli::Failure;
use crate::cli::args::WaiveArgs;
use crate::cli::common::{Global, ledger_entry, open_release, report};
use crate::cli::session::Session;
use crate::decide::{Assessment, assess};
use crate::decisions::{
    WAIVE, Waiver, WaiverDecision, WaiverSet, WaiverState, waiver_decisions, waivers_fault,
    waivers_text,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Sha256Digest, Stamp};
use crate::project::{FileEntry, Project, ReadAs, Release};
use crate::record::{Decided, EntryKind, FileDigest, GateRecord, GateRecordClaims, signed_digest};
use crate::render::{clean, json};
use crate::rules::{abandon, hardware_key, set_aside};
use crate::write::ChangeSet;
use std::collections::BTreeSet;

/// What was written, read again.
pub(super) struct Written {
    pub(super) project: Project,
    pub(super) assessment: Assessment,
    pub(super) now: Stamp,
    /// What was dropped, in words.
    pub(super) dropped: Vec<String>,
}

/// Whether the file can be read at all.
///
/// # Errors
/// A refusal: what cannot be read is not written over, since signatures would be lost.
pub(super) fn readable(project: &Project) -> Result<(), Failure> {
    match waivers_fault(project) {
        None => Ok(()),
        Some((_, why)) => {
            Err(Failure::refused(format!("{} cannot be read: {why}", project.places().waivers()))
                .advise(Advice::restore(project.places().waivers()))
                .advise(
                    set_aside(project.places().waivers())
                        .what("or take it away, when nothing in it is wanted"),
                ))
        }
    }
}

/// Adds a signed statement, unless it would not count, and drops what counts no longer.
///
/// # Errors
/// A refusal when it would count for nothing, or what it is about changed meanwhile.
pub(super) fn add(
    session: &Session,
    new: &WaiverDecision,
    env: &mut Env<'_>,
) -> Result<Written, Failure> {
    let mut project = session.again()?;
    readable(&project)?;
    let (release, now) = (open_release(&project)?, (env.now)());
    let before = assess(&project, now);
    let old = project.digest_of(project.places().waivers());
    let all = waiver_decisions(&project);
    let (mut keep, mut dropped) = counting(&before, all);
    keep.push(new.clone());
    let mut assessment = put(&mut project, &keep, now);
    let digest = new.digest();
    let own = |set: &&WaiverSet| set.parts.iter().any(|part| part.digest == digest);
    let set = assessment.waivers.sets.iter().find(own);
    check(&project, &assessment, set, new, &before)?;
    // One that takes the place of another drops it, once it is in force.
    if let Some(set) = set.filter(|set| set.state == WaiverState::InForce) {
        let replaced = |other: &&WaiverSet| {
            let (a, b) = (&other.said, &set.said);
            other.used.is_empty()
                && (&a.rule, &a.path, &a.pointer) == (&b.rule, &b.path, &b.pointer)
                && a.terms() != b.terms()
        };
        let gone: Vec<&WaiverSet> = assessment.waivers.sets.iter().filter(replaced).collect();
        let parts: BTreeSet<Sha256Digest> =
            gone.iter().flat_map(|set| set.parts.iter().map(|part| part.digest)).collect();
        dropped.extend(
            gone.iter().map(|set| format!("{}, which this one replaces", set.said.words())),
        );
        keep.retain(|decision| !parts.contains(&decision.digest()));
        assessment = put(&mut project, &keep, now);
    }
    let change = Change { session, release: &release, keep: &keep, old, now };
    change.write(Some(new), dropped.len(), &project, env)?;
    Ok(Written { project, assessment, now, dropped })
}

/// What would not count is not written.
fn check(
    project: &Project,
    assessment: &Assessment,
    set: Option<&WaiverSet>,
    new: &WaiverDecision,
    before: &Assessment,
) -> Result<(), Failure> {
    let nothing = "nothing was written";
    let Some(set) = set else {
        // Those that were there count, so the one that does not is the new one.
        let why =
            assessment.waivers.invalid.first().map_or("it counts for nothing", |(_, why)| why);
        return Err(Failure::refused(format!("this waiver would not count: {why}"))
            .advise(
                Advice::d3p(["approve", "status"]).what("see who may sign, and with which keys"),
            )
            .note(nothing));
    };
    let policy = &project.effective().policy.approval.waiver;
    let digest = new.digest();
    let own = set.parts.iter().find(|part| part.digest == digest);
    if let Some(what) = own.and_then(|part| part.signer.unshown(policy)) {
        return Err(Failure::refused(format!(
            "this waiver would not count: the key did not show a {what}"
        ))
        .advise(hardware_key())
        .note(nothing));
    }
    if let Some(part) = own {
        not_signed_by(before, &set.said, &part.signer.person)?;
    }
    let held = assessment
        .findings
        .iter()
        .filter(|finding| set.is_about(finding))
        .find_map(|finding| finding.waived.as_ref());
    if let Some(how) = held.filter(|_| set.state == WaiverState::InForce && set.used.is_empty()) {
        return Err(Failure::refused(format!("it is waived already: {how}"))
            .note("a later --until takes its place; d3p waive RULE --remove drops it")
            .note(nothing));
    }
    if set.state == WaiverState::InForce && set.used.is_empty() || set.state == WaiverState::Late {
        return Err(Failure::refused(
            "this waiver would let nothing stand: what it is about changed meanwhile",
        )
        .advise(Advice::d3p(["check"]).what("look again"))
        .note(nothing));
    }
    Ok(())
}

/// Refuses a waiver that this person has signed in the same words before.
pub(super) fn not_signed_by(
    before: &Assessment,
    said: &Waiver,
    person: &str,
) -> Result<(), Failure> {
    let terms = said.terms();
    let mut same = before.waivers.sets.iter().filter(|set| set.said.terms() == terms);
    if same.any(|set| set.parts.iter().any(|part| part.signer.person == person)) {
        return Err(Failure::refused(format!("{person} signed this waiver already"))
            .advise(Advice::d3p(["waive", "--list"]).what("see what it lacks"))
            .note("nothing was written"));
    }
    Ok(())
}

/// Drops statements: those that were named, and all that count for nothing.
pub(super) fn remove(
    args: &WaiveArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let session = global.session_locked()?;
    let mut project = session.again()?;
    readable(&project)?;
    let (release, now) = (open_release(&project)?, (env.now)());
    let before = assess(&project, now);
    let old = project.digest_of(project.places().waivers());
    let rule = args.rule.as_deref().map(|name| {
        crate::rules::find(name).map_or_else(|| name.to_uppercase(), |rule| rule.code.to_owned())
    });
    let path = args.path.as_deref().map(|path| path.strip_prefix("./").unwrap_or(path));
    let named = |decision: &WaiverDecision| {
        let said = decision.said();
        said.is_some_and(|said| {
            rule.as_ref() == Some(&said.rule)
                && path.is_none_or(|path| said.path == path)
                && (args.pointer.is_none() || said.pointer == args.pointer)
        })
    };
    let (counting, mut dropped) = counting(&before, waiver_decisions(&project));
    let (gone, keep): (Vec<WaiverDecision>, Vec<WaiverDecision>) =
        counting.into_iter().partition(named);
    history(&project, &gone)?;
    dropped.extend(gone.iter().filter_map(|decision| {
        let said = decision.said()?;
        Some(format!("{}, by {}", said.words(), said.head.person))
    }));
    if rule.is_some() && gone.is_empty() && dropped.is_empty() {
        return Err(
            Failure::refused("there is no such waiver").advise(Advice::d3p(["waive", "--list"]))
        );
    }
    let mut after = before;
    if !dropped.is_empty() {
        let change = Change { session: &session, release: &release, keep: &keep, old, now };
        change.write(None, dropped.len(), &project, env)?;
        after = put(&mut project, &keep, now);
    }
    if !global.human() {
        let report = report("waive --remove", &project, &after, now, None, |finding| {
            finding.location.path == project.places().waivers()
        });
        env.out.write_all(json::report(&report, &crate::render::Beside::default()).as_bytes())?;
        return Ok(Exit::Passed);
    }
    if dropped.is_empty() {
        writeln!(env.out, "every waiver counts; nothing was written")?;
    }
    for line in &dropped {
        writeln!(env.out, "dropped: {}", clean(line))?;
    }
    Ok(Exit::Passed)
}

/// A waiver that a gate was passed with is history once production was deployed.
fn history(project: &Project, gone: &[WaiverDecision]) -> Result<(), Failure> {
    if project.launched_at().is_none() {
        return Ok(());
    }
    for (id, gate) in &project.phase.gates {
        let record =
            project.file(&project.places().gate(gate.number, id)).and_then(|file| file.value());
        let used = record.map(GateRecordClaims::recorded_waivers).unwrap_or_default();
        let statements: BTreeSet<&String> =
            used.iter().flat_map(|waiver| &waiver.statements).collect();
        let digest = |decision: &WaiverDecision| decision.digest().to_string();
        if gone.iter().any(|decision| statements.contains(&digest(decision))) {
            return Err(Failure::refused(format!(
                "gate {id} was passed with this waiver, and production was deployed: it is history"
            ))
            .advise(abandon().what("close the release and go on with the next")));
        }
    }
    Ok(())
}

/// The statements that count, or wait for more persons; and the others, in words.
fn counting(
    assessment: &Assessment,
    all: Vec<WaiverDecision>,
) -> (Vec<WaiverDecision>, Vec<String>) {
    let waivers = &assessment.waivers;
    let alive =
        |set: &&WaiverSet| matches!(set.state, WaiverState::InForce | WaiverState::Lacking(_));
    let parts = waivers.sets.iter().filter(alive).flat_map(|set| &set.parts);
    let counts: BTreeSet<usize> = parts.map(|part| part.index).collect();
    let (keep, dead): (Vec<WaiverDecision>, Vec<WaiverDecision>) =
        all.into_iter().partition(|decision| counts.contains(&decision.index));
    let tell = |decision: &WaiverDecision| {
        let invalid = waivers.invalid.iter().find(|(index, _)| *index == decision.index);
        let why = invalid.map_or("it is over, or there twice", |(_, why)| why);
        match &decision.statement {
            Ok(statement) => {
                format!("{}, which counts for nothing: {why}", statement.predicate.place())
            }
            Err(_) => format!("waiver {}, which counts for nothing: {why}", decision.index),
        }
    };
    let dropped = dead.iter().map(tell).collect();
    (keep, dropped)
}

/// What the project would be worth with these statements.
fn put(project: &mut Project, statements: &[WaiverDecision], now: Stamp) -> Assessment {
    let text = waivers_text(statements);
    let digest = Sha256Digest::of(text.as_bytes());
    let path = project.places().waivers().to_owned();
    project.files.insert(path.clone(), FileEntry::read(path, text, digest, ReadAs::Json));
    assess(project, now)
}

/// A new content of the file, and everything that writing it takes.
struct Change<'a> {
    session: &'a Session,
    release: &'a Release,
    keep: &'a [WaiverDecision],
    old: Option<Sha256Digest>,
    now: Stamp,
}

impl Change<'_> {
    /// Writes the file, and the line of the ledger that says so, both or neither.
    fn write(
        &self,
        new: Option<&WaiverDecision>,
        dropped: usize,
        project: &Project,
        env: &Env<'_>,
    ) -> Result<(), Failure> {
        let text = waivers_text(self.keep);
        let mut entry = ledger_entry(project, EntryKind::Recorded, self.release, self.now, env);
        let sha256 = Sha256Digest::of(text.as_bytes()).to_string();
        entry.digests = vec![FileDigest { path: project.places().waivers().to_owned(), sha256 }];
        if let Some(new) = new {
            let said =
                new.statement.as_ref().map_err(|why| Failure::incomplete(why.to_string()))?;
            let said = &said.predicate;
            let signature = new.signature.as_deref().unwrap_or_default();
            entry.decided = Some(Decided {
                decision: WAIVE.to_owned(),
                person: said.head.person.clone(),
                commit: said.head.commit.clone(),
                statement: new.digest().to_string(),
                signed: Some(signed_digest(&new.text, signature).to_string()),
            });
            entry.rules = vec![said.rule.clone()];
            entry.reason = Some(said.reason.clone());
        } else {
            entry.reason = Some(format!("waivers dropped: {dropped}"));
        }
        let mut changes = ChangeSet::new(self.session.root());
        changes.replace(project.places().waivers(), text, self.old);
        changes.append_line(project.places().ledger(), entry.to_line());
        self.session.apply(changes)
    }
}

/// A copy of the waivers that a gate is passed with, and its digest for the ledger.
pub(in crate::cli) fn keep_copy(
    project: &Project,
    record: &GateRecord<'_>,
    changes: &mut ChangeSet,
) -> Option<FileDigest> {
    let file =
        project.present(project.places().waivers()).filter(|_| !record.waivers.is_empty())?;
    let digest = file.digest?;
    if !project.objects.contains_key(&digest.to_string()) {
        changes.create(project.places().object(digest), file.text.clone());
    }
    changes.unchanged(project.places().waivers(), file.digest);
    Some(FileDigest { path: project.places().waivers().to_owned(), sha256: digest.to_string() })
}
