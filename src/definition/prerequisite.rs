//! What another phase hands over: where it lies, and where it says what it is worth.

use crate::definition::spans::span;
use crate::model::Span;
use serde::Deserialize;

/// Something another phase hands over. All places in it are JSON pointers.
#[derive(Clone, Debug, Deserialize)]
pub struct PrerequisiteDef {
    /// Title for people.
    pub title: String,
    /// Default path.
    pub path: String,
    /// The phase that recorded it with d3p, where it is one.
    pub from: Option<Origin>,
    /// The prerequisite that is the record of the gate which bound it.
    pub bound_by: Option<String>,
    /// Other paths it is known under, tried in order.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Where its date may stand; the first that exists counts.
    pub dated: Vec<String>,
    /// How old it may be at the decision.
    #[serde(deserialize_with = "span")]
    pub max_age: Span,
    /// Where it may name the release; the first text that is there counts.
    #[serde(default)]
    pub release: Vec<String>,
    /// Where it may name the commit; the first text that is there counts.
    #[serde(default)]
    pub commit: Vec<String>,
    /// Where it may name the environment that it looked at, and which it has to be.
    pub environment: Option<LookedAt>,
    /// What it makes of the file that it names neither.
    #[serde(default)]
    pub silence: Silence,
    /// Where words say how it ended: one is there, and all that are there say that it passed.
    pub outcome: Vec<String>,
    /// Where words say how its parts ended; `*` stands for each entry of a list or object.
    #[serde(default)]
    pub parts: Vec<String>,
    /// Where it counts.
    #[serde(default)]
    pub counts: Vec<Counts>,
    /// What it measured against a target.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// Where it names who decided; a decision of nobody is a doubt.
    #[serde(default)]
    pub decided_by: Vec<String>,
    /// Lists of what blocks, which must have been closed.
    #[serde(default)]
    pub blockers: Vec<String>,
    /// What its prose is looked through for.
    pub prose: Option<Prose>,
    /// Whether each box in it has to be ticked, of which there is one.
    #[serde(default)]
    pub boxes: bool,
    /// Whether it is judged only where it is there, or where the policy says where it lies.
    #[serde(default)]
    pub optional: bool,
    /// Clauses served.
    pub clauses: Vec<String>,
}

/// A phase that hands its release over.
#[derive(Clone, Debug, Deserialize)]
pub struct Origin {
    /// Its id.
    pub phase: String,
    /// Where its closed releases lie.
    pub archives: String,
}

impl PrerequisiteDef {
    /// The ledger beside the record of a gate at `path`, where the phase before wrote it.
    pub fn ledger_beside(&self, path: &str) -> Option<String> {
        self.from.as_ref()?;
        let (records, _) = path.rsplit_once('/')?;
        records.ends_with("/records").then(|| format!("{records}/ledger.jsonl"))
    }
}

/// The environment that something has to have looked at.
#[derive(Clone, Debug, Deserialize)]
pub struct LookedAt {
    /// Where it may be named; each place that is there counts.
    pub at: Vec<String>,
    /// Which one it has to be.
    pub is: String,
}

/// What the silence of a file about release and commit makes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// A person decides: it may be of any release.
    #[default]
    Review,
    /// It counts, and is shown: it is about a procedure or a place, not about a build.
    Shown,
}

/// Where numbers of one kind stand.
#[derive(Clone, Debug, Deserialize)]
pub struct Counts {
    /// The list of which each entry counts for itself.
    pub each: Option<String>,
    /// How many there are.
    pub total: Option<String>,
    /// How many were run.
    pub executed: Option<String>,
    /// How many passed.
    pub passed: Option<String>,
    /// How many failed; several places are added up.
    #[serde(default)]
    pub failed: Vec<String>,
    /// How many were skipped.
    pub skipped: Option<String>,
    /// The list that `total` is the length of.
    pub of: Option<String>,
}

/// A measurement and what it had to be.
#[derive(Clone, Debug, Deserialize)]
pub struct Target {
    /// Where the file says whether the target was met.
    pub met: Option<String>,
    /// What was measured.
    pub actual: String,
    /// The most that it may be, in the same unit.
    pub at_most: String,
    /// The times of its parts, where it is a time: `*` stands for each entry.
    pub parts: Option<String>,
}

/// What the prose of a Markdown file is looked through for.
#[derive(Clone, Debug, Deserialize)]
pub struct Prose {
    /// Words that say the opposite of a pass, such as `NO-GO`.
    pub opposes: Vec<String>,
}
