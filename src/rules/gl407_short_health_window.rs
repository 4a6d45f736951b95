//! GL407: short-health-window.

use super::Context;
use crate::model::{Finding, Location, Piece, Span};

rule! {
    /// The policy watches production for less than a day.
    ///
    /// ## What it checks
    /// `health.window` is at least 24 hours.
    ///
    /// ## Why it matters
    /// Close monitoring for the first 24 to 48 hours catches what only the nightly job, the
    /// morning peak or the other time zone brings.
    ///
    /// ## How to fix
    /// Raise `health.window` in `d3p.yaml`, or accept the warning.
    GL407 "short-health-window" Warning since "0.1.0" clauses ["OPS-7", "P8-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let policy = &context.project.effective().policy;
    if policy.health.window < Span::from_seconds(24 * 60 * 60) && !policy.demo {
        let message = format!("the health window is {}, less than 24 hours", policy.health.window);
        let place = Location::pointer("d3p.yaml", "/health/window");
        out.push(Finding::new(&GL407, Piece::Policy, place, message).edit("raise health.window"));
    }
}
