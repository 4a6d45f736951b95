//! Test cases that stand in more than one of the imported reports.

use super::reading::Doubt;
use crate::import::junit::TestReport;
use crate::record::Import;
use std::collections::{BTreeMap, HashMap};

/// What is told twice: cases of one suite in two files, as where a merged file lies beside single
/// ones, and one run of tests that is given as two suites.
pub(super) fn told_twice(reports: &[(&Import, TestReport)]) -> Vec<Doubt> {
    let mut first: HashMap<(Option<&str>, u64), usize> = HashMap::new();
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut doubts = Vec::new();
    for (index, (import, report)) in reports.iter().enumerate() {
        for identity in &report.identities {
            let known = *first.entry((import.suite.as_deref(), *identity)).or_insert(index);
            if known != index {
                *shared.entry((index, known)).or_default() += 1;
            }
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
