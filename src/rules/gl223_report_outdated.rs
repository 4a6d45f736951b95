//! GL223: report-outdated.

use super::Context;
use crate::derive::Moment;
use crate::derive::report::{self, Freshness};
use crate::model::{Advice, Finding, Location, Stamp, State};
use crate::project::Evidence;

rule! {
    /// The deployment report is not what the evidence makes any more.
    ///
    /// ## What it checks
    /// `DEPLOYMENT-REPORT.md` is compiled again, at the moment that it names, and compared byte for
    /// byte; what stands in the regions of people does not count, and neither do entries of logs and
    /// of the ledger that came later.
    ///
    /// ## Why it matters
    /// A report over other files than the ones that were judged reports on another release.
    ///
    /// ## How to fix
    /// Run `d3p report` again. What people wrote in its regions stays.
    GL223 "report-outdated" Error since "0.1.0" clauses ["P11-4.2", "DLC-10"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    let Some((evidence, freshness)) = context.report() else { return };
    let mut add = |place: Location, message: String| {
        out.push(
            Finding::new(&GL223, evidence.piece(), place, message)
                .state(State::Stale)
                .clauses(&evidence.def.clauses)
                .advise(Advice::d3p(["report"])),
        );
    };
    match freshness {
        Freshness::Outdated(difference) => {
            let other = not_cited(context, &release, evidence);
            for path in &other {
                let place = Location::file(&evidence.def.path);
                add(place, format!("does not cite {path} as it is now"));
            }
            if other.is_empty() {
                let place = Location::span(&evidence.def.path, difference.range.clone());
                let made = difference.made();
                add(place, format!("the evidence makes {made} of this line now"));
            }
        }
        Freshness::Current | Freshness::Edited(_) | Freshness::Regions(_) | Freshness::Unknown => {}
    }
}

/// Paths that a report compiled now would cite, and that this one does not cite as they are.
fn not_cited(
    context: &Context<'_>,
    release: &crate::project::Release,
    report: &Evidence<'_>,
) -> Vec<String> {
    let until = report.finished().unwrap_or(Stamp::from_timestamp(jiff::Timestamp::MIN));
    let cites: Vec<_> = report.cites().collect();
    let cited = cites.iter().map(|(_, path, _)| (*path).to_owned()).collect();
    let view = report::view(context.project, release, Moment { until, optional: Some(cited) });
    report::citations(&view)
        .into_iter()
        .filter(|(path, sha256)| {
            !cites.iter().any(|(_, cited, digest)| cited == path && digest == sha256)
        })
        .map(|(path, _)| path)
        .collect()
}
