//! GL240: prerequisite-doubtful.

use super::Context;
use super::support::mend::mend;
use super::support::prerequisites::{Objection, Weight};
use crate::model::{Finding, Level, Piece, State};

rule! {
    /// A prerequisite does not say enough to be judged.
    ///
    /// ## What it checks
    /// The file names the release or the commit that it is of; its word for the result is one that
    /// is known; and beside the word and a date it holds what was done: numbers, parts, a target,
    /// prose. A rehearsal, which is about a procedure and not about a build, may leave release and
    /// commit out: that is only shown.
    ///
    /// ## Why it matters
    /// Two keys are written in a minute, and a report without a release is any release's.
    ///
    /// ## How to fix
    /// Let d3p make it where it can (`d3p explain ID` says how), or let the phase that produces it
    /// write release and commit. Where they stand under other names, say so in `d3p.yaml`:
    /// `prerequisites: { ID: { release: [/build/tag], commit: [/build/sha] } }`.
    /// Or let a person sign that it may stand: `d3p waive GL240`.
    GL240 "prerequisite-doubtful" Error since "0.1.0" clauses ["P11-1.1", "X-2", "DLC-7"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for weight in [Weight::Doubt, Weight::Shown] {
        objections(context, weight, |id, clauses, own| {
            let piece = Piece::Prerequisite(id.to_owned());
            let finding = Finding::new(&GL240, piece, own.location, own.message);
            let finding = match weight {
                Weight::Shown => finding.level(Level::Warning),
                _ => finding.state(State::Review),
            };
            out.push(
                finding
                    .clauses(clauses)
                    .advise(mend(context.project, &Piece::Prerequisite(id.to_owned()))),
            );
        });
    }
}

/// Tells of each objection of one weight against the prerequisites that apply: the prerequisite's id,
/// its clauses and the objection.
pub(super) fn objections(
    context: &Context<'_>,
    weight: Weight,
    mut tell: impl FnMut(&str, &[String], Objection),
) {
    let project = context.project;
    for (id, def) in &project.phase.prerequisites {
        if project.prerequisite_exemption(id).is_some() {
            continue;
        }
        let Some(status) = context.prerequisite(id, context.judgement.now) else {
            continue;
        };
        let own = status.objections.iter().filter(|own| own.weight == weight);
        own.for_each(|own| tell(id, &def.clauses, own.clone()));
    }
}
