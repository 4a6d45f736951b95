//! GL134: threshold-idle.

use super::Context;
use super::support::doubts::for_go;
use super::support::health::{family_of, series_def};
use super::support::sections::{Sectioned, cell, sectioned};
use crate::definition::CellType;
use crate::model::{Bound, Condition, Finding, Level, Quantity, Test};

rule! {
    /// A threshold can never be broken, never be met, or is in a unit that its metric does not have.
    ///
    /// ## What it checks
    /// Some value that can be measured breaks each threshold, and some value meets it: a share lies
    /// between 0 and 100 %, a time is above 0, nothing is negative (a share of several processors may
    /// exceed 100 %). In the table of signals the threshold is a value, of a unit that fits the
    /// signal's family: a latency is a time, and no rate is a size. One that wants more of what is worse the
    /// more it is, as errors are, waits for whoever says GO. A signal that is healthy up to a
    /// value from which on the strategy takes the launch back is a warning.
    ///
    /// ## Why it matters
    /// `error_rate < 101%` looks like a threshold, and watches nothing.
    ///
    /// ## How to fix
    /// Write the value from which on somebody would act. A signal whose name hides what it measures is
    /// given its family in `d3p.yaml`: `health: { families: { business: { signals: [latency_bets] } } }`.
    GL134 "threshold-idle" Error since "0.1.0" clauses ["D3P-5", "P8-3", "P8-4", "DLC-6"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let files = sectioned(context.project);
    let triggers = triggers(context, &files);
    for file in files {
        for def in file.sections.iter().copied() {
            let (Some(columns), Some(found)) = (&def.table, file.find(context.project, def)) else {
                continue;
            };
            let Some((table, places)) = found.table(context.project, columns) else { continue };
            let place = |kind| columns.columns.values().position(|own| *own == kind);
            let Some(bound) = place(CellType::Threshold).map(|index| places[index]) else {
                continue;
            };
            let name = place(CellType::Metric).map(|index| places[index]);
            for row in &table.rows {
                let Ok(condition) = Condition::parse(cell(row, bound)) else { continue };
                let words: Vec<String> =
                    row.cells.iter().map(|cell| cell.text.to_lowercase()).collect();
                let metric = name.map(|place| cell(row, place));
                let range =
                    row.cells.get(bound).map_or(row.range.clone(), |cell| cell.range.clone());
                let finding = |message: String| {
                    Finding::new(&GL134, file.piece.clone(), file.at(range.clone()), message)
                        .clauses(&def.clauses)
                        .edit("write the value from which on somebody would act")
                };
                let wanted = metric.and_then(|metric| wants_more(context, &condition, metric));
                let place = || file.at(range.clone());
                let doubt = |why: String| for_go(context.project, &GL134, place(), why);
                out.extend(wanted.and_then(doubt));
                if let Some(why) = idle(context, &condition, metric, &words.join(" ")) {
                    let message = format!("{} can watch nothing: {why}", cell(row, bound));
                    out.push(finding(message));
                } else if let Some(why) = metric
                    .filter(|_| is_upper(&condition))
                    .and_then(|metric| beyond(context, &condition, metric, &triggers))
                {
                    out.push(finding(why).level(Level::Warning));
                }
            }
        }
    }
}

/// Why a threshold watches nothing.
fn idle(
    context: &Context<'_>,
    condition: &Condition,
    metric: Option<&str>,
    row: &str,
) -> Option<String> {
    let project = context.project;
    let families = series_def(project).map(|(_, families)| families);
    let family =
        metric.zip(families).and_then(|(name, families)| family_of(project, families, name));
    let unbounded = match family {
        Some((_, family)) => family.unbounded,
        // In a table of criteria the row says in words what is measured.
        None => families.is_some_and(|families| {
            let own = families.values().filter(|family| family.unbounded);
            own.flat_map(|family| &family.names).any(|part| row.contains(part.as_str()))
        }),
    };
    if let Some(why) = condition.says_nothing(unbounded) {
        return Some(why.to_owned());
    }
    let (metric, (_, family)) = (metric?, family?);
    let Some(unit) = condition.unit() else {
        let what = match condition.test {
            Test::Lasts(_) => "a sample says nothing of how long a state lasts",
            Test::Compare { .. } => "the health window has no baseline; write the value itself",
        };
        return Some(what.to_owned());
    };
    let word = unit.dimension().word();
    (!family.units.iter().any(|own| own == word)).then(|| {
        format!(
            "{metric} belongs to {}, which is a {}, not a {word}",
            family.title,
            family.units.join(" or a ")
        )
    })
}

/// Why a threshold that wants more of a signal is doubtful.
fn wants_more(context: &Context<'_>, condition: &Condition, metric: &str) -> Option<String> {
    let Test::Compare { op, bound: Bound::Fixed(_) } = condition.test else { return None };
    let families = series_def(context.project).map(|(_, families)| families)?;
    let (_, family) = family_of(context.project, families, metric)?;
    (!op.greater_is_worse() && family.is_worse_the_more(metric)).then(|| {
        format!(
            "{metric} is healthy the more there is of it, and belongs to {}: more of those is worse",
            family.title
        )
    })
}

/// A row of a table of criteria: its words, and the value from which on it holds.
pub(super) struct Trigger {
    words: String,
    from: Quantity,
}

/// All criteria that hold above a value, and name in words what is measured.
pub(super) fn triggers(context: &Context<'_>, files: &[Sectioned<'_>]) -> Vec<Trigger> {
    let mut out = Vec::new();
    for file in files {
        for def in file.sections.iter().copied() {
            let (Some(columns), Some(found)) = (&def.table, file.find(context.project, def)) else {
                continue;
            };
            let of = |kind| columns.columns.values().position(|own| *own == kind);
            let (Some(at), None) = (of(CellType::Threshold), of(CellType::Metric)) else {
                continue;
            };
            let Some((table, places)) = found.table(context.project, columns) else { continue };
            for row in &table.rows {
                let condition = Condition::parse(cell(row, places[at]));
                let Ok(Test::Compare { op, bound: Bound::Fixed(from) }) =
                    condition.map(|own| own.test)
                else {
                    continue;
                };
                let words = row.cells.iter().map(|cell| cell.text.to_lowercase());
                if !op.greater_is_worse() {
                    out.push(Trigger { words: words.collect::<Vec<_>>().join(" "), from });
                }
            }
        }
    }
    out
}

