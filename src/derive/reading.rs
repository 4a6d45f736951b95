//! Reading the imported reports of one format, and what they leave open.

use crate::definition::{EvidenceDef, ReportFormat};
use crate::derive::{Facts, Problem};
use crate::import::{ImportError, ReportInput, ToldTime};
use crate::model::Stamp;
use crate::project::Project;
use crate::record::{Import, Run};

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

/// What a report leaves open by itself, and that the time it tells of is none at which this evidence
/// can have been made: one that lay there already was written by no test of this release.
pub(super) fn left_open(
    (project, def, facts): (&Project, &EvidenceDef, &Facts<'_>),
    import: &Import,
    doubts: &[String],
    time: Option<ToldTime>,
) -> Vec<Doubt> {
    let other = time.and_then(|time| match facts.run_of(import) {
        Some(run) => beside_its_run(project, run, time),
        None => before_what_it_follows(project, def, time),
    });
    doubts.iter().chain(&other).map(|doubt| Doubt::new(import, doubt)).collect()
}

fn beside_its_run(project: &Project, run: &Run, time: ToldTime) -> Option<String> {
    let skew = project.effective().policy.skew;
    let (began, ended) =
        (Stamp::parse(&run.started_at).ok()?, Stamp::parse(&run.finished_at).ok()?);
    let (earliest, latest) =
        (Stamp::from_timestamp(time.earliest), Stamp::from_timestamp(time.latest));
    if latest.plus(skew) < began {
        return Some(format!(
            "it tells of {latest}, and the command that gave it began at {began}"
        ));
    }
    (earliest > ended.plus(skew)).then(|| {
        format!("it tells of {earliest}, and the command that gave it had ended at {ended}")
    })
}

fn before_what_it_follows(project: &Project, def: &EvidenceDef, time: ToldTime) -> Option<String> {
    let latest = Stamp::from_timestamp(time.latest);
    let before = def.after.iter().filter_map(|id| {
        let finished = project.evidence(id)?.finished()?;
        (latest.plus(project.effective().policy.skew) < finished).then_some((id, finished))
    });
    let (id, finished) = before.max_by_key(|(_, finished)| *finished)?;
    Some(format!("it tells of {latest}, and {id} was finished at {finished}"))
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
