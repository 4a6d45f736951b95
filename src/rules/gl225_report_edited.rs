//! GL225: report-edited.

use crate::definition::ReportOf;
use crate::derive::report::Freshness;
use crate::model::{Finding, Location, State};
use crate::project::Evidence;

rule! {
    /// What d3p compiled into a report was edited by hand.
    ///
    /// ## What it checks
    /// Outside the regions of people, `DEPLOYMENT-REPORT.md` and every other compiled report has the digest that its front matter
    /// gives (`compiled_sha256`); each region is there once, opened and closed.
    ///
    /// ## Why it matters
    /// The report is what most people read. A number that was changed in it is believed, whatever
    /// the evidence says.
    ///
    /// ## How to fix
    /// Move what you wrote into the region `summary`, `follow-ups` or `lessons`, and take back the
    /// rest, from version control for example. Then run `d3p report`.
    GL225 "report-edited" Error since "0.1.0" clauses ["P11-4.2", "X-1"] waivable false
    [elsewhere]
}

/// As for GL223.
pub(super) fn check_reports(reports: &[(Evidence<'_>, Freshness)], out: &mut Vec<Finding>) {
    out.extend(reports.iter().filter_map(|(evidence, freshness)| edited(evidence, freshness)));
}

fn edited(evidence: &Evidence<'_>, freshness: &Freshness) -> Option<Finding> {
    let path = &evidence.def.path;
    let (range, message, help) = match freshness {
        Freshness::Edited(difference) => {
            let made = difference.made();
            (
                difference.range.clone(),
                format!("was edited by hand; the evidence makes {made} of this line"),
                "move what you wrote into a region and take back the rest",
            )
        }
        Freshness::Regions(fault) => {
            (fault.range.clone(), fault.message.clone(), "mend the markers of the regions")
        }
        Freshness::Current | Freshness::Outdated(_) | Freshness::Unknown => return None,
    };
    let of = evidence.def.told_of().unwrap_or_default();
    let finding = Finding::new(&GL225, evidence.piece(), Location::span(path, range), message)
        .state(State::Invalid)
        .clauses(&evidence.def.clauses);
    // Only the report of the whole release has regions in which people write.
    Some(match of {
        ReportOf::Release => finding.edit(help),
        of => finding.advise(of.compiled_by()),
    })
}
