//! `d3p record`: puts a header around what happened, checks it, and writes it whole or not at all.

mod answers;
mod body;
mod decision;
mod derived;
mod example;
mod incident;
pub(super) use example::example;
mod judge;
mod keep;
mod log;
mod observe;
mod rollback;
mod show;
mod tries;

pub(super) use answers::{Answer, answer};
pub(super) use decision::{approval_def, decide, may_decide, may_request, request};
pub(super) use derived::{append_sample, compile, copy_name, may_be_recorded};
pub(super) use keep::{Kept, keep};
pub(super) use log::append_text;
pub(super) use rollback::decide_rollback;

use crate::cli::args::RecordArgs;
use crate::cli::common::{Global, is_history, ledger_entry, open_release, phase_here, trusted_git};
use crate::cli::machine::{self, About, Signer};
use crate::cli::session::Session;
use crate::cli::{Failure, doctor, notify};
use crate::collect::{Envelope, announce_once, compose};
use crate::decide::{Assessment, assess};
use crate::definition::{EvidenceDef, EvidenceFormat, NativeCheck};
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Piece, Sha256Digest, Stamp, State};
use crate::project::{Project, Release};
use crate::record::{Entry, EntryKind, FileDigest};
use crate::render::{clean, json};
use crate::source::Tree as _;
use crate::write::ChangeSet;
use body::{Body, Given};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn run(args: &RecordArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if args.example {
        let phase = phase_here(global)?;
        return example::print(&phase, &args.kind, env);
    }
    let key = machine::key(args.sign_key.as_deref(), global, env)?;
    // Before the lock is taken: whoever writes to a pipe may take their time.
    let given = args.from.as_deref().map(|from| body::read_body(from, global, env));
    let mut session = global.session_locked()?;
    let git = trusted_git(session.root(), &session.project, env);
    doctor::nothing_is_lost(&git, session.root(), &session.project)?;
    let signer = match key.map(|key| (key, machine::unsigned(&args.kind, &session.project))) {
        None => None,
        Some((key, None)) => Some(key.for_evidence(&args.kind, &session.project)?),
        // A key that stands in the environment of a whole job is meant for other things.
        Some((_, Some(_))) if args.sign_key.is_none() => None,
        Some((_, Some((why, instead)))) => return Err(Failure::incomplete(why).advise(instead)),
    };
    let done = record(&session, args, given, signer.as_ref(), global, env)?;
    done.pass_on(&mut session, env)
}

/// Records, and signs as a machine where there is one.
fn record(
    session: &Session,
    args: &RecordArgs,
    given: Option<Given>,
    signer: Option<&Signer>,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Done, Failure> {
    let project = &session.project;
    let def =
        project.phase.evidence.get(&args.kind).ok_or_else(|| unknown_kind(project, &args.kind))?;
    let release = open_release(project)?;
    let recording = Recording { session, release: &release, kind: &args.kind, def };
    match def.format {
        EvidenceFormat::AppendOnly => recording.append(given, global, env),
        EvidenceFormat::Markdown if def.computed => {
            Err(Failure::usage(format!("{} is compiled: d3p report", args.kind)))
        }
        EvidenceFormat::Markdown if recording.is_incident() => {
            recording.incident(args, global, env)
        }
        EvidenceFormat::Markdown => Err(Failure::usage(format!(
            "{} is written by hand: edit {}, then d3p check",
            args.kind, def.path
        ))),
        EvidenceFormat::Json => recording.json(args, given, signer, global, env),
    }
}

/// How recording ended, and what was announced by it.
#[derive(Debug)]
struct Done {
    exit: Exit,
    /// Whether anything was: what would not count is refused, and shown.
    written: bool,
    said: Vec<String>,
}

impl Done {
    /// Lets the lock go, and passes on what was announced.
    fn pass_on(self, session: &mut Session, env: &mut Env<'_>) -> Result<Exit, Failure> {
        notify::pass_on(session, &self.said, env)?;
        Ok(self.exit)
    }
}

fn unknown_kind(project: &Project, kind: &str) -> Failure {
    let known: Vec<&str> = project.phase.evidence.keys().map(String::as_str).collect();
    Failure::usage(format!("`{kind}` is no evidence of this phase"))
        .note(format!("kinds: {}", known.join(", ")))
}

struct Recording<'a> {
    session: &'a Session,
    release: &'a Release,
    kind: &'a str,
    def: &'a EvidenceDef,
}

