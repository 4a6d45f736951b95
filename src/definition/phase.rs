//! The phase definition, `phase.yaml`.

use crate::definition::{
    AppliesDef, ConsumerDef, EmergencyDef, EvidenceDef, FactCondition, Folder, Operand,
    PrerequisiteDef, ScheduleDef,
};
use crate::model::{Closing, Places, Sha256Digest};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// A phase: its documents, prerequisites, evidence, steps, gates and checkpoints, in file order.
#[derive(Clone, Debug, Deserialize)]
pub struct Phase {
    /// Its name, which `d3p.yaml` gives.
    pub id: String,
    /// Version of the definition; a released version never changes.
    pub version: u32,
    /// Title for people.
    pub title: String,
    /// The phase that hands its release over to this one, if any.
    pub follows: Option<String>,
    /// Where its releases lie, the open one and closed ones.
    pub places: Places,
    /// Defaults of `d3p.yaml`.
    pub defaults: Value,
    /// The phase's Markdown documents.
    pub documents: IndexMap<String, DocumentDef>,
    /// What other phases hand over.
    pub prerequisites: IndexMap<String, PrerequisiteDef>,
    /// Evidence by kind.
    pub evidence: IndexMap<String, EvidenceDef>,
    /// Steps and what must hold before them.
    pub steps: IndexMap<String, StepDef>,
    /// What the protocol asks people, by id (P11-C2).
    #[serde(default)]
    pub prompts: IndexMap<String, PromptDef>,
    /// Gates in order.
    pub gates: IndexMap<String, GateDef>,
    /// The computed progress tracker.
    pub checkpoints: Vec<Checkpoint>,
    /// The handoff checklist, computed like the tracker (P11-H).
    #[serde(default)]
    pub handoff: Vec<Checkpoint>,
    /// Who is given what of a release, by id (P11-5).
    #[serde(default)]
    pub consumers: IndexMap<String, ConsumerDef>,
    /// The activities of the phase, computed like the tracker; some only by fact (OPS-1).
    #[serde(default)]
    pub activities: Vec<Checkpoint>,
    /// The deployment checklist in its groups, computed like the tracker (P8-1).
    #[serde(default)]
    pub checklist: Vec<Checkpoint>,
    /// What an emergency may bring after its launch; none where the phase knows no emergency.
    pub emergency: Option<EmergencyDef>,
    /// Whether it is gone through at all.
    #[serde(default)]
    pub applies: AppliesDef,
    /// What is said when the last gate passed.
    pub completion: Completion,
    /// SHA-256 of the definition and of the schemas that are its own.
    #[serde(skip, default = "no_digest")]
    pub digest: Sha256Digest,
    /// What lies beside the definition.
    #[serde(skip)]
    pub folder: Folder,
    /// Whether the project brought its own definition.
    #[serde(skip)]
    pub custom: bool,
    /// The files of the project that define it, the definition first.
    #[serde(skip)]
    pub own: Vec<String>,
}

fn no_digest() -> Sha256Digest {
    Sha256Digest::of(b"")
}

/// One of the phase's Markdown documents.
#[derive(Clone, Debug, Deserialize)]
pub struct DocumentDef {
    /// Path from the project's root.
    pub path: String,
    /// Template that scaffolds it.
    pub template: String,
    /// Title for people.
    pub title: String,
    /// Required sections, in order.
    pub sections: Vec<SectionDef>,
    /// Clauses served.
    pub clauses: Vec<String>,
}

