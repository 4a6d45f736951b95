//! Reading the imported reports of one format, and what they leave open.

use crate::definition::ReportFormat;
use crate::derive::{Facts, Problem};
use crate::import::{ImportError, ReportInput};
use crate::record::Import;

/// Something about an imported report that only a person can judge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// Path of the report's copy.
    pub path: String,
    /// What is open, one sentence without a full stop.
    pub message: String,
    /// Whether the report itself says that what it tells of was not carried out.
    pub failed: bool,
}

impl Doubt {
    pub(super) fn new(import: &Import, message: &str) -> Self {
        let message = format!("{}: {message}", import.source);
        Self { path: import.path.clone(), message, failed: false }
    }
}

/// The reports of `format`, each as `parse` reads it. One that cannot be read beside others that
/// can is a doubt: a pattern matched something that is no report, or a part of the reports is lost.
///
/// # Errors
/// Reports that cannot be read, where none can.
pub(super) fn read_all<'f, 'a, T>(
    facts: &'f Facts<'a>,
    format: ReportFormat,
    parse: impl Fn(ReportInput<'a>) -> Result<T, ImportError>,
    doubts: &mut Vec<Doubt>,
) -> Result<Vec<(&'f Import, T)>, Vec<Problem>> {
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for (import, told) in facts.of(format) {
        match (&import.unread, parse(told)) {
            // What was masked as a whole may look like another report.
            (Some(message), _) => unread.push((import, message.clone(), None)),
            (None, Ok(report)) => read.push((import, report)),
            (None, Err(error)) => unread.push((import, error.to_string(), error.help)),
        }
    }
    if !read.is_empty() {
        let unread = unread.iter();
        doubts.extend(unread.map(|(import, message, _)| {
            let message = format!("it was left out, since it cannot be read: {message}");
            Doubt::new(import, &message)
        }));
        return Ok(read);
    }
    let problems = unread.into_iter().map(|(import, message, help)| {
        let problem = Problem::new(&import.source, format!("{}: {message}", import.source));
        match help {
            Some(help) => problem.help(help),
            None => problem,
        }
    });
    let problems: Vec<Problem> = problems.collect();
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}