impl<'a> Recording<'a> {
    fn project(&self) -> &'a Project {
        &self.session.project
    }

    fn piece(&self) -> Piece {
        Piece::Evidence(self.kind.to_owned())
    }

    fn is_approval(&self) -> bool {
        self.def.native.iter().any(|native| matches!(native, NativeCheck::Approval { .. }))
    }

    /// Whether it holds statements of people: the ledger then names each.
    fn holds_decisions(&self) -> bool {
        self.def.native.iter().any(NativeCheck::holds_decisions)
    }

    /// Records JSON evidence.
    fn json(
        &self,
        args: &RecordArgs,
        given: Option<Given>,
        signer: Option<&Signer>,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Done, Failure> {
        let body =
            |before: &Assessment, env: &mut Env<'_>| self.body(args, given, before, global, env);
        self.json_signed(body, args.reopen, signer, global, env)
    }

    /// Records JSON evidence that no machine signs.
    fn json_of(
        &self,
        make: impl FnOnce(&Assessment, &mut Env<'_>) -> Result<Body, Failure>,
        reopen: bool,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Done, Failure> {
        self.json_signed(make, reopen, None, global, env)
    }

    /// Records JSON evidence with the body that `make` gives, once it is known that it may be
    /// recorded.
    fn json_signed(
        &self,
        make: impl FnOnce(&Assessment, &mut Env<'_>) -> Result<Body, Failure>,
        reopen: bool,
        signer: Option<&Signer>,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Done, Failure> {
        let now = (env.now)();
        let before = assess(self.project(), now);
        self.may_be_recorded(&before, reopen)?;
        let mut body = make(&before, env)?;
        let observed_commit = self.observed_commit(env)?;
        self.observe(&mut body.members, now)?;
        let envelope = Envelope {
            kind: self.kind,
            def: self.def,
            origin: body.origin,
            observed_commit,
            cites: body.cites.clone(),
            runs: &body.runs,
            imports: &body.imports,
            recording: self.next_try(),
            now,
        };
        let candidate =
            |passed| compose(self.project(), self.release, &envelope, &body.members, passed);
        // The status is what the facts make: tried as a pass, and turned when they do not hold.
        let (mut value, mut judged) = self.judge(candidate(true), &body, env)?;
        if judged.iter().any(|finding| finding.state == Some(State::Failed)) {
            (value, judged) = self.judge(candidate(false), &body, env)?;
        }
        let unusable = |finding: &&Finding| {
            matches!(finding.state, Some(State::Invalid | State::Missing | State::Stale))
                && !waits_for_others(finding)
        };
        let refused: Vec<Finding> = judged.iter().filter(unusable).cloned().collect();
        if !refused.is_empty() {
            let exit = self.show_refused(&value, &body, &refused, global, env)?;
            return Ok(Done { exit, written: false, said: Vec::new() });
        }
        let text = json::pretty(&value);
        let said = self.write_json(&text, &body, now, signer, env)?;
        for line in &body.told {
            if global.human() && !global.quiet {
                writeln!(env.out, "  {}", clean(line))?;
            }
        }
        let exit = self.show_written(&value, &judged, global, env)?;
        if let Some(signer) = signer.filter(|_| global.human() && !global.quiet) {
            writeln!(env.out, "signed by {}", signer.machine)?;
        }
        Ok(Done { exit, written: true, said })
    }

    /// What is checked out, where that is not the release's commit.
    fn observed_commit(&self, env: &Env<'_>) -> Result<Option<String>, Failure> {
        // What runs show comes from the commit itself. A decision is about digests: no git, which
        // reads what the clone's own configuration names, is started as whoever decides.
        if self.holds_decisions() || self.session.tree.is_some() {
            return Ok(None);
        }
        let head = trusted_git(self.session.root(), self.project(), env)?.head_commit()?;
        Ok((head != self.release.commit).then_some(head))
    }

    /// Adds what is announced when evidence of this kind is first made; gives the texts.
    fn announce(&self, changes: &mut ChangeSet, now: Stamp, env: &Env<'_>) -> Vec<String> {
        let texts = self.project().phase.announced_by(self.kind);
        let said = announce_once(self.project(), now, &mut || env.random_hex(8), &texts);
        let add = |(log, line, text): (String, String, String)| {
            changes.append_line(log, line);
            text
        };
        said.into_iter().map(add).collect()
    }

    /// What a gate has bound is not overwritten by accident, and never after launch; and what comes
    /// before is there.
    fn may_be_recorded(&self, assessment: &Assessment, reopen: bool) -> Result<(), Failure> {
        self.may_be_written(assessment, reopen)?;
        self.predecessors()
    }

    fn may_be_written(&self, assessment: &Assessment, reopen: bool) -> Result<(), Failure> {
        let project = self.project();
        let Some((gate, _)) = project.phase.gate_of_evidence(self.kind) else { return Ok(()) };
        if !project.was_passed(gate, self.release) {
            return Ok(());
        }
        // What was bound stays so when it is deleted. That it was taken back can be told at any time.
        let own = |entry: &Entry| entry.digests.iter().any(|file| file.path == self.def.path);
        let told = || project.ledger.lines.iter().any(|line| own(&line.entry));
        let takes_back = project.phase.taken_back(false).is_some_and(|(kind, _)| kind == self.kind);
        if takes_back && !told() || project.may_still_follow(self.kind) {
            return Ok(());
        }
        if project.launched_at().is_some() {
            return Err(is_history(gate, &self.def.path));
        }
        let valid = assessment.is_passed(gate) && project.present(&self.def.path).is_some();
        if valid && !reopen {
            return Err(Failure::refused(format!(
                "gate {gate} is passed and bound {}",
                self.def.path
            ))
            .advise(
                Advice::d3p(["record", self.kind, "--reopen"]).what(format!(
                    "record it anew, which opens gate {gate} and all after it again"
                )),
            ));
        }
        Ok(())
    }

    fn predecessors(&self) -> Result<(), Failure> {
        for kind in &self.def.after {
            let project = self.project();
            let Some(def) = project.phase.evidence.get(kind) else { continue };
            if project.exemption(kind).is_none() && project.digest_of(&def.path).is_none() {
                let how = if def.template.is_some() {
                    Advice::d3p(["init"])
                } else {
                    Advice::d3p(["record", kind])
                };
                return Err(Failure::refused(format!(
                    "{kind} must come before {}, and is not there",
                    self.kind
                ))
                .advise(how));
            }
        }
        Ok(())
    }

    /// One more than the try that lies there.
    fn next_try(&self) -> u64 {
        let old = self.project().file(&self.def.path).and_then(|file| file.value());
        let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64);
        match old {
            Some(old) if number(old, "attempt") == Some(self.release.attempt) => {
                number(old, "try").unwrap_or(0) + 1
            }
            _ => 1,
        }
    }

    fn write_json(
        &self,
        text: &str,
        body: &Body,
        now: Stamp,
        signer: Option<&Signer>,
        env: &Env<'_>,
    ) -> Result<Vec<String>, Failure> {
        let mut changes = ChangeSet::new(self.session.root());
        let kept = self.keep_before(&mut changes, env);
        self.add(text, body, &mut changes);
        // What the ledger names is missing when it is gone: nothing recorded vanishes in silence.
        let mut entry = ledger_entry(self.project(), EntryKind::Recorded, self.release, now, env);
        let sha256 = Sha256Digest::of(text.as_bytes()).to_string();
        entry.digests = vec![FileDigest { path: self.def.path.clone(), sha256 }];
        entry.digests.extend(kept);
        entry.digests.extend(self.unnamed_tries());
        entry.rehearsed = body.rehearsed.clone();
        if self.holds_decisions()
            && let Some(said) = decision::last(text)
        {
            entry.decided = Some(said);
        }
        // How it ended stays known, whatever the file says later.
        let value: Option<Value> = serde_json::from_str(text).ok();
        entry.status =
            value.and_then(|value| serde_json::from_value(value.get("status")?.clone()).ok());
        if let Some(signer) = signer {
            entry.machine = Some(signer.machine.clone());
            let (release, environment) = (self.release, self.def.environment.as_str());
            let about = About { kind: self.kind, release, environment, at: now };
            let path = &self.def.path;
            entry.digests.push(signer.sign_file(path, text, about, self.project(), &mut changes));
        }
        changes.append_line(self.project().places().ledger(), entry.to_line());
        let said = self.announce(&mut changes, now, env);
        self.tell_of_objection(&mut changes, now)?;
        self.session.apply(changes)?;
        Ok(said)
    }

    /// Adds the file and the reports that it is made of.
    fn add(&self, text: &str, body: &Body, changes: &mut ChangeSet) {
        let mut copied: BTreeSet<&str> = BTreeSet::new();
        for (import, kept) in body.imports.iter().zip(&body.kept) {
            // Copies are named after their content, so one that is there is the same, and two files
            // that say the same, such as one configuration for both environments, share one.
            if copied.insert(&import.path) && !self.session.files().exists(&import.path) {
                kept.add_to(&import.path, changes);
            }
        }
        let old = self.project().present(&self.def.path).and_then(|old| old.digest);
        changes.replace(self.def.path.as_str(), text, old);
    }
}

/// Findings that recording this piece again could not mend: they wait for other persons or pieces.
fn waits_for_others(finding: &Finding) -> bool {
    use crate::rules::{GL501, GL502, GL507, GL515};
    [&GL501, &GL502, &GL507, &GL515].contains(&finding.rule)
}
