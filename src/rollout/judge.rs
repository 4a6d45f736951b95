//! What a stage came to: each condition at each moment, the worst of which counts.

use super::answer::{Readings, millis, readings};
use super::plan::{Plan, Stage, greater_is_worse, metric_of};
use crate::definition::MetricsPolicy;
use crate::model::{Bound, Conclusion, Condition, Judgement, Quantity, Reason, Span, Stamp, Test};
use crate::record::Watched;
use std::collections::{BTreeMap, BTreeSet};

/// A condition and what it came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// As it is written.
    pub text: String,
    /// Whether it is a trigger, which must not hold.
    pub trigger: bool,
    /// The worst value of all moments.
    pub worst: Option<Quantity>,
    /// What it was before the launch, where that is asked for.
    pub baseline: Option<Quantity>,
    /// The verdict.
    pub outcome: Judgement,
    /// Why it cannot be judged, the first time.
    pub why: Option<String>,
}

/// What ended a stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fired {
    /// The first moment.
    pub at: Stamp,
    /// The condition as it is written.
    pub condition: String,
    /// Whether it is a trigger, and not a gate.
    pub trigger: bool,
    /// What was measured.
    pub measured: String,
}

/// What a stage came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// The verdict.
    pub outcome: Judgement,
    /// How many moments the stage has.
    pub wanted: usize,
    /// How many of them could be judged.
    pub judged: usize,
    /// Each condition.
    pub conditions: Vec<Told>,
    /// What ended it, where something did.
    pub fired: Option<Fired>,
    /// Why a moment could not be judged, the first time.
    pub why: Option<String>,
    /// How many seconds each service was down, by service.
    pub down: BTreeMap<String, u64>,
}

impl Judged {
    /// Why it did not pass, in words for people; `None` where it did.
    pub fn words(&self) -> Option<String> {
        match &self.fired {
            Some(fired) if fired.trigger => {
                Some(format!("{} fired at {}: {}", fired.condition, fired.at, fired.measured))
            }
            Some(fired) => Some(format!(
                "{} did not hold at {}: {}",
                fired.condition, fired.at, fired.measured
            )),
            None => self.why.clone(),
        }
    }
}

/// The metrics that a stage is judged by; of those that are compared with what was before, a baseline
/// is needed, too.
pub fn needed(plan: &Plan, stage: &Stage, metrics: &MetricsPolicy) -> BTreeMap<String, bool> {
    let mut all: BTreeMap<String, bool> = BTreeMap::new();
    for (_, condition) in stage.gates.iter().chain(&plan.triggers) {
        let Some(metric) = metric_of(condition) else { continue };
        let baseline = matches!(condition.test, Test::Compare { bound: Bound::Baseline(_), .. });
        *all.entry(metric.to_owned()).or_default() |= baseline;
    }
    if !all.is_empty() {
        let volumes = metrics.named.iter().filter(|(_, own)| own.at_least.is_some());
        for (name, _) in volumes {
            all.entry(name.clone()).or_default();
        }
    }
    all
}

/// A condition of a stage: as written and as parsed, and whether it is a trigger.
type Asked<'a> = (&'a (String, Condition), bool);

/// Judges what was measured of `stage` at its `moments`; `before` are the moments that a baseline is
/// made of.
pub fn judge(
    plan: &Plan,
    stage: &Stage,
    metrics: &MetricsPolicy,
    watched: &Watched,
    (moments, before): (&[Stamp], &[Stamp]),
) -> Judged {
    let needed = needed(plan, stage, metrics);
    let names = || needed.iter().map(|(name, baseline)| (name.as_str(), *baseline));
    let read = |(name, _)| (name, readings(watched, name, false, moments));
    let baseline = |(name, _)| (name, median(&readings(watched, name, true, before), before));
    let look = Look {
        metrics,
        measured: names().map(read).collect(),
        baselines: names().filter(|(_, baseline)| *baseline).map(baseline).collect(),
        health: Health::of(watched, moments, plan.interval),
    };
    let gates = stage.gates.iter().map(|own| (own, false));
    let conditions: Vec<Asked<'_>> =
        gates.chain(plan.triggers.iter().map(|own| (own, true))).collect();
    let mut judged = Judged {
        outcome: Judgement::Passed,
        wanted: moments.len(),
        judged: 0,
        conditions: conditions.iter().map(Told::of).collect(),
        fired: None,
        why: None,
        down: look.health.down.clone(),
    };
    for moment in moments {
        judged.moment(*moment, &look, &conditions);
        if judged.fired.is_some() {
            break;
        }
    }
    let worst = judged.conditions.iter().map(|told| told.outcome).max();
    judged.outcome = worst.unwrap_or(Judgement::Passed);
    judged.why = judged
        .conditions
        .iter()
        .find_map(|told| Some(format!("{}: {}", told.text, told.why.as_ref()?)));
    judged
}