/// A required section. Exactly one of the content fields is set.
#[derive(Clone, Debug, Deserialize)]
pub struct SectionDef {
    /// Stable id.
    pub id: String,
    /// Heading; `titles` in `d3p.yaml` may translate it.
    pub title: String,
    /// What it is to d3p, where it is anything.
    pub role: Option<SectionRole>,
    /// Wants prose.
    #[serde(default)]
    pub text: bool,
    /// Wants a table.
    pub table: Option<TableDef>,
    /// Wants a checklist for each member of a set.
    pub checklist: Option<Checklist>,
    /// Holds the computed progress tracker.
    pub tracker: Option<String>,
    /// A question the protocol puts to the author, to be answered here.
    pub prompt: Option<String>,
    /// Whether what the question asks must be so: an answer that says No blocks.
    #[serde(default)]
    pub affirm: bool,
    /// The fact by which it does not apply.
    pub unless: Option<FactCondition>,
    /// Whether it is to be thought about again for each release, and not taken over from the one before.
    #[serde(default)]
    pub anew: bool,
    /// Clauses served.
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// What a section is to d3p.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionRole {
    /// What could go wrong: whoever signs is shown it.
    Risks,
}

/// A table's columns and the type of their cells.
#[derive(Clone, Debug, Deserialize)]
pub struct TableDef {
    /// Column heading → cell type, in order.
    pub columns: IndexMap<String, CellType>,
    /// Columns in which nothing stands twice.
    #[serde(default)]
    pub distinct: Vec<String>,
}

/// What a cell must hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellType {
    /// Anything but nothing.
    Text,
    /// The full name of a person.
    Person,
    /// A time with offset.
    Time,
    /// Relative to the launch: `T-30m`, `T+1h`; or a time with offset.
    Offset,
    /// `15m`.
    Duration,
    /// `< 1%`.
    Threshold,
    /// A whole number.
    Number,
    /// The name of a metric: `error_rate`.
    Metric,
}

/// A checklist per member of a set.
#[derive(Clone, Debug, Deserialize)]
pub struct Checklist {
    /// The set: a list of names.
    pub for_each: Operand,
    /// Fewest items per member.
    pub min_items: usize,
}

/// A step and what must hold before it.
#[derive(Clone, Debug, Deserialize)]
pub struct StepDef {
    /// Title for people.
    pub title: String,
    /// What must hold.
    pub before: Vec<Before>,
    /// What Protocol 11 announces at its start.
    pub announce: Option<String>,
    /// The step that it rehearses: that one's hooks are run, where they say `{env}`.
    pub rehearses: Option<String>,
    /// Words in the names of scripts that usually serve it: what `setup` proposes hooks from.
    #[serde(default)]
    pub scripts: Vec<String>,
    /// The evidence that its hooks produce.
    pub produces: Option<String>,
    /// Clauses served.
    pub clauses: Vec<String>,
}

impl StepDef {
    /// Whether it begins a stage of a rollout after the first.
    pub fn advances(&self) -> bool {
        self.before.iter().any(|before| matches!(before, Before::Stage(_)))
    }

    /// Whether it can begin once `kind` is there and waits for nothing else, with evidence of its own that a
    /// gate demands at once.
    pub fn follows(&self, kind: &str) -> bool {
        matches!(self.before.as_slice(), [Before::Evidence(own)] if own == kind)
    }

    /// Whether it takes a launch back: it alone waits for a decision of its own.
    pub fn takes_back(&self) -> bool {
        self.before.iter().any(|before| matches!(before, Before::Decision(_)))
    }
}

/// A question in the words of the protocol (P11-C2).
#[derive(Clone, Debug, Deserialize)]
pub struct PromptDef {
    /// Its exact words.
    pub text: String,
    /// The gate that must be passed before it may be announced.
    pub after: Option<String>,
    /// The command that puts it by itself; none where only people do.
    pub put_by: Option<PutBy>,
    /// Clauses served.
    pub clauses: Vec<String>,
}

/// Which command puts a question of the protocol, since it is its moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PutBy {
    /// The request for an approval.
    Request,
    /// The decision on a rollback.
    Rollback,
    /// The pass of the last gate.
    LastGate,
}

/// One thing that must hold before a step.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// A gate is passed and still valid.
    Gate(String),
    /// A decision is in force.
    Approval(String),
    /// A person decided that the step is taken, where decisions are signed.
    Decision(String),
    /// No denied window is open now.
    Window(String),
    /// A document is complete.
    Document(String),
    /// A piece of evidence is passed.
    Evidence(String),
    /// No question is open or answered no.
    Questions(String),
    /// The stage of the rollout before has passed, or was decided upon.
    Stage(String),
}

