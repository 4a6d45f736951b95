//! A project's policy: the effective `d3p.yaml`, typed.

use crate::definition::hooks::{
    ConfigurationPolicy, Hook, NotifyPolicy, RunPolicy, ValidationPolicy,
};
use crate::definition::launch_lock::LaunchLock;
use crate::definition::rollout::{Facts, MetricsPolicy, RolloutPolicy};
use crate::definition::spans::{levels, maybe_span, span};
use crate::definition::timestamp::TimestampPolicy;
use crate::model::{Assurance, Span};
use indexmap::IndexMap;
use serde::Deserialize;

/// The effective policy: `d3p.yaml` merged over the phase's defaults.
#[derive(Clone, Debug, Deserialize)]
pub struct Policy {
    /// Id of the phase.
    pub phase: String,
    /// Version of the phase definition.
    pub phase_version: u32,
    /// Path of the project's own phase definition, if any.
    pub definition: Option<String>,
    /// Name of the repository, `owner/name`.
    pub project: String,
    /// The branch that releases come from, for whoever approves one.
    pub source: Option<SourceBranch>,
    /// Where launches are locked and decisions published, for all machines.
    pub launch_lock: Option<LaunchLock>,
    /// Who outside says when a line of the ledger was there.
    pub timestamp: Option<TimestampPolicy>,
    /// The services that every document and report must cover.
    pub services: Vec<String>,
    /// Translations of section titles and table columns: English → the author's language.
    #[serde(default)]
    pub titles: IndexMap<String, String>,
    /// Where prerequisites lie and how old they may be, where that differs from the phase.
    #[serde(default)]
    pub prerequisites: IndexMap<String, PrerequisitePolicy>,
    /// Ages of evidence, where they differ from the phase.
    #[serde(default)]
    pub evidence: IndexMap<String, EvidencePolicy>,
    /// How far clocks of different machines may disagree about order.
    #[serde(default = "skew", deserialize_with = "span")]
    pub skew: Span,
    /// What the validation on staging must show.
    #[serde(default)]
    pub validation: ValidationPolicy,
    /// How hooks run.
    #[serde(default)]
    pub run: RunPolicy,
    /// The commands of this project's release, by name (P11-A).
    #[serde(default)]
    pub hooks: IndexMap<String, Hook>,
    /// Who passes announcements on.
    #[serde(default)]
    pub notify: NotifyPolicy,
    /// Where metrics are measured.
    #[serde(default)]
    pub metrics: MetricsPolicy,
    /// What is known of the change and of what it changes.
    #[serde(default)]
    pub facts: Facts,
    /// How traffic is moved.
    #[serde(default)]
    pub rollout: RolloutPolicy,
    /// What taking a launch back comes to.
    #[serde(default)]
    pub rollback: RollbackWay,
    /// The configuration of staging and production.
    #[serde(default)]
    pub configuration: ConfigurationPolicy,
    /// User acceptance.
    #[serde(default)]
    pub uat: UatPolicy,
    /// Who decides on the launch, and on whatever departs from the plan.
    #[serde(default)]
    pub approval: ApprovalPolicy,
    /// What the approvals and facts of a gate must at least be worth, by gate.
    #[serde(default, deserialize_with = "levels")]
    pub min_assurance: IndexMap<String, Assurance>,
    /// How changes are recorded, and whether there are emergencies.
    #[serde(default)]
    pub changes: ChangesPolicy,
    /// The health window.
    #[serde(default)]
    pub health: HealthPolicy,
    /// When nothing may go live.
    #[serde(default)]
    pub windows: Windows,
    /// Machines whose signatures count: CI jobs, never people.
    #[serde(default)]
    pub machines: Vec<Machine>,
    /// `on`, or `off`: approvals are typed, and every report says so.
    #[serde(default = "on")]
    pub signatures: String,
    /// When it ends, where it does.
    pub valid_until: Option<String>,
    /// Whether a policy that is looser than recommended is an error.
    #[serde(default)]
    pub strict: bool,
    /// Whether this is the tool's own demonstration.
    #[serde(default)]
    pub demo: bool,
}

