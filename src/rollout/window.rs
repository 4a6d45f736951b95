//! The health window as a schedule, and what the answers about it make of each check-in.

use super::answer::{millis, readings};
use super::questions::whole;
use crate::definition::HealthPolicy;
use crate::model::{Span, Stamp};
use crate::project::{Project, step_hooks};
use crate::record::Watched;
use std::collections::BTreeMap;

/// The moments of a window that began at `from`, in parts between which the interval changes; each
/// part with its interval. The last moment is the window's end.
pub fn window_moments(from: Stamp, health: &HealthPolicy) -> Vec<(Span, Vec<Stamp>)> {
    let from = whole(from, true);
    let at = |seconds: u64| from.plus(Span::from_seconds(seconds));
    let end = health.window.seconds();
    let mut parts: Vec<(Span, Vec<Stamp>)> = Vec::new();
    let mut passed = 0_u64;
    while passed < end {
        let every = health.every(Span::from_seconds(passed));
        passed = passed.saturating_add(every.seconds().max(1)).min(end);
        match parts.last_mut().filter(|(own, _)| *own == every) {
            Some((_, moments)) => moments.push(at(passed)),
            None => parts.push((every, vec![at(passed)])),
        }
    }
    parts
}

/// The queries of the window's signals, where each has one and nobody else measures them.
pub fn window_queries(project: &Project) -> Option<BTreeMap<String, String>> {
    let policy = &project.effective().policy;
    policy.metrics.source.as_ref()?;
    let version = project.release().map(|release| release.version).unwrap_or_default();
    let query = |name: &String| {
        let source = policy.metrics.named.get(name)?;
        Some((name.clone(), source.asked(&version)?))
    };
    let queries: Option<BTreeMap<_, _>> = policy.health.signals.iter().map(query).collect();
    let queries = queries.filter(|own| !own.is_empty())?;
    let kind = project.phase.evidence.iter().find(|(_, def)| def.derive == Some(SAMPLE));
    let step = kind.and_then(|(kind, _)| project.phase.step_producing(kind));
    let hooks = step.map_or(Vec::new(), |(step, _)| step_hooks(project, step));
    hooks.is_empty().then_some(queries)
}

const SAMPLE: crate::definition::Derivation = crate::definition::Derivation::Sample;

/// What each of `moments` says in the health log, made of a record: the signals that were measured, and
/// why others were not.
pub fn check_ins(project: &Project, watched: &Watched, moments: &[Stamp]) -> Vec<(Stamp, String)> {
    let policy = &project.effective().policy;
    let signals = &policy.health.signals;
    let read: Vec<_> = signals.iter().map(|name| readings(watched, name, false, moments)).collect();
    let said = |moment: &Stamp| {
        let (mut values, mut lacking) = (Vec::new(), Vec::new());
        for (name, readings) in signals.iter().zip(&read) {
            let unit = policy.metrics.named.get(name).map_or("", |own| own.unit.as_str());
            match readings.get(&millis(*moment)) {
                Some(Ok(value)) => values.push(format!("{name}={value}{unit}")),
                Some(Err(why)) => lacking.push(format!("{name}: {why}")),
                None => lacking.push(format!("{name}: there is no sample")),
            }
        }
        let lacking =
            if lacking.is_empty() { String::new() } else { format!("; {}", lacking.join("; ")) };
        let text = format!("{} :: asked about {moment}{lacking}", values.join(" "));
        (*moment, text.trim().to_owned())
    };
    moments.iter().map(said).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::window_moments;
    use crate::definition::{HealthPart, HealthPolicy};
    use crate::model::{Span, Stamp};

    #[test]
    fn the_window_is_watched_more_closely_at_first() {
        let span = Span::from_seconds;
        let first = vec![HealthPart { lasts: span(60), every: span(20) }];
        let health = HealthPolicy {
            window: span(200),
            interval: span(60),
            first,
            ..HealthPolicy::default()
        };
        let from = Stamp::parse("2026-11-21T10:00:00.200Z").unwrap();
        let told: Vec<(u64, Vec<String>)> = window_moments(from, &health)
            .into_iter()
            .map(|(every, all)| (every.seconds(), all.iter().map(ToString::to_string).collect()))
            .collect();
        let at = |text: &str| format!("2026-11-21T10:{text}Z");
        assert_eq!(told[0], (20, vec![at("00:21"), at("00:41"), at("01:01")]));
        assert_eq!(told[1], (60, vec![at("02:01"), at("03:01"), at("03:21")]));
    }
}
