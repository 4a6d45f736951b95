//! GL219: performance-regressed.

use super::Context;
use super::support::advice::waive;
use super::support::mend::mend;
use super::support::missing_keys::add_line;
use crate::decisions::signatures_on;
use crate::definition::NativeCheck;
use crate::derive::median;
use crate::model::{Advice, Finding, Level, Quantity, State};
use crate::project::{Evidence, Project};
use serde_json::Value;

rule! {
    /// Performance is worse than the baseline allows, or the change was not computed from it.
    ///
    /// ## What it checks
    /// `change_percent` is computed again from baseline and observation, and stays within
    /// `validation.performance.max_regression`. What changed by less than `validation.performance.floor`
    /// says for that metric, in its own unit, is a warning. A baseline of zero compares with nothing but
    /// zero, and neither does none: `review`; on a first release GL250 tells whoever says GO.
    /// Where several runs measured it, what is compared is their median, and it is computed again.
    ///
    /// ## Why it matters
    /// The arithmetic is the tool's: reports in the wild call 0.12 → 0.11 "−8 %".
    ///
    /// ## How to fix
    /// Measure again, or find the regression. If the change is meant, the policy's bound is the
    /// place to say so, before gate 1 freezes it.
    /// Or let a person sign that it may stand: `d3p waive GL219`.
    ///
    /// A metric that the release before did not have is for a person to look at, with a waiver. A first
    /// release has nothing to compare with: GL250. Or measure what runs now, keep the report as `d3p/baseline.json`, and pin it:
    /// `validation: { baseline: { release: v1.3.0, path: d3p/baseline.json, sha256: … } }` in
    /// `d3p.yaml`. After gate 1, `d3p gate 1 --refreeze` takes that into the release, and
    /// the next `d3p run` of the validation compares. The next release pins the results of this one,
    /// which `d3p archive` keeps below `.artifacts/releases/`.
    GL219 "performance-regressed" Error since "0.1.0" clauses ["DLC-4", "P11-2.2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let values = &context.project.effective().values;
    let first = super::gl250_first_release::is_first(context.project);
    for evidence in context.readable() {
        for native in &evidence.def.native {
            let NativeCheck::Performance { at, max_regression, floor } = native else { continue };
            let limit = percent(max_regression.resolve(values));
            let floors = floor.as_ref().map(|floor| floor.resolve(values));
            let list =
                evidence.value().and_then(|value| value.pointer(at)).and_then(Value::as_array);
            for (index, item) in list.into_iter().flatten().enumerate() {
                // Whoever says GO is told of all of them at once.
                if first && item.get("baseline").is_some_and(Value::is_null) {
                    continue;
                }
                let Some((state, message)) = judge(item, limit) else { continue };
                let place = evidence.at(format!("{at}/{index}"));
                let small = floors.and_then(|floors| below_floor(item, floors));
                let finding = match small.filter(|_| state == State::Failed) {
                    Some(small) => {
                        Finding::new(&GL219, evidence.piece(), place, format!("{message}; {small}"))
                            .level(Level::Warning)
                    }
                    None => Finding::new(&GL219, evidence.piece(), place, message).state(state),
                };
                let finding = match worse_by(item).filter(|_| state == State::Failed) {
                    Some((of, percent)) => finding.measured(of, percent),
                    None => finding,
                };
                let way_out = way_out(context.project, &evidence, item, state);
                out.push(finding.clauses(&evidence.def.clauses).advise(way_out));
            }
        }
    }
}

/// Whether something that was measured got worse than the policy allows: that is why it failed.
pub(super) fn fails(project: &Project, evidence: &Evidence<'_>) -> bool {
    let values = &project.effective().values;
    evidence.def.native.iter().any(|native| {
        let NativeCheck::Performance { at, max_regression, floor } = native else { return false };
        let limit = percent(max_regression.resolve(values));
        let floors = floor.as_ref().map(|floor| floor.resolve(values));
        let list = evidence.value().and_then(|value| value.pointer(at)?.as_array());
        list.into_iter().flatten().any(|item| {
            let failed = judge(item, limit).is_some_and(|(state, _)| state == State::Failed);
            failed && floors.and_then(|floors| below_floor(item, floors)).is_none()
        })
    })
}

/// What a number that is wrong, one that got worse, and one without a baseline have for a way out.
fn way_out(project: &Project, evidence: &Evidence<'_>, item: &Value, state: State) -> Advice {
    let again = mend(project, &evidence.piece());
    let pinned = project.effective().policy.validation.baseline.is_some();
    let compared = evidence.value().is_some_and(|value| value.get("baseline").is_some());
    if state == State::Invalid || pinned && !compared && evidence.value().is_some_and(is_made) {
        return again;
    }
    let waive = signatures_on(project).then(|| waive(GL219.code, &evidence.def.path));
    if !item.get("baseline").is_some_and(Value::is_null) {
        let signed = waive.map(|waive| waive.what("let a person sign that it may stand"));
        return signed.into_iter().fold(again, Advice::or);
    }
    // A digest that is wrong is told with the right one.
    let line = format!(
        "baseline: {{ release: v1.3.0, path: d3p/baseline.json, sha256: \"{}\" }}",
        "0".repeat(64)
    );
    let pin = add_line(project, &["validation"], &line).what_also(
        "compare with an earlier one, which is kept as d3p/baseline.json and pinned by its sha256sum",
    );
    match waive {
        Some(waive) => {
            waive.what("let a person sign that a first release has nothing to compare with").or(pin)
        }
        None => pin,
    }
}

/// Whether evidence was made of runs or reports, so that a baseline is looked at.
fn is_made(value: &Value) -> bool {
    ["runs", "imports"].iter().any(|key| value.get(key).is_some())
}

fn percent(value: &Value) -> Option<f64> {
    value.as_str()?.strip_suffix('%')?.trim().parse().ok()
}

fn judge(item: &Value, limit: Option<f64>) -> Option<(State, String)> {
    let number = |key: &str| item.get(key).and_then(Value::as_f64);
    let metric = item.get("metric").and_then(Value::as_str).unwrap_or("a metric");
    let runs = runs(item);
    if let (Some(runs), Some(observed)) = (&runs, number("observed")) {
        let middle = median(runs);
        if (middle - observed).abs() > 1e-9 * middle.abs().max(1.0) {
            let count = runs.len();
            let message =
                format!("{metric}: the median of its {count} runs is {middle}, not {observed}");
            return Some((State::Invalid, message));
        }
    }
    if item.get("baseline").is_some_and(Value::is_null) {
        let message = format!("{metric} has no baseline: whether it is good is for a human to say");
        return Some((State::Review, message));
    }
    let (baseline, observed) = (number("baseline")?, number("observed")?);
    let unit = item.get("unit").and_then(Value::as_str).unwrap_or_default();
    let measured = Quantity::parse(&format!("{observed}{unit}"));
    if let Some(why) = measured.and_then(Quantity::impossible) {
        let message = format!("{metric} is {observed}{unit}: {why}");
        return Some((State::Review, message));
    }
    // What was nothing and is nothing did not get worse.
    if baseline == 0.0 && observed == 0.0 {
        return None;
    }
    if baseline == 0.0 {
        return Some((
            State::Review,
            format!("{metric} has a baseline of 0: nothing to compare with"),
        ));
    }
    let change = change(observed, baseline);
    let said = number("change_percent")?;
    // One decimal is what people write; more than its rounding is another number.
    if (said - change).abs() > 0.051 {
        let message = format!("{metric} changed by {change:.1} %, not by {said} %");
        return Some((State::Invalid, message));
    }
    let limit = limit?;
    let worse = if higher_is_better(item) { -change } else { change };
    (worse > limit).then(|| {
        let spread = runs.as_deref().map(spread).unwrap_or_default();
        let message =
            format!("{metric} got worse by {worse:.1} %, the policy allows {limit} %{spread}");
        (State::Failed, message)
    })
}

fn change(observed: f64, baseline: f64) -> f64 {
    (observed - baseline) / baseline.abs() * 100.0
}

/// What is compared with what, and by how many percent it got worse.
fn worse_by(item: &Value) -> Option<(String, f64)> {
    let number = |key: &str| item.get(key).and_then(Value::as_f64);
    let (metric, baseline) = (item.get("metric")?.as_str()?, number("baseline")?);
    let change = change(number("observed")?, baseline);
    let worse = if higher_is_better(item) { -change } else { change };
    Some((format!("{metric} against {baseline}"), worse))
}

/// What each run measured, sorted, where several did.
fn runs(item: &Value) -> Option<Vec<f64>> {
    let list = item.get("runs").and_then(Value::as_array)?;
    let mut runs: Vec<f64> = list.iter().filter_map(Value::as_f64).collect();
    runs.sort_by(f64::total_cmp);
    Some(runs)
}

/// How far several runs lie apart.
fn spread(runs: &[f64]) -> String {
    match (runs.first(), runs.last()) {
        (Some(least), Some(most)) => {
            format!("; its {} runs lie between {least} and {most}", runs.len())
        }
        _ => String::new(),
    }
}

/// Why a metric that got worse by too many percent did not get worse by enough to say anything, where
/// the policy has a floor for it in the unit that it is measured in.
fn below_floor(item: &Value, floors: &Value) -> Option<String> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let number = |key: &str| item.get(key).and_then(Value::as_f64);
    let floor = floors.get(text("metric")?)?.as_str()?;
    let unit = text("unit")?;
    let least: f64 = floor.strip_suffix(unit)?.trim().parse().ok()?;
    let change = (number("observed")? - number("baseline")?).abs();
    (change < least).then(|| format!("that is less than the {floor} which the policy asks about"))
}

/// Throughput gets better upwards; everything else that is measured here gets worse.
fn higher_is_better(item: &Value) -> bool {
    let unit = item.get("unit").and_then(Value::as_str).unwrap_or_default();
    ["/s", "req/s", "rps", "/min"].contains(&unit)
}