impl Judged {
    /// Judges each condition at one moment.
    fn moment(&mut self, moment: Stamp, look: &Look<'_>, conditions: &[Asked<'_>]) {
        let mut clear = true;
        let quiet = look.too_quiet(moment);
        for (told, ((text, condition), trigger)) in self.conditions.iter_mut().zip(conditions) {
            let seen = match &quiet {
                Some(why) if metric_of(condition).is_some() => Err(why.clone().into()),
                _ => look.at(moment, condition, *trigger, told),
            };
            let unclear = match seen {
                Ok(Conclusion::Passed) => None,
                Ok(Conclusion::Failed) => {
                    told.outcome = Judgement::Failed;
                    // A trigger is what ends it, also where a stage's own condition fails beside it.
                    if self.fired.as_ref().is_none_or(|other| *trigger && !other.trigger) {
                        self.fired = Some(Fired {
                            at: moment,
                            condition: text.clone(),
                            trigger: *trigger,
                            measured: look.words(moment, condition, told),
                        });
                    }
                    None
                }
                Ok(Conclusion::Inconclusive(why)) => Some(why.to_owned()),
                Err(why) => Some(why.into_text()),
            };
            clear &= unclear.is_none();
            unclear.into_iter().for_each(|why| told.unclear(why));
        }
        self.judged += usize::from(clear);
    }
}

impl Told {
    fn of(((text, _), trigger): &Asked<'_>) -> Self {
        Self {
            text: text.clone(),
            trigger: *trigger,
            worst: None,
            baseline: None,
            outcome: Judgement::Passed,
            why: None,
        }
    }

    fn unclear(&mut self, why: String) {
        self.outcome = self.outcome.max(Judgement::Inconclusive);
        self.why.get_or_insert(why);
    }
}

/// What is looked at.
struct Look<'a> {
    metrics: &'a MetricsPolicy,
    measured: BTreeMap<&'a str, Readings>,
    baselines: BTreeMap<&'a str, Result<f64, Reason>>,
    health: Health,
}

impl Look<'_> {
    fn quantity(&self, metric: &str, value: f64) -> Result<Quantity, Reason> {
        let unit = self.metrics.named.get(metric).map_or("", |own| own.unit.as_str());
        let quantity = Quantity::parse(&format!("{value:?}{unit}"));
        let quantity = quantity.ok_or_else(|| format!("`{unit}` is no unit that is known"))?;
        if quantity.value < 0.0 {
            return Err(
                format!("{quantity} is impossible: nothing that is measured is negative").into()
            );
        }
        Ok(quantity)
    }

    fn value(&self, metric: &str, moment: Stamp) -> Result<f64, Reason> {
        let reading = self.measured.get(metric).and_then(|own| own.get(&millis(moment)));
        reading.cloned().unwrap_or_else(|| Err("there is no sample".into()))
    }

    /// Why too little was going on to judge anything.
    fn too_quiet(&self, moment: Stamp) -> Option<String> {
        let volumes = self.metrics.named.iter();
        volumes.filter_map(|(name, own)| Some((name, own.at_least?))).find_map(|(name, least)| {
            match self.value(name, moment) {
                Ok(value) if value >= least => None,
                Ok(value) => Some(format!("{name} is {value}, and below {least} nothing is known")),
                Err(why) => Some(format!("{name}: {why}")),
            }
        })
    }

    /// Whether a condition is as it should be at a moment: a gate holds, a trigger does not.
    fn at(
        &self,
        moment: Stamp,
        condition: &Condition,
        trigger: bool,
        told: &mut Told,
    ) -> Result<Conclusion, Reason> {
        let turned = |conclusion| match conclusion {
            Conclusion::Passed if trigger => Conclusion::Failed,
            Conclusion::Failed if trigger => Conclusion::Passed,
            other => other,
        };
        let Some(metric) = metric_of(condition) else {
            return Ok(turned(self.health.judge(condition, moment)?));
        };
        let observed = self.quantity(metric, self.value(metric, moment)?)?;
        let worse = told.worst.is_none_or(|worst| {
            (observed.value > worst.value) == greater_is_worse(condition, trigger)
        });
        if worse {
            told.worst = Some(observed);
        }
        if let Some(baseline) = self.baselines.get(metric)
            && matches!(condition.test, Test::Compare { bound: Bound::Baseline(_), .. })
        {
            let value = baseline.clone().map_err(|why| format!("there is no baseline: {why}"))?;
            told.baseline = Some(self.quantity(metric, value)?);
        }
        Ok(turned(condition.judge(Some(observed), told.baseline)))
    }

    fn words(&self, moment: Stamp, condition: &Condition, told: &Told) -> String {
        let Some(metric) = metric_of(condition) else {
            return self.health.words(condition, moment);
        };
        let value = self.value(metric, moment).and_then(|value| self.quantity(metric, value));
        let value = value.map_or_else(Reason::into_text, |value| value.to_string());
        match told.baseline {
            Some(baseline) => format!("{metric} was {value}, before the launch {baseline}"),
            None => format!("{metric} was {value}"),
        }
    }
}

