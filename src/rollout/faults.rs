//! What is wrong with the rollout that a policy describes.

use super::judge::{DEPLOYMENT, UNHEALTHY};
use super::plan::{Plan, metric_of, plan};
use super::queries::{is_plain_quotient, shortest_range, watched_metrics};
use crate::definition::Policy;
use crate::model::{Condition, Quantity, Reason, Test};

/// Everything that keeps the rollout of a policy from being carried out: where, and why.
pub fn faults(policy: &Policy) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let plan = plan(policy);
    strategy(policy, &plan, &mut out);
    weights(policy, &mut out);
    durations(policy, &plan, &mut out);
    conditions(policy, &mut out);
    metrics(policy, &mut out);
    for (index, probe) in policy.rollout.probes.iter().enumerate() {
        if !policy.services.contains(&probe.service) {
            let message = format!("`{}` is none of the services of this policy", probe.service);
            out.push((format!("/rollout/probes/{index}/service"), message));
        }
    }
    out
}

fn strategy(policy: &Policy, plan: &Plan, out: &mut Vec<(String, String)>) {
    let own = &policy.rollout;
    let staged = matches!(plan.strategy.as_str(), "canary" | "feature-flag");
    let mut add = |key: &str, message: String| out.push((format!("/rollout/{key}"), message));
    if staged && own.stages.is_empty() {
        let from = match (&own.strategy, policy.facts.strategy()) {
            (None, Some((_, fact))) => format!(" (which follows from {fact})"),
            _ => String::new(),
        };
        add(
            "stages",
            format!(
                "strategy {}{from} has no stages: add them, such as stages: [{{ weight: 5%, duration: 10m, gates: [error_rate < 1%] }}, {{ weight: 100% }}]",
                plan.strategy
            ),
        );
    }
    if !staged && !own.stages.is_empty() {
        add("stages", format!("strategy {} has no stages of its own", plan.strategy));
    }
    let only = |key: &str, is_there: bool, of: &[&str]| {
        (is_there && !of.contains(&plan.strategy.as_str())).then(|| {
            (
                key.to_owned(),
                format!(
                    "strategy {} has no `{key}`: that is of {}",
                    plan.strategy,
                    of.join(" and ")
                ),
            )
        })
    };
    let wrong = [
        only("validation_period", own.validation_period.is_some(), &["blue-green", "rolling"]),
        only("rollback_trigger", own.rollback_trigger.is_some(), &["blue-green"]),
        only("max_unavailable", own.max_unavailable.is_some(), &["rolling"]),
        only("max_surge", own.max_surge.is_some(), &["rolling"]),
    ];
    for (key, message) in wrong.into_iter().flatten() {
        add(&key, message);
    }
}

/// Weights rise to all, or the policy says why not.
fn weights(policy: &Policy, out: &mut Vec<(String, String)>) {
    let own = &policy.rollout;
    let mut last = 0.0;
    for (index, stage) in own.stages.iter().enumerate() {
        let place = format!("/rollout/stages/{index}/weight");
        let value = Quantity::parse(&stage.weight).map_or(f64::NAN, |own| own.value);
        if !(value > last && value <= 100.0) {
            let message = format!(
                "the weight is {}, after {last}%: weights rise, to at most 100%",
                stage.weight
            );
            out.push((place, message));
        } else if index + 1 == own.stages.len() && value < 100.0 && own.less_than_all.is_none() {
            let message = format!(
                "the last stage serves {}: end with 100%, or say why not in rollout.less_than_all",
                stage.weight
            );
            out.push((place, message));
        }
        last = value;
    }
}

fn durations(policy: &Policy, plan: &Plan, out: &mut Vec<(String, String)>) {
    let own = &policy.rollout;
    for (stage, index) in plan.stages.iter().zip(0..) {
        let place = match own.stages.is_empty() {
            true => "/rollout/validation_period".to_owned(),
            false => format!("/rollout/stages/{index}/duration"),
        };
        match stage.duration {
            None if !stage.gates.is_empty() => out.push((
                format!("/rollout/stages/{index}/gates"),
                "the stage has conditions and no duration: nobody would look at them".to_owned(),
            )),
            Some(duration) if duration < plan.interval => out.push((
                place,
                format!(
                    "the stage lasts {duration}, and samples are {} apart (rollout.interval): none would be taken",
                    plan.interval
                ),
            )),
            _ => {}
        }
    }
    if !plan.triggers.is_empty() && plan.stages.iter().all(|stage| stage.duration.is_none()) {
        let key = if own.triggers.is_empty() { "rollback_trigger" } else { "triggers" };
        let message = "there are triggers, and no stage is watched: give one a duration, or blue-green a validation_period";
        out.push((format!("/rollout/{key}"), message.to_owned()));
    }
}

