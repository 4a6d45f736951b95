//! GL121: section-out-of-order.

use super::Context;
use super::support::sections::sectioned;
use crate::model::Finding;

rule! {
    /// Demanded sections stand in another order.
    ///
    /// ## What it checks
    /// The demanded sections follow each other as the phase lists them. Sections of the author's
    /// own may stand anywhere between.
    ///
    /// ## Why it matters
    /// Whoever opens the rollback strategy at night looks for the procedure where it always is.
    ///
    /// ## How to fix
    /// Move the section that the finding points at.
    GL121 "section-out-of-order" Error since "0.1.0" clauses ["D3P-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        let found: Vec<_> = file
            .sections
            .iter()
            .filter_map(|def| Some((def, file.find(context.project, def)?)))
            .collect();
        let places: Vec<usize> = found.iter().map(|(_, found)| found.index).collect();
        let in_order = in_order(&places);
        for (index, (def, section)) in found.iter().enumerate() {
            if in_order.contains(&index) {
                continue;
            }
            let title = |index: usize| context.project.translated(&found[index].0.title);
            let wanted = match in_order.iter().rfind(|before| **before < index) {
                Some(before) => format!("after \"{}\"", title(*before)),
                None => format!("before \"{}\"", title(in_order[0])),
            };
            let message = format!("section \"{}\" must stand {wanted}", title(index));
            let place = file.at(section.section.heading.clone());
            out.push(
                Finding::new(&GL121, file.piece.clone(), place, message).clauses(&def.clauses),
            );
        }
    }
}

/// The longest list of indices whose places rise: so that of many sections and one that was moved,
/// the moved one is named.
fn in_order(places: &[usize]) -> Vec<usize> {
    let mut longest: Vec<Vec<usize>> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let before = longest
            .iter()
            .filter(|list| list.last().is_some_and(|last| places[*last] < *place))
            .rev()
            .max_by_key(|list| list.len());
        let mut list = before.cloned().unwrap_or_default();
        list.push(index);
        longest.push(list);
    }
    longest.into_iter().rev().max_by_key(Vec::len).unwrap_or_default()
}