/// The middle of the values before the launch; all of them must be there.
fn median(readings: &Readings, moments: &[Stamp]) -> Result<f64, Reason> {
    let read = |moment: &Stamp| match readings.get(&millis(*moment)) {
        Some(reading) => reading.clone(),
        None => Err("there is no sample".into()),
    };
    let mut values = moments.iter().map(read).collect::<Result<Vec<f64>, Reason>>()?;
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    values.get(middle).copied().ok_or_else(|| "nothing was measured before the launch".into())
}

/// How the services did, as probes saw it.
#[derive(Debug, Default)]
struct Health {
    /// Moments at which a service was down, with the service.
    downs: BTreeMap<Stamp, Vec<String>>,
    /// Moments at which each service was asked.
    asked: BTreeSet<Stamp>,
    down: BTreeMap<String, u64>,
    moments: Vec<Stamp>,
    interval: u64,
}

impl Health {
    fn of(watched: &Watched, moments: &[Stamp], interval: Span) -> Self {
        let mut health =
            Self { moments: moments.to_vec(), interval: interval.seconds(), ..Self::default() };
        for probed in &watched.probed {
            let Ok(at) = Stamp::parse(&probed.at) else { continue };
            health.asked.insert(at);
            let seconds = if probed.up { 0 } else { health.interval };
            *health.down.entry(probed.service.clone()).or_default() += seconds;
            if !probed.up {
                health.downs.entry(at).or_default().push(probed.service.clone());
            }
        }
        health
    }

    /// How long no moment up to this one was well.
    fn lasted(&self, moment: Stamp) -> Result<Span, Reason> {
        let place = self.moments.partition_point(|own| *own <= moment);
        let past = self.moments.get(..place).unwrap_or_default();
        if !self.asked.contains(&moment) {
            return Err("no service was asked at that moment".into());
        }
        let down = past.iter().rev().take_while(|own| self.downs.contains_key(own)).count();
        Ok(Span::from_seconds(self.interval.saturating_mul(down as u64)))
    }

    fn judge(&self, condition: &Condition, moment: Stamp) -> Result<Conclusion, Reason> {
        // How long a hook took is judged once it has ended.
        if condition.subject.as_deref() != Some(UNHEALTHY) {
            return Ok(Conclusion::Failed);
        }
        Ok(condition.judge_lasting(Some(self.lasted(moment)?)))
    }

    fn words(&self, condition: &Condition, moment: Stamp) -> String {
        let who = self.downs.get(&moment).map(|names| names.join(", ")).unwrap_or_default();
        format!("{condition}: {who} did not answer")
    }
}

/// The state of services that do not answer.
pub(super) const UNHEALTHY: &str = "unhealthy";
/// The state of a hook that deploys.
pub(super) const DEPLOYMENT: &str = "deployment";