/// What taking a launch back comes to, and so what has to answer afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RollbackWay {
    /// Every service runs the release before again.
    #[default]
    Return,
    /// What users have cannot be taken from them, as in an app store: nobody else is given it.
    Halt,
}

/// Where the commits of releases have to be before anybody releases them.
#[derive(Clone, Debug, Deserialize)]
pub struct SourceBranch {
    /// Where the repository is that everybody pushes to.
    pub url: String,
    /// Its branch.
    pub branch: String,
}

/// What the policy of a phase says that declares nothing of the kind: nothing of it is used.
const SKEW: Span = Span::from_seconds(5 * 60);
const DAY: Span = Span::from_seconds(24 * 60 * 60);

fn skew() -> Span {
    SKEW
}

fn on() -> String {
    "on".to_owned()
}

impl Default for UatPolicy {
    fn default() -> Self {
        Self { required: true, decided_by: None, reason: None }
    }
}

impl Default for DecisionPolicy {
    fn default() -> Self {
        Self { threshold: 1, roles: Vec::new(), max_age: DAY, presence: Vec::new() }
    }
}

impl Default for ApprovalPolicy {
    fn default() -> Self {
        Self {
            persons: Vec::new(),
            separation: on(),
            revoked: Vec::new(),
            production: DecisionPolicy::default(),
            rollback: DecisionPolicy::default(),
            waiver: DecisionPolicy::default(),
            window: DecisionPolicy::default(),
        }
    }
}

impl Default for HealthPolicy {
    fn default() -> Self {
        let (first, signals, families) = (Vec::new(), Vec::new(), IndexMap::new());
        Self { window: DAY, interval: DAY, first, signals, families }
    }
}

/// Where a prerequisite lies and how old it may be.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PrerequisitePolicy {
    /// Path, instead of the phase's path and aliases.
    pub path: Option<String>,
    /// JSON pointers to its date.
    pub dated: Option<Vec<String>>,
    /// JSON pointers to the release that it names.
    pub release: Option<Vec<String>>,
    /// JSON pointers to the commit that it names.
    pub commit: Option<Vec<String>>,
    /// How old it may be.
    #[serde(default, deserialize_with = "maybe_span")]
    pub max_age: Option<Span>,
    /// The named decision that this project does not have it.
    pub not_applicable: Option<NotApplicable>,
}

/// A named decision that something does not apply.
#[derive(Clone, Debug, Deserialize)]
pub struct NotApplicable {
    /// Why.
    pub reason: String,
    /// The person who decided.
    pub decided_by: String,
}

/// Age of a piece of evidence.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct EvidencePolicy {
    /// How old it may be.
    #[serde(default, deserialize_with = "maybe_span")]
    pub max_age: Option<Span>,
}

/// User acceptance: demanded unless a named person decided otherwise (P11-2.3).
#[derive(Clone, Debug, Deserialize)]
pub struct UatPolicy {
    /// Whether it is demanded.
    pub required: bool,
    /// Who decided that it is not.
    pub decided_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// How changes are recorded.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangesPolicy {
    /// Whether each release has a change record.
    pub recorded: bool,
    /// The shortest path, where there is one.
    pub emergency: Option<EmergencyPolicy>,
}

/// What an emergency may bring after its launch, by a named decision.
#[derive(Clone, Debug, Deserialize)]
pub struct EmergencyPolicy {
    /// Evidence and prerequisites that may follow.
    pub after_launch: Vec<String>,
    /// Until when, after the launch began, with the review.
    #[serde(deserialize_with = "span")]
    pub review_within: Span,
    /// Why.
    pub reason: String,
    /// The person who decided.
    pub decided_by: String,
}

/// Who decides, and what each kind of decision takes.
#[derive(Clone, Debug, Deserialize)]
pub struct ApprovalPolicy {
    /// The persons who may; empty, while approvals are unsigned: anyone who is named.
    #[serde(default)]
    pub persons: Vec<Person>,
    /// `on`: nobody approves what they deployed or recorded themselves. `off` for a team of one.
    #[serde(default = "on")]
    pub separation: String,
    /// Fingerprints (`SHA256:…`) of keys that count no longer.
    #[serde(default)]
    pub revoked: Vec<String>,
    /// The launch (P11-3.1).
    #[serde(default)]
    pub production: DecisionPolicy,
    /// Taking the launch back (D3P-9).
    #[serde(default)]
    pub rollback: DecisionPolicy,
    /// Letting a finding stand for a while.
    #[serde(default)]
    pub waiver: DecisionPolicy,
    /// Launching inside a denied window (DLC-8).
    #[serde(default)]
    pub window: DecisionPolicy,
}

