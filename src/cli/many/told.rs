//! What people read of many releases: a line for each, and the sum.

use crate::cli::Failure;
use crate::cli::common::Global;
use crate::decide::Account;
use crate::env::{Env, Exit};
use crate::model::{Advice, Closing, Level};
use crate::render::formats::{Disk, Sum};
use crate::render::json::FailureView;
use crate::render::{Report, clean, lines, size, tally, way};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A release that was judged: what came of it, what it is, and the first error.
pub(super) fn judged(name: &str, report: &Report<'_>, exit: Exit, global: &Global) -> String {
    let word = if exit == Exit::Passed { "passed " } else { "refused" };
    let first = report.findings.iter().find(|own| own.level == Level::Error);
    let first = first.map_or(String::new(), |own| {
        format!(": {} {}: {}", own.rule.code, clean(&own.location.path), clean(&own.message))
    });
    let account = Account::of(report.project, report.assessment);
    let mut out =
        format!("{word}  {}  {}; {}{first}\n", clean(name), of(&account), tally(&report.findings));
    if global.style.verbose {
        for line in lines(&report.findings).lines() {
            let _ = writeln!(out, "         {line}");
        }
    }
    out
}

/// Where a release stands.
pub(super) fn status(name: &str, report: &Report<'_>, next: &Advice, disk: Disk) -> String {
    let account = Account::of(report.project, report.assessment);
    let passed = account.gates.iter().filter(|gate| gate.passed.is_some()).count();
    let ways: Vec<String> = next.ways().map(way).take(1).collect();
    let next = match account.closed {
        Some(_) => String::new(),
        None => format!("; next: {}", clean(&ways.concat())),
    };
    format!(
        "{}  {}, gates {passed} of {}, {} in {} files{next}\n",
        clean(name),
        of(&account),
        account.gates.len(),
        size(disk.bytes),
        disk.files
    )
}

/// A release that could not be judged.
pub(super) fn failed(name: &str, view: &FailureView<'_>) -> String {
    let place = view.places.first().map(|own| format!(": {} {}", own.rule, own.message));
    let place = place.or_else(|| view.causes.first().map(|cause| format!(": {cause}")));
    let text = format!("{}{}", view.message, place.unwrap_or_default());
    let word = if view.code == "E-refused" { "refused" } else { "broken " };
    format!("{word}  {}  {}\n", clean(name), clean(&text).replace('\n', " "))
}

/// Project, release, and how it ended.
fn of(account: &Account) -> String {
    let emergency = if account.emergency { ", emergency" } else { "" };
    let name = match account.release.as_str() {
        "" => "no release that can be read",
        name => name,
    };
    let word = account.word().replace('-', " ");
    clean(&format!("{} {name}, {word}{emergency}", account.project)).into_owned()
}

/// Adds a release to the sum.
pub(in crate::cli) fn count(
    sum: &mut Sum,
    exit: Exit,
    account: Option<&Account>,
    bytes: Option<u64>,
) {
    sum.releases += 1;
    match exit {
        Exit::Passed => sum.passed += 1,
        Exit::Refused => sum.refused += 1,
        Exit::Incomplete => sum.broken += 1,
    }
    if let Some(bytes) = bytes {
        *sum.bytes.get_or_insert(0) += bytes;
    }
    let Some(account) = account else { return };
    match account.closed {
        None => sum.open += 1,
        Some(Closing::Completed) => sum.completed += 1,
        Some(Closing::Superseded) => sum.superseded += 1,
        Some(Closing::Abandoned) => sum.abandoned += 1,
        Some(Closing::RolledBack) => sum.rolled_back += 1,
        Some(Closing::Skipped) => sum.skipped += 1,
    }
    sum.launched += usize::from(account.launched.is_some());
    sum.emergency += usize::from(account.emergency);
}

/// The sum, and what was given from outside.
pub(super) fn end(
    sum: &Sum,
    trust: &BTreeMap<String, usize>,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    for (line, count) in trust.iter().filter(|(line, _)| !line.is_empty()) {
        match trust.len() {
            1 => writeln!(env.out, "{line}")?,
            _ => writeln!(env.out, "{line} ({count} of {})", sum.releases)?,
        }
    }
    Ok(writeln!(env.out, "{}", sum.words())?)
}

/// A page for a job's summary.
pub(super) fn page(command: &str, lines: &str, sum: &Sum) -> String {
    /// GitHub takes a job summary of less than a mebibyte.
    const MOST: usize = 900_000;
    let mut out = format!("# d3p {command}\n\n{}\n\n", sum.words());
    let mut left_out = 0;
    for line in lines.lines() {
        match out.len() + line.len() < MOST {
            true => {
                let _ = writeln!(out, "    {line}");
            }
            false => left_out += 1,
        }
    }
    if left_out > 0 {
        let _ = writeln!(out, "\n{left_out} more releases do not fit on this page");
    }
    out
}
