//! What one line of the ledger says, each fact in a member of its own.
//!
//! Nothing reads a fact out of `reason`: it holds a person's words, for people.

use super::{Authorship, CheckedChange, CheckedFix, Ended, LockRehearsal, TakenLock};
use crate::model::{Caller, Closing, Finding, Judgement, ProcessId, Sha256Digest, Stamp};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A gate was computed to pass, and its record written.
    GatePassed,
    /// A gate was computed not to pass.
    GateRefused,
    /// Evidence, an entry of a log, or a person's decision was recorded.
    Recorded,
    /// A hook begins to run; the line's id is the run's.
    Began,
    /// A hook was run, and its record written.
    Ran,
    /// A hook was not run, since its step was not cleared.
    RunRefused,
    /// A stage of a rollout was watched, and what was measured written.
    Watched,
    /// A release was closed.
    Archived,
    /// A person signed that the time of an earlier line is not to be believed.
    Withdrew,
    /// A person decided that the phase is not gone through for this release.
    Skipped,
    /// Somebody took what a consumer of the release is given.
    HandedOver,
    /// An authority outside was shown a line, and says when.
    Timestamped,
}

/// A file and its digest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// Path from the project's root.
    pub path: String,
    /// Lower-case SHA-256.
    pub sha256: String,
}

/// The record that a pass wrote.
pub type RecordRef = FileDigest;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// In which way.
    pub ended: Ended,
    /// What it exited with, when it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The signal that ended it, when one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
}

impl Ending {
    /// Whether the command ended by itself with 0.
    pub fn succeeded(self) -> bool {
        self.ended == Ended::Exited && self.exit_code == Some(0)
    }

    /// The same in words, for people.
    pub fn words(self) -> String {
        match (self.ended, self.exit_code, self.signal) {
            (Ended::Exited, Some(0), _) => "passed".to_owned(),
            (Ended::Exited, Some(code), _) => format!("failed (exit {code})"),
            (Ended::Signalled, _, Some(signal)) => format!("failed (signal {signal})"),
            (Ended::TimedOut, ..) => "failed (timeout)".to_owned(),
            (Ended::Interrupted, ..) => "failed (interrupted)".to_owned(),
            (Ended::NotStarted, ..) => "failed (could not be started)".to_owned(),
            _ => "failed".to_owned(),
        }
    }
}

/// What recorded evidence says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// What it tells of went well.
    Passed,
    /// It did not.
    Failed,
}

/// A decision of a person that a line names, whatever the path of its file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// What was decided, such as `GO`.
    pub decision: String,
    /// Full name of the person.
    pub person: String,
    /// Full id of the commit that it is about.
    pub commit: String,
    /// SHA-256 of the exact text.
    pub statement: String,
    /// SHA-256 of that text together with its signature, where it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
}

/// The exact text of a decision, and its signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The statement.
    pub statement: String,
    /// The armored signature; empty where the policy wants none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
}

/// Something that was handed over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    /// The consumer, as the phase names it.
    pub consumer: String,
    /// Full name of the person who took it.
    pub taken_by: String,
}

/// What an authority outside says of a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timestamp {
    /// Digest of the line that it was shown.
    pub of: String,
    /// The time stamp token of RFC 3161, in base64.
    pub token: String,
}

/// One line of the ledger, as written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Sixteen random hexadecimal digits.
    pub id: String,
    /// When, by the writer's clock (a claim).
    pub at: String,
    /// What that clock said, where it was behind the newest line, whose time then stands in `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// Who ran the command (a claim).
    pub actor: Caller,
    /// What happened.
    pub kind: EntryKind,
    /// Release version and attempt, `v1.4.0+1`.
    pub release: String,
    /// The gate, for gate lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The record of a pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordRef>,
    /// The hook, for lines about a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// The process that watches the run, where the system tells; only on its own machine it says
    /// whether the run goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<ProcessId>,
    /// The launch lock of the launch that begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<TakenLock>,
    /// Whether the launch lock can be taken, on the line of whoever tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<LockRehearsal>,
    /// Whether it begins although nobody has decided it, as its step wants.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// How the run ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Ending>,
    /// Id of the run that measured what was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The stage of a rollout that the line is about, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<u64>,
    /// What watching the stage came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Judgement>,
    /// What the recorded evidence says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The decision that was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// The decision that the time of an earlier line is not to be believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<Signed>,
    /// What was handed over: to whom, and who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<Handoff>,
    /// The decision that the phase is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<Signed>,
    /// The time stamp of an earlier line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// What the release changes, on the line of the gate, or of the skip, that asked git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<CheckedChange>,
    /// The machine that signed what the line is about, as the policy names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Who wrote what is released, on the line of the gate that asked git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authors: Option<Authorship>,
    /// Whether the commits that the manifest calls fixes are, on the line of the gate that asked git.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<CheckedFix>,
    /// As what the release was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closing>,
    /// Codes of the rules that refused, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// What a person gave as the reason, or what was done, in words for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Other files that the line is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub digests: Vec<FileDigest>,
    /// Digests of all lines that no earlier line had named.
    pub heads: Vec<String>,
}