/// A gate.
#[derive(Clone, Debug, Deserialize)]
pub struct GateDef {
    /// 1 to 4.
    pub number: u32,
    /// Title for people.
    pub title: String,
    /// The gate before it.
    pub after: Option<String>,
    /// The protocol's criteria, for people.
    pub criteria: Vec<String>,
    /// Prerequisites it binds.
    #[serde(default)]
    pub prerequisites: Vec<String>,
    /// Evidence it binds.
    pub evidence: Vec<String>,
    /// Documents it binds.
    #[serde(default)]
    pub documents: Vec<String>,
    /// Whether every checkpoint must hold.
    #[serde(default)]
    pub checkpoints: bool,
    /// Announcement of a pass.
    pub complete: String,
    /// What is appended to the log of what people are told when it passes.
    pub schedule: Option<ScheduleDef>,
    /// What is demanded instead where the launch came to something else, by that outcome.
    #[serde(default)]
    pub by_outcome: IndexMap<Closing, ExitDef>,
    /// What the protocol says about a refusal.
    pub failure: Failure,
    /// Clauses served.
    pub clauses: Vec<String>,
}

/// What ends a release honestly that is not completed (DLC-9).
#[derive(Clone, Debug, Deserialize)]
pub struct ExitDef {
    /// The gate that must have been passed before; none where nothing was launched.
    pub after: Option<String>,
    /// The protocol's criteria, for people.
    pub criteria: Vec<String>,
    /// The evidence that must be there and pass.
    pub evidence: Vec<String>,
    /// What is said when it is closed so.
    pub complete: String,
    /// Clauses served.
    pub clauses: Vec<String>,
}

/// The protocol's failure handling (P11-G1…G4, P11-C3).
#[derive(Clone, Debug, Deserialize)]
pub struct Failure {
    /// `MissingPrerequisites`, `DeploymentFailure`, `HealthDegradation`.
    pub error: String,
    /// The protocol's exact message.
    pub message: String,
    /// The gate's failure handling.
    pub handling: String,
    /// The error's recovery.
    pub recovery: String,
    /// What it is said of; for anything else the gate only says that it refuses (P11-C3).
    pub cause: Cause,
}

/// What a named failure is the name of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An artifact that other work had to bring is not there.
    Missing,
    /// Something that was carried out failed.
    Failed,
    /// A measured value lies beyond its threshold.
    Threshold,
}

/// One sub-checkpoint of the tracker, computed.
#[derive(Clone, Debug, Deserialize)]
pub struct Checkpoint {
    /// Stable id.
    pub id: String,
    /// The tracker's text.
    pub title: String,
    /// Everything that must hold.
    pub holds: Vec<Hold>,
    /// The fact by which it does not apply.
    pub unless: Option<FactCondition>,
    /// The group that it stands in, where a list has groups.
    pub group: Option<String>,
    /// Clauses served.
    pub clauses: Vec<String>,
}

/// One condition of a checkpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Hold {
    /// A prerequisite is met.
    Prerequisite {
        /// Its id.
        prerequisite: String,
    },
    /// A document is complete.
    Document {
        /// Its id.
        document: String,
    },
    /// A piece of evidence is passed.
    Evidence {
        /// Its kind.
        evidence: String,
    },
    /// An append-only file has entries.
    Entries {
        /// Its kind.
        entries: String,
        /// Only entries at or after the end of this evidence count.
        since: Option<String>,
    },
    /// Somebody took what a consumer is given, as it lies there.
    Taken {
        /// Its id.
        taken: String,
    },
}

/// What is said when the last gate passed.
#[derive(Clone, Debug, Deserialize)]
pub struct Completion {
    /// The protocol's exact message.
    pub message: String,
    /// The phase that follows.
    pub next: String,
    /// Names of the workflow's phases, of which this one is the last, where it is part of one.
    #[serde(default)]
    pub workflow: Vec<String>,
    /// Clauses served.
    pub clauses: Vec<String>,
}