/// What one kind of decision takes.
#[derive(Clone, Debug, Deserialize)]
pub struct DecisionPolicy {
    /// How many different persons.
    pub threshold: usize,
    /// Roles that must each be held by one of them, and by different persons.
    pub roles: Vec<String>,
    /// How long a decision counts: a launch that begins later needs a new one.
    #[serde(deserialize_with = "span")]
    pub max_age: Span,
    /// What a hardware key must show of its person: `touch`, `pin`.
    pub presence: Vec<String>,
}

impl ApprovalPolicy {
    /// Each kind of decision, by its key in `d3p.yaml`.
    pub fn decisions(&self) -> [(&'static str, &DecisionPolicy); 4] {
        [
            ("production", &self.production),
            ("rollback", &self.rollback),
            ("waiver", &self.waiver),
            ("window", &self.window),
        ]
    }
}

/// A person and their role.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Their role, which `roles` may demand.
    pub role: Option<String>,
    /// What `.d3p/allowed_signers` calls them; several keys of one person count once.
    #[serde(default)]
    pub principals: Vec<String>,
    /// Where they are reached while a release goes live.
    pub reachable: Option<String>,
    /// The mail addresses that their commits bear.
    #[serde(default)]
    pub emails: Vec<String>,
}

/// A machine that signs what it recorded.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Machine {
    /// Its name in reports.
    pub name: String,
    /// Its public key: an OpenSSH line, or PEM.
    pub key: String,
    /// The steps whose runs and evidence it signs; `None` for all, and for records of gates.
    pub steps: Option<Vec<String>>,
}

/// The health window (P11-4.1).
#[derive(Clone, Debug, Deserialize)]
pub struct HealthPolicy {
    /// Its length.
    #[serde(deserialize_with = "span")]
    pub window: Span,
    /// Time between check-ins.
    #[serde(deserialize_with = "span")]
    pub interval: Span,
    /// How it begins, where it is watched more closely at first.
    #[serde(default)]
    pub first: Vec<HealthPart>,
    /// Metrics of every check-in.
    pub signals: Vec<String>,
    /// What the phase's families of signals are called here, and which do not apply.
    #[serde(default)]
    pub families: IndexMap<String, FamilyPolicy>,
}

/// A part of the health window.
#[derive(Clone, Debug, Deserialize)]
pub struct HealthPart {
    /// Its length.
    #[serde(rename = "for", deserialize_with = "span")]
    pub lasts: Span,
    /// Time between check-ins.
    #[serde(deserialize_with = "span")]
    pub every: Span,
}

impl HealthPolicy {
    /// How far apart check-ins may be when so much of the window has passed.
    pub fn every(&self, passed: Span) -> Span {
        let mut end = 0_u64;
        for part in &self.first {
            end = end.saturating_add(part.lasts.seconds());
            if passed.seconds() < end {
                return part.every;
            }
        }
        self.interval
    }
}

/// A family of signals in this project.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct FamilyPolicy {
    /// Signals that belong to it, where their names do not say so.
    #[serde(default)]
    pub signals: Vec<String>,
    /// The named decision that this project has none.
    pub not_applicable: Option<NotApplicable>,
}

/// When nothing may go live.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Windows {
    /// Denied windows.
    #[serde(default)]
    pub deny: Vec<DenyWindow>,
}

/// A denied window: weekly in a time zone, or once.
#[derive(Clone, Debug, Deserialize)]
pub struct DenyWindow {
    /// Its name in reports.
    pub id: String,
    /// `Mon-Fri 09:00-17:00`.
    pub weekly: Option<String>,
    /// IANA time zone of `weekly`.
    pub tz: Option<String>,
    /// First instant, for a window that occurs once.
    pub start: Option<String>,
    /// Instant after the last.
    pub end: Option<String>,
}
