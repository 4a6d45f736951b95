//! Test cases that stand in more than one of the imported reports.

use super::reading::Doubt;
use crate::import::junit::TestReport;
use crate::record::Import;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is told twice: cases of one suite in two files, as where a merged file lies beside single
/// ones, and one run of tests that is given as two suites.
pub(super) fn told_twice(reports: &[(&Import, Cow<'_, TestReport>)]) -> Vec<Doubt> {
    if reports.len() < 2 {
        return Vec::new();
    }
    let mut doubts = Vec::new();
    // A suite of one file can have nothing twice, and its cases are many.
    let mut sizes: BTreeMap<Option<&str>, (usize, usize)> = BTreeMap::new();
    for (import, report) in reports {
        let (files, cases) = sizes.entry(import.suite.as_deref()).or_default();
        (*files, *cases) = (*files + 1, *cases + report.identities.len());
    }
    let several = sizes.into_iter().filter(|(_, (files, _))| *files > 1);
    let mut suites: BTreeMap<Option<&str>, Vec<(u64, usize)>> =
        several.map(|(suite, (_, cases))| (suite, Vec::with_capacity(cases))).collect();
    for (index, (import, report)) in reports.iter().enumerate() {
        if let Some(own) = suites.get_mut(&import.suite.as_deref()) {
            own.extend(report.identities.iter().map(|identity| (*identity, index)));
        }
        let same = reports[..index].iter().find(|(other, before)| {
            other.suite != import.suite
                && (before.content, &before.identities) == (report.content, &report.identities)
        });
        if let Some((other, _)) = same {
            let suite = other.suite.as_deref().unwrap_or("of its own name");
            let message =
                format!("it is the same run of tests as {}, which is suite {suite}", other.source);
            doubts.push(Doubt::new(import, &message));
        }
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for cases in suites.values_mut() {
        cases.sort_unstable();
        for same in cases.chunk_by(|(a, _), (b, _)| a == b) {
            for (_, index) in &same[1..] {
                *shared.entry((*index, same[0].1)).or_default() += 1;
            }
        }
    }
    for ((index, known), number) in shared {
        let (import, report) = &reports[index];
        let of = report.identities.len();
        let message = format!(
            "{number} of its {of} test cases stand in {}, too, and are counted twice",
            reports[known].0.source
        );
        doubts.push(Doubt::new(import, &message));
    }
    doubts
}
