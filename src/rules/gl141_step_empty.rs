//! GL141: step-empty.

use super::Context;
use super::support::sections::{Step, sectioned, steps};
use super::support::words::is_nothing;
use crate::decisions::fold;
use crate::model::{Finding, State, hollow};

rule! {
    /// A step of a plan says that nothing is done.
    ///
    /// ## What it checks
    /// In each table of steps, which gives every step a person and a duration, the step says what is
    /// done: not `Nothing`, not `n/a`, and not that there is no way back. Three steps and more are not
    /// all the same.
    ///
    /// ## Why it matters
    /// "Nothing, there is no way back" has an owner and takes five minutes, and takes nothing back.
    ///
    /// ## How to fix
    /// Write the action. Where a release cannot be taken back, the plan says how harm is stopped: a
    /// flag, a halt of the rollout, a fix forward with its owner. Where the step says what is done all
    /// the same, whoever may approve signs that they read it: `d3p waive GL141`.
    GL141 "step-empty" Error since "0.1.0" clauses ["D3P-2", "P8-3", "P11-5", "DLC-6"] waivable true
}

/// Fewest steps of which each is to be another one.
const MANY: usize = 3;

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        let all = steps(context.project, &file);
        for def in &file.sections {
            let own: Vec<_> = all.iter().filter(|step| step.def.id == def.id).collect();
            let Some(first) = own.first().filter(|_| own.len() >= MANY) else { continue };
            if own.iter().any(|step| fold(step.text) != fold(first.text)) {
                continue;
            }
            let message = format!("all {} steps say \"{}\"", own.len(), first.text);
            out.push(
                Finding::new(&GL141, file.piece.clone(), file.at(first.range.clone()), message)
                    .state(State::Review)
                    .clauses(&def.clauses)
                    .edit("write what each step does"),
            );
        }
        for Step { text, range, def } in all {
            // What has no word at all is an empty cell, and told there.
            if hollow(text).is_some() || !is_nothing(text) {
                continue;
            }
            let message = format!("\"{text}\" is no step: it says that nothing is done");
            out.push(
                Finding::new(&GL141, file.piece.clone(), file.at(range), message)
                    .state(State::Review)
                    .clauses(&def.clauses)
                    .edit("write what is done"),
            );
        }
    }
}
