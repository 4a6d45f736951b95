//! The rollout that a policy describes, whatever its strategy, as stages.

use crate::definition::{Policy, ReportFormat};
use crate::model::{Condition, Span, Test};

/// How far apart samples are unless the policy says so.
const INTERVAL: Span = Span::from_seconds(30);

/// A rollout.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The strategy's name.
    pub strategy: String,
    /// Its stages, in their order; at least one.
    pub stages: Vec<Stage>,
    /// What ends it at once: as written, and as parsed.
    pub triggers: Vec<(String, Condition)>,
    /// How far apart two samples are.
    pub interval: Span,
    /// Whether a trigger rolls back at once.
    pub rolls_back: bool,
    /// Whether hooks bring what an engine says of a stage.
    pub has_engine: bool,
}

/// A stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// From 1.
    pub number: u64,
    /// How much of the traffic it serves, such as `5%`.
    pub weight: String,
    /// How long it is watched; `None`: it is done when its hook is.
    pub duration: Option<Span>,
    /// What must hold at every moment: as written, and as parsed.
    pub gates: Vec<(String, Condition)>,
}

impl Plan {
    /// Whether anything is watched or moved in stages: direct is neither.
    pub fn is_staged(&self) -> bool {
        self.has_engine
            || self.stages.len() > 1
            || self.stages.iter().any(|stage| stage.duration.is_some())
    }
}

/// The rollout of a policy. What cannot be parsed is left out here, and a fault of the policy.
pub fn plan(policy: &Policy) -> Plan {
    let own = &policy.rollout;
    let by_fact = policy.facts.strategy().map(|(strategy, _)| strategy);
    let strategy = own.strategy.as_deref().or(by_fact).unwrap_or("direct").to_owned();
    let parsed = |texts: &[String]| -> Vec<(String, Condition)> {
        texts
            .iter()
            .filter_map(|text| Some((text.trim().to_owned(), Condition::parse(text).ok()?)))
            .collect()
    };
    let mut stages: Vec<Stage> = own
        .stages
        .iter()
        .zip(1..)
        .map(|(stage, number)| Stage {
            number,
            weight: stage.weight.clone(),
            duration: stage.duration,
            gates: parsed(&stage.gates),
        })
        .collect();
    let mut triggers = parsed(&own.triggers);
    triggers.extend(parsed(own.rollback_trigger.as_slice()));
    if stages.is_empty() {
        let duration = own.validation_period;
        stages.push(Stage { number: 1, weight: "100%".to_owned(), duration, gates: Vec::new() });
    }
    let interval = own.interval.unwrap_or(INTERVAL);
    let rolls_back = own.on_trigger.as_deref() == Some("roll-back");
    let mut reports = policy.hooks.values().flat_map(|hook| &hook.reports);
    let has_engine = reports.any(|own| own.files().0 == ReportFormat::Engine);
    Plan { strategy, stages, triggers, interval, rolls_back, has_engine }
}

/// The metric that a condition compares; `None` for a state.
pub(super) fn metric_of(condition: &Condition) -> Option<&str> {
    match condition.test {
        Test::Compare { .. } => condition.subject.as_deref(),
        Test::Lasts(_) => None,
    }
}

/// Whether greater values are the worse ones: of a gate as it is written, of a trigger the other way
/// round.
pub(super) fn greater_is_worse(condition: &Condition, is_trigger: bool) -> bool {
    match condition.test {
        Test::Compare { op, .. } => op.greater_is_worse() != is_trigger,
        Test::Lasts(_) => true,
    }
}
