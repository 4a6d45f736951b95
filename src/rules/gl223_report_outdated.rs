//! GL223: report-outdated.

use super::Context;
use crate::definition::ReportOf;
use crate::derive::Moment;
use crate::derive::report::{self, Freshness};
use crate::model::{Finding, Location, Stamp, State};
use crate::project::{Evidence, Release};

rule! {
    /// A compiled report is not what the evidence makes any more.
    ///
    /// ## What it checks
    /// `DEPLOYMENT-REPORT.md`, and the staging validation report, the deployment plan and the closing
    /// report where they lie there, are compiled again, at the moment that each names, and compared byte for
    /// byte; what stands in the regions of people does not count, and neither do entries of logs and
    /// of the ledger that came later; but that somebody said NO_GO, or that something waits for whoever decides.
    ///
    /// ## Why it matters
    /// A report over other files than the ones that were judged reports on another release.
    ///
    /// ## How to fix
    /// Run `d3p report` again, or `d3p approve request` for what whoever decides reads. What people wrote in its regions stays.
    GL223 "report-outdated" Error since "0.1.0" clauses ["P11-4.2", "DLC-10"]
    [elsewhere]
}

/// One report says whether something waits, which is known once everything else is judged.
pub(super) fn check_reports(
    context: &Context<'_>,
    reports: &[(Evidence<'_>, Freshness)],
    out: &mut Vec<Finding>,
) {
    let Some(release) = context.project.release() else { return };
    for (evidence, freshness) in reports {
        outdated(context, &release, (evidence, freshness), out);
    }
}

fn outdated(
    context: &Context<'_>,
    release: &Release,
    (evidence, freshness): (&Evidence<'_>, &Freshness),
    out: &mut Vec<Finding>,
) {
    let of = evidence.def.told_of().unwrap_or_default();
    let again = of.compiled_by();
    let mut add = |place: Location, message: String| {
        out.push(
            Finding::new(&GL223, evidence.piece(), place, message)
                .state(State::Stale)
                .clauses(&evidence.def.clauses)
                .advise(again.clone()),
        );
    };
    match freshness {
        Freshness::Outdated(difference) => {
            let other = not_cited(context, release, evidence, of);
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
    release: &Release,
    report: &Evidence<'_>,
    of: ReportOf,
) -> Vec<String> {
    let until = report.finished().unwrap_or(Stamp::from_timestamp(jiff::Timestamp::MIN));
    let cites: Vec<_> = report.cites().collect();
    let cited = cites.iter().map(|(_, path, _)| (*path).to_owned()).collect();
    let moment = Moment { until, optional: Some(cited) };
    let view = report::view(context.project, release, of, moment);
    report::cited(&view, of)
        .into_iter()
        .filter(|(path, sha256)| {
            !cites.iter().any(|(_, cited, digest)| cited == path && digest == sha256)
        })
        .map(|(path, _)| path)
        .collect()
}
