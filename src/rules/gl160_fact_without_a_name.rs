//! GL160: fact-without-a-name.

use super::Context;
use crate::decisions::{not_a_person, skip_reason};
use crate::model::{Finding, Location, Piece};

rule! {
    /// A fact removes something, and nobody says it.
    ///
    /// ## What it checks
    /// Where a fact of `d3p.yaml` removes evidence, a section, an activity or the whole phase,
    /// `facts.said_by` is the full name of the person who says so.
    ///
    /// ## Why it matters
    /// What is left out is left out on somebody's word, and whoever approves the launch should know whose.
    ///
    /// ## How to fix
    /// Write the name: `said_by: Ana Silva`, below `facts`; or take the fact out, which removes nothing.
    GL160 "fact-without-a-name" Error since "0.1.0" clauses ["OPS-1", "OPS-2", "P8-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let removed = project.left_out_by_facts();
    let skips = skip_reason(project).map(|ground| ground.told(project.facts()));
    let Some(first) = removed.first().cloned().or(skips) else { return };
    let said_by = project.effective().policy.facts.said_by.as_deref();
    let wrong = match said_by {
        None => "nobody says it".to_owned(),
        Some(name) => match not_a_person(name) {
            Some(why) => format!("`{name}` is no person's full name: {why}"),
            None => return,
        },
    };
    let place = match said_by {
        Some(_) => Location::pointer("d3p.yaml", "/facts/said_by"),
        None => Location::key("d3p.yaml", "/facts"),
    };
    out.push(
        Finding::new(&GL160, Piece::Policy, place, format!("{first}, and {wrong}"))
            .edit("write said_by: and the full name of whoever says so"),
    );
}