impl Entry {
    /// A line that says no more than what happened, when, and who did it.
    pub fn new(
        id: String,
        at: Stamp,
        actor: Caller,
        kind: EntryKind,
        release: String,
        heads: &[Sha256Digest],
    ) -> Self {
        Self {
            id,
            at: at.to_string(),
            clock: None,
            actor,
            kind,
            release,
            gate: None,
            record: None,
            hook: None,
            process: None,
            lock: None,
            rehearsed: None,
            undecided: false,
            outcome: None,
            run: None,
            stage: None,
            found: None,
            status: None,
            decided: None,
            withdrawal: None,
            handoff: None,
            skip: None,
            timestamp: None,
            change: None,
            machine: None,
            authors: None,
            fixes: Vec::new(),
            closed: None,
            rules: Vec::new(),
            reason: None,
            digests: Vec::new(),
            heads: heads.iter().map(ToString::to_string).collect(),
        }
    }

    /// Names the rules of these findings, each once, sorted.
    pub fn refused_by(&mut self, findings: &[Finding]) {
        self.rules = findings.iter().map(|finding| finding.rule.code.to_owned()).collect();
        self.rules.sort_unstable();
        self.rules.dedup();
    }

    /// Whether the decision that it names is about `commit`, in whatever attempt at `version`.
    pub fn is_about(&self, version: &str, commit: &str) -> bool {
        let own = self.release.rsplit_once('+').map_or(self.release.as_str(), |(own, _)| own);
        own == version && self.decided.as_ref().is_some_and(|own| own.commit == commit)
    }

    /// Every digest that it names, of files and of what a person said.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let files = self.digests.iter().map(|file| &file.sha256);
        let said =
            self.decided.iter().flat_map(|own| std::iter::once(&own.statement).chain(&own.signed));
        files.chain(said).map(String::as_str)
    }

    /// A member that a line of its kind has, and this one lacks.
    pub(super) fn lacking(&self) -> Option<&'static str> {
        let members: &[(&str, bool)] = match self.kind {
            EntryKind::GatePassed => {
                &[("gate", self.gate.is_some()), ("record", self.record.is_some())]
            }
            EntryKind::GateRefused => {
                &[("gate", self.gate.is_some()), ("rules", !self.rules.is_empty())]
            }
            EntryKind::Recorded => &[("digests", !self.digests.is_empty())],
            EntryKind::Began => &[("hook", self.hook.is_some())],
            EntryKind::Ran => &[("hook", self.hook.is_some()), ("outcome", self.outcome.is_some())],
            EntryKind::RunRefused => {
                &[("hook", self.hook.is_some()), ("rules", !self.rules.is_empty())]
            }
            EntryKind::Watched => &[
                ("stage", self.stage.is_some()),
                ("run", self.run.is_some()),
                ("found", self.found.is_some()),
                ("digests", !self.digests.is_empty()),
            ],
            EntryKind::Archived => &[("closed", self.closed.is_some())],
            EntryKind::Withdrew => &[("withdrawal", self.withdrawal.is_some())],
            EntryKind::Skipped => &[("skip", self.skip.is_some())],
            EntryKind::HandedOver => {
                &[("handoff", self.handoff.is_some()), ("digests", !self.digests.is_empty())]
            }
            EntryKind::Timestamped => &[("timestamp", self.timestamp.is_some())],
        };
        members.iter().find(|(_, is_there)| !is_there).map(|(name, _)| *name)
    }

    /// The line without its newline.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("an entry has only strings")
    }
}
