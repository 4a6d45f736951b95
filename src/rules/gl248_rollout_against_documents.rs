//! GL248: rollout-against-documents.

use super::Context;
use super::gl134_threshold_idle::{looser, triggers};
use super::support::doubts::{for_go, policy_place};
use super::support::sections::{Sectioned, sectioned};
use crate::model::{Bound, Condition, Finding, Level, Piece, Test};
use crate::project::step_hooks;
use crate::rollout::{Plan, advancing_step, plan};

rule! {
    /// The rollout of the policy is another one than the documents tell of.
    ///
    /// ## What it checks
    /// No condition of a stage and no trigger allows more than the criteria for which the strategy takes
    /// the launch back, or more than three times what was before; that waits for whoever says GO.
    /// Three more are warnings: a step of a plan that names another strategy (`canary`, `blue-green`,
    /// `rolling`, `feature flag`), one that names the strategy with shares of which none is a stage's
    /// weight, and hooks of later stages that are told neither `{weight}` nor
    /// `{stage}`.
    ///
    /// ## Why it matters
    /// A plan that promises a canary beside `strategy: direct` is a promise that nobody keeps, and a stage
    /// that passes at 90 % errors is no stage.
    ///
    /// ## How to fix
    /// Make the two agree. A hook that only says `promote` needs no weight: let the warning stand.
    GL248 "rollout-against-documents" Error since "0.1.0" clauses ["DLC-5", "P8-2", "P8-3", "D3P-2"] waivable false
}

/// Most that a condition may allow of what was before without a doubt.
const MOST_TIMES: f64 = 3.0;

/// Strategies as people write them.
const NAMES: [(&str, &[&str]); 4] = [
    ("canary", &["canary"]),
    ("blue-green", &["blue-green", "blue/green", "blue green"]),
    ("rolling", &["rolling update", "rolling deployment", "rolling release"]),
    ("feature-flag", &["feature flag", "feature-flag", "feature toggle"]),
];

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let plan = plan(&project.effective().policy);
    let files = sectioned(project);
    thresholds(context, &plan, &files, out);
    for file in &files {
        named(&plan, file, out);
    }
    let hooks = advancing_step(project).map_or(Vec::new(), |step| step_hooks(project, step));
    if plan.stages.len() < 2 || hooks.is_empty() {
        return;
    }
    let told = hooks.iter().any(|(_, hook)| {
        let words = hook.run.iter().flatten().chain(&hook.shell);
        let mut words = words.map(String::as_str);
        words.any(|word| word.contains("{weight}") || word.contains("{stage}"))
    });
    if !told {
        let (name, _) = hooks[0];
        let message =
            format!("hook {name} is told neither weight nor stage: every stage is the same to it");
        let place = policy_place(project, &format!("/hooks/{name}"));
        out.push(Finding::new(&GL248, Piece::Policy, place, message).level(Level::Warning));
    }
}

/// Conditions and triggers that allow more than the criteria of the documents.
fn thresholds(context: &Context<'_>, plan: &Plan, files: &[Sectioned<'_>], out: &mut Vec<Finding>) {
    let project = context.project;
    let criteria = triggers(context, files);
    let gates = plan.stages.iter().zip(0..).flat_map(|(stage, index)| {
        let gates = stage.gates.iter();
        gates.map(move |own| (format!("/rollout/stages/{index}/gates"), own, false))
    });
    let fired = plan.triggers.iter().map(|own| ("/rollout".to_owned(), own, true));
    for (place, (text, condition), trigger) in gates.chain(fired) {
        let Some(why) = too_much(context, condition, trigger, &criteria) else { continue };
        let place = policy_place(project, &place);
        out.extend(for_go(project, &GL248, place, format!("`{text}`: {why}")));
    }
}

/// Why a condition allows too much.
fn too_much(
    context: &Context<'_>,
    condition: &Condition,
    trigger: bool,
    criteria: &[super::gl134_threshold_idle::Trigger],
) -> Option<String> {
    let metric = condition.subject.as_deref()?;
    let Test::Compare { op, bound } = condition.test else { return None };
    // A gate says what must hold, a trigger what must not.
    if op.greater_is_worse() == trigger {
        return None;
    }
    match bound {
        Bound::Baseline(factor) => (factor > MOST_TIMES)
            .then(|| format!("it allows {factor} times what was before the launch")),
        Bound::Fixed(_) => {
            let (most, from) = looser(context, condition, metric, criteria)?;
            Some(format!("it allows {most}, and the strategy takes the launch back from {from} on"))
        }
    }
}

/// Steps of a document that name another strategy than the policy's, or other stages of it.
fn named(plan: &Plan, file: &Sectioned<'_>, out: &mut Vec<Finding>) {
    let tables = file.document.sections.iter().flat_map(|section| &section.tables);
    let cells = tables.flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    for cell in cells {
        let text = cell.text.to_lowercase();
        let told = |(_, words): &&(&str, &[&str])| words.iter().any(|word| text.contains(word));
        let message = match NAMES.iter().filter(told).find(|(name, _)| *name != plan.strategy) {
            Some((name, _)) => {
                format!("it tells of {name}, and the strategy of d3p.yaml is {}", plan.strategy)
            }
            None if NAMES.iter().any(|own| told(&own)) => match other_stages(plan, &text) {
                Some(message) => message,
                None => continue,
            },
            None => continue,
        };
        let place = file.at(cell.range.clone());
        out.push(Finding::new(&GL248, file.piece.clone(), place, message).level(Level::Warning));
        return;
    }
}

/// Shares that a step tells of, where none of them is a stage's weight.
fn other_stages(plan: &Plan, text: &str) -> Option<String> {
    let number = |own: &str| own.trim_end().trim_end_matches('%').trim_end().parse::<f64>().ok();
    let shares = text.split('%').rev().skip(1).filter_map(|before| {
        let digit = |own: char| own.is_ascii_digit() || own == '.';
        let before = before.trim_end();
        before.get(before.trim_end_matches(digit).len()..)?.parse::<f64>().ok()
    });
    let shares: Vec<f64> = shares.collect();
    let weights = plan.stages.iter().filter_map(|stage| number(&stage.weight));
    let weights: Vec<f64> = weights.collect();
    #[expect(clippy::float_cmp, reason = "both are read from what people wrote")]
    let agrees = shares.iter().any(|share| weights.iter().any(|weight| share == weight));
    if shares.is_empty() || weights.is_empty() || agrees {
        return None;
    }
    let own: Vec<&str> = plan.stages.iter().map(|stage| stage.weight.as_str()).collect();
    Some(format!("it tells of other shares than the stages of d3p.yaml: {}", own.join(", ")))
}