fn conditions(policy: &Policy, out: &mut Vec<(String, String)>) {
    let own = &policy.rollout;
    let mut all: Vec<(String, &String, bool)> = Vec::new();
    for (index, stage) in own.stages.iter().enumerate() {
        let gates = stage.gates.iter().enumerate();
        all.extend(
            gates
                .map(|(gate, text)| (format!("/rollout/stages/{index}/gates/{gate}"), text, false)),
        );
    }
    let triggers = own.triggers.iter().enumerate();
    all.extend(triggers.map(|(index, text)| (format!("/rollout/triggers/{index}"), text, true)));
    all.extend(
        own.rollback_trigger
            .iter()
            .map(|text| ("/rollout/rollback_trigger".to_owned(), text, true)),
    );
    for (place, text, trigger) in all {
        if let Err(why) = usable(policy, text, trigger) {
            out.push((place, format!("`{text}` cannot be judged: {why}")));
        }
    }
}

/// Whether a condition can be judged by what the policy measures.
fn usable(policy: &Policy, text: &str, trigger: bool) -> Result<(), Reason> {
    let condition = Condition::parse(text).map_err(|why| why.to_string())?;
    if let Test::Lasts(_) = condition.test {
        let state = condition.subject.as_deref().unwrap_or_default();
        return match state {
            _ if !trigger => Err("how long a state lasts is for `triggers`".into()),
            DEPLOYMENT => Ok(()),
            UNHEALTHY if policy.rollout.probes.is_empty() => {
                Err("nothing is asked whether it is well: declare rollout.probes".into())
            }
            UNHEALTHY => Ok(()),
            _ => {
                Err(format!("`{state}` is no state: those are {UNHEALTHY} and {DEPLOYMENT}").into())
            }
        };
    }
    let Some(metric) = metric_of(&condition) else {
        return Err("it does not say which metric".into());
    };
    let Some(source) = policy.metrics.named.get(metric) else {
        return Err(format!(
            "`{metric}` is not declared: metrics: {{ {metric}: {{ query: '…', unit: … }} }}"
        )
        .into());
    };
    if source.query.is_none() {
        return Err(
            format!("metrics.{metric} has no `query`, and a stage is watched by queries").into()
        );
    }
    let measured = Quantity::parse(&format!("1{}", source.unit));
    if let (Some(own), Some(unit)) = (measured, condition.unit())
        && own.unit.dimension() != unit.dimension()
    {
        return Err(format!(
            "metrics.{metric} is in `{}`, which is no {}",
            source.unit,
            unit.dimension().word()
        )
        .into());
    }
    // A share of several processors may exceed the whole.
    match condition.says_nothing(source.is_percent()) {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}

/// The unit that the name of a metric of a query ends in, as Prometheus names them, where nothing is
/// computed of it.
fn base_unit(query: &str) -> Option<&'static str> {
    const BASE: [(&str, &str); 2] = [("_seconds", "s"), ("_ratio", "ratio")];
    let number = query
        .split('/')
        .skip(1)
        .any(|behind| behind.trim_start().starts_with(|first: char| first.is_ascii_digit()));
    // A rate of seconds is a share, and a quotient of them is whatever it is.
    if query.contains('*')
        || number
        || !query.contains("histogram_quantile") && query.contains("rate(")
    {
        return None;
    }
    let ends = |name: &str, suffix: &str| {
        let name = name.strip_suffix("_bucket").unwrap_or(name);
        name.ends_with(suffix)
    };
    let names =
        || query.split(|own: char| !own.is_ascii_alphanumeric() && own != '_' && own != ':');
    BASE.into_iter()
        .find(|(suffix, _)| names().any(|name| ends(name, suffix)))
        .map(|(_, unit)| unit)
}

fn metrics(policy: &Policy, out: &mut Vec<(String, String)>) {
    let own = &policy.metrics;
    for (name, source) in &own.named {
        let place = format!("/metrics/{name}");
        if Quantity::parse(&format!("1{}", source.unit)).is_none() {
            out.push((place.clone(), format!("`{}` is no unit that is known", source.unit)));
        }
        let Some(query) = &source.query else { continue };
        if own.source.is_none() {
            let message = "there is a query, and no server to put it to: metrics.source";
            out.push((place.clone(), message.to_owned()));
        }
        if source.is_percent() && is_plain_quotient(query) {
            let message = "a quotient is no percentage: write unit: ratio, or 100 * in the query";
            out.push((place.clone(), message.to_owned()));
        }
        if let Some(base) = base_unit(query).filter(|base| *base != source.unit) {
            let message = format!(
                "by its name the metric is in {base}: write unit: {base}, or compute `{}` in the query",
                source.unit
            );
            out.push((place.clone(), message));
        }
        if let Some(range) = shortest_range(query)
            && range < plan(policy).interval
            && watched_metrics(&plan(policy)).iter().any(|own| own == name)
        {
            let message = format!(
                "the query looks back {range}, and samples are {} apart (rollout.interval): nobody looks at the time between",
                plan(policy).interval
            );
            out.push((place, message));
        }
    }
}
