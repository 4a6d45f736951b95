//! GL237: report-in-doubt.

use super::Context;
use super::support::runs::{again_or_waive, made};
use crate::derive::derive;
use crate::model::{Finding, State};

rule! {
    /// An imported report leaves something open that only a person can judge.
    ///
    /// ## What it checks
    /// Every imported report is read again. A doubt is what it claims beyond what it holds (failures,
    /// errors or tests that no test case shows), an outcome that nobody knows, a severity that cannot
    /// be told, a scanner's notification of an error, results that the scanner leaves to a person, a
    /// file beside the reports that is none, the same test case in two files, one run of tests that
    /// is given as two suites, and a time that the report says it is of, when that is none of the
    /// command that gave it, or lies before what this evidence comes after. Each is `review`. A scan
    /// that says itself that it was not carried out has failed.
    ///
    /// A time without an offset from UTC may be that of any place on earth; one before 2000 is none.
    ///
    /// What is counted is counted from the report's content all the same; where a severity is not
    /// sure, the graver one.
    ///
    /// ## Why it matters
    /// A report that claims an error and shows none was cut, or its tool lost a test. Nobody can tell
    /// by the file alone which of them is harmless.
    ///
    /// ## How to fix
    /// Look at what the tool wrote, and let it write what it leaves out; name the reports alone in the
    /// hook's pattern (`reports/TEST-*.xml`); give reports of different platforms a suite each.
    /// Or let a person sign that it may stand: `d3p waive GL237`.
    GL237 "report-in-doubt" Error since "0.1.0" clauses ["DLC-4", "DLC-7", "P11-2.2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context).filter(|made| !made.facts.imports.is_empty()) {
        // What cannot be made at all is told by GL230.
        let Ok(derived) = derive(context.project, made.evidence.def, &made.facts) else { continue };
        for doubt in derived.doubts {
            let imports = made.facts.imports.iter();
            let index =
                imports.map(|(import, _)| &import.path).position(|path| *path == doubt.path);
            let place = index.map_or(String::new(), |index| format!("/imports/{index}"));
            let state = if doubt.failed { State::Failed } else { State::Review };
            let finding = made.finding(&GL237, &place, doubt.message, state);
            out.push(finding.advise(again_or_waive(
                context.project,
                &GL237,
                &made.evidence,
                &place,
            )));
        }
    }
}
