//! What a phase says of a piece of evidence, and the closed list of checks written in Rust.

use crate::definition::phase::SectionDef;
use crate::definition::spans::maybe_span;
use crate::definition::{FactCondition, Operand, Predicate};
use crate::model::{Advice, Span};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// How a piece of evidence is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceFormat {
    /// JSON with the evidence header.
    Json,
    /// Markdown with YAML front matter.
    Markdown,
    /// Markdown with YAML front matter, then one entry a line, only ever added to.
    AppendOnly,
}

/// How strongly a piece is demanded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obligation {
    /// Must be there.
    #[default]
    Required,
    /// The protocol says "guideline": must be there unless the policy exempts it by name.
    Guideline,
    /// Judged when it is there.
    Optional,
}

/// When the policy removes the obligation.
#[derive(Clone, Debug, Deserialize)]
pub struct Exemption {
    /// JSON pointer into the effective policy.
    pub policy: String,
    /// The value under which the evidence is demanded.
    pub equals: Value,
}

/// A piece of evidence.
#[derive(Clone, Debug, Deserialize)]
pub struct EvidenceDef {
    /// Title for people.
    pub title: String,
    /// Path from the project's root.
    pub path: String,
    /// How it is written down.
    pub format: EvidenceFormat,
    /// Template that scaffolds it, for Markdown.
    pub template: Option<String>,
    /// Environment that its header must name.
    pub environment: String,
    /// How strongly it is demanded.
    #[serde(default)]
    pub obligation: Obligation,
    /// The policy key that may remove the obligation.
    pub exempt_unless: Option<Exemption>,
    /// The fact by which it does not apply.
    pub unless: Option<FactCondition>,
    /// The facts by which it is demanded although it is optional; one is enough.
    #[serde(default)]
    pub demanded_when: Vec<FactCondition>,
    /// What it has to show, by id.
    #[serde(default)]
    pub parts: IndexMap<String, PartDef>,
    /// How old it may be when judged; `None` when only content and order count.
    #[serde(default, deserialize_with = "maybe_span")]
    pub max_age: Option<Span>,
    /// Other times and days in it, such as those of signatures below it.
    #[serde(default)]
    pub dated: Vec<Dated>,
    /// Where it names persons, if it does; `*` stands for each entry.
    #[serde(default)]
    pub people_at: Vec<String>,
    /// Evidence that must come before it and that it cites by digest.
    #[serde(default)]
    pub after: Vec<String>,
    /// Whether its front matter is the release's identity.
    #[serde(default)]
    pub identity: bool,
    /// What d3p makes of runs and imported reports for it.
    pub derive: Option<Derivation>,
    /// The protocol's words for the result (DLC-3).
    pub outcome: Option<Outcome>,
    /// What Protocol 11 announces when it is first made.
    pub announce: Option<String>,
    /// Whether it holds questions that people answer (D3P-4).
    #[serde(default)]
    pub questions: bool,
    /// Whether only d3p writes it.
    #[serde(default)]
    pub computed: bool,
    /// Whether it reports the launch: what came before is history from its start on.
    #[serde(default)]
    pub launch: bool,
    /// What it must say.
    #[serde(default)]
    pub require: Vec<Predicate>,
    /// Checks that need more than predicates.
    #[serde(default)]
    pub native: Vec<NativeCheck>,
    /// Sections of a Markdown piece.
    #[serde(default)]
    pub sections: Vec<SectionDef>,
    /// Clauses served.
    pub clauses: Vec<String>,
}

/// Something that a piece of evidence has to show.
#[derive(Clone, Debug, Deserialize)]
pub struct PartDef {
    /// Title for people.
    pub title: String,
    /// The files that show it, kept as the release's commit has them.
    pub files: Option<FilesKind>,
    /// Where a person's word stands that shows it, too.
    pub at: Option<String>,
    /// The fact by which it has to be shown; always unless said.
    pub when: Option<FactCondition>,
}