/// Why a signal would be healthy at what the launch is taken back for. Of several criteria that may be
/// about it the greatest counts.
fn beyond(
    context: &Context<'_>,
    condition: &Condition,
    metric: &str,
    triggers: &[Trigger],
) -> Option<String> {
    let (most, from) = looser(context, condition, metric, triggers)?;
    Some(format!("{metric} is healthy up to {most}, and the launch is taken back from {from} on"))
}

/// What a condition allows of a metric, and the criterion beyond which that lies.
pub(super) fn looser(
    context: &Context<'_>,
    condition: &Condition,
    metric: &str,
    triggers: &[Trigger],
) -> Option<(Quantity, Quantity)> {
    let Test::Compare { op: _, bound: Bound::Fixed(most) } = condition.test else { return None };
    let families = series_def(context.project).map(|(_, families)| families)?;
    let (_, family) = family_of(context.project, families, metric)?;
    let about = |own: &&Trigger| {
        family.names.iter().any(|part| own.words.contains(&part.replace('_', " ")))
    };
    let values = triggers.iter().filter(about).filter_map(|own| Some((own, own.from.of(most)?)));
    let (own, from) = values.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (most.value > from).then_some((most, own.from))
}

/// Whether a condition that must hold gives the most that something may be.
fn is_upper(condition: &Condition) -> bool {
    matches!(condition.test, Test::Compare { op, .. } if op.greater_is_worse())
}