/// What is known of files that are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilesKind {
    /// Rules of alerts, and their tests, as Prometheus reads them (OPS-4d).
    AlertRules,
    /// Whatever shows it, such as the definition of a dashboard (OPS-4c).
    Kept,
    /// What changed since the release before: git says so when it is recorded (OPS-4e).
    Changed,
}

/// Times of one kind in a piece of evidence, besides those of its header.
#[derive(Clone, Debug, Deserialize)]
pub struct Dated {
    /// JSON pointer; `*` stands for each entry of a list or object.
    pub at: String,
    /// How old each may be when it is judged.
    #[serde(default, deserialize_with = "maybe_span")]
    pub max_age: Option<Span>,
    /// Where the time stands that each may not come before: it is a promise, and no fact.
    pub not_before: Option<String>,
}

/// What d3p makes of the runs of a step's hooks and of imported reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Derivation {
    /// Commands, services and configuration (P11-2.1, P11-3.2).
    Deployment,
    /// Suites, security findings and performance (P11-2.2).
    Validation,
    /// Checks of the services (P11-3.3).
    Checks,
    /// One entry of the health log (P11-4.1).
    Sample,
    /// What was taken back, service by service (DLC-6, OPS-4f).
    Rollback,
    /// Files by their digests, and what tests say of them (OPS-4d).
    Files,
    /// How long a restore took, and how much was lost (OPS-6).
    Restore,
}

/// The protocol's words for a result (DLC-3).
#[derive(Clone, Debug, Deserialize)]
pub struct Outcome {
    /// When everything passed.
    pub passed: String,
    /// When something failed, where the protocol has a word for it.
    pub failed: Option<String>,
}

/// The closed list of checks written in Rust, with their parameters.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NativeCheck {
    /// The checklist agrees with the prerequisite files themselves (P11-1.1).
    Readiness {},
    /// Staging and production configuration are the same (P11-2.1).
    ConfigurationParity {
        /// JSON pointer to the list of configuration digests.
        at: String,
        /// Names that may differ.
        allowed: Operand,
    },
    /// Changes against the baseline are recomputed and bounded (DLC-4).
    Performance {
        /// JSON pointer to the list of measurements.
        at: String,
        /// Worst change, in percent.
        max_regression: Operand,
        /// By how much each metric has to change before it counts as worse.
        floor: Option<Operand>,
    },
    /// A person's decision over the digests of what they saw (P11-3.1).
    Approval {
        /// Which decision.
        decision: String,
        /// Gates whose bound files are approved.
        covers: Vec<String>,
        /// Documents approved besides.
        #[serde(default)]
        documents: Vec<String>,
    },
    /// Decisions on taking the launch back, by persons of the authority tree (D3P-9).
    Rollback {
        /// Which decision of the policy.
        decision: String,
        /// The table that holds the authority tree.
        authority: ThresholdSource,
        /// Evidence that is decided on besides.
        #[serde(default)]
        covers: Vec<String>,
        /// The protocol's question.
        prompt: String,
    },
    /// It began inside the planned window and outside every denied one (DLC-8, D3P-3).
    Window {
        /// The denied windows.
        deny: Operand,
        /// Where the planned window stands.
        plan: Option<WindowPlan>,
    },
    /// Samples at the declared interval over the whole window, within thresholds (P11-4.1).
    HealthSeries {
        /// Length of the window.
        window: Operand,
        /// Time between samples.
        interval: Operand,
        /// Metrics that each sample must have.
        signals: Operand,
        /// Where the thresholds stand.
        thresholds: ThresholdSource,
        /// Families of signals, of each of which one is watched, by id.
        #[serde(default)]
        families: IndexMap<String, FamilyDef>,
    },
    /// The compiled report is what the evidence makes (P11-4.2, DLC-10).
    Report {
        /// What it tells of.
        #[serde(default)]
        of: ReportOf,
    },
    /// Observations are derived from the evidence, beside what people type (P11-4.3).
    Observations {},
    /// Every service answers as it did before the launch, or is given to nobody else (DLC-3).
    TakenBack {
        /// Whether it is a rehearsal: then it shows that this very release can be taken back.
        #[serde(default)]
        rehearsed: bool,
    },
    /// What went wrong, why, and what is done about it (DLC-9, P8-3).
    Incident {
        /// Id of the section that tells when what happened.
        timeline: String,
        /// Id of the section that says why it happened.
        cause: String,
        /// Id of the section that says what has to be different before a retry.
        fix: String,
        /// Ids of the sections that leave nothing open.
        settled: Vec<String>,
    },
    /// It says what the gates say, and is written by the last one's pass (P8-7).
    WorkflowState {},
}

impl NativeCheck {
    /// Whether what it checks is a list of persons' decisions, each of which the ledger names by itself.
    pub fn holds_decisions(&self) -> bool {
        matches!(self, Self::Approval { .. } | Self::Rollback { .. })
    }
}

/// Where a document plans the launch.
#[derive(Clone, Debug, Deserialize)]
pub struct WindowPlan {
    /// Document id.
    pub document: String,
    /// Id of the section whose table has the window: its first two columns of times.
    pub window: String,
    /// Id of the section whose table has the steps, with an offset and a duration for each.
    pub steps: String,
}

/// A family of signals.
#[derive(Clone, Debug, Deserialize)]
pub struct FamilyDef {
    /// Title for people.
    pub title: String,
    /// Parts of names by which its signals are known; none: every signal that no other family has.
    #[serde(default)]
    pub names: Vec<String>,
    /// The kinds of units that fit: `share`, `rate`, `number`, `time`, `size`.
    pub units: Vec<String>,
    /// Whether a share may exceed the whole, as that of several processors does.
    #[serde(default)]
    pub unbounded: bool,
    /// Whether more of it is worse: what must be above a value then watches nothing.
    #[serde(default)]
    pub more_is_worse: bool,
}

impl FamilyDef {
    /// Whether more of this signal is worse. What is left of something is the better the more it is.
    pub fn is_worse_the_more(&self, metric: &str) -> bool {
        const LEFT: [&str; 8] =
            ["free", "avail", "idle", "left", "remain", "budget", "headroom", "toleran"];
        let metric = metric.to_lowercase();
        self.more_is_worse && !LEFT.iter().any(|part| metric.contains(part))
    }
}

/// A table of a document.
#[derive(Clone, Debug, Deserialize)]
pub struct ThresholdSource {
    /// Document id.
    pub document: String,
    /// Section id.
    pub section: String,
}

/// What a compiled report tells of, and with that when it is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportOf {
    /// The whole release, once it is watched.
    #[default]
    Release,
    /// The validation before the launch, with a recommendation, for whoever decides.
    Validation,
    /// What is planned for the launch, for whoever decides.
    Plan,
    /// That a launch was taken back which the report of the release no longer tells.
    Closing,
}

impl ReportOf {
    /// Whether it is compiled for whoever decides on the launch, who reads it before.
    pub fn is_read_before(self) -> bool {
        matches!(self, Self::Validation | Self::Plan)
    }

    /// The command that compiles it again. Of what is read before a decision, whoever decides is asked
    /// once more.
    pub fn compiled_by(self) -> Advice {
        match self {
            Self::Release | Self::Closing => Advice::d3p(["report"]),
            Self::Validation | Self::Plan => Advice::d3p(["approve", "request"]),
        }
    }
}

impl EvidenceDef {
    /// What it tells of, where it is a compiled report.
    pub fn told_of(&self) -> Option<ReportOf> {
        self.native.iter().find_map(|native| match native {
            NativeCheck::Report { of } => Some(*of),
            _ => None,
        })
    }

    /// Whether it is a report that is read before a decision on the launch.
    pub fn is_read_before(&self) -> bool {
        self.told_of().is_some_and(ReportOf::is_read_before)
    }
}
