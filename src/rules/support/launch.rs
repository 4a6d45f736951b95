//! What became of each run of a hook that launches, as far as ledger and records tell.

use crate::decisions::{ApprovalDecision, how_to_decide};
use crate::model::Advice;
use crate::project::Project;
use crate::project::step_hooks;
use crate::record::{Ended, Ending, EntryKind, Line, Run};
use std::collections::BTreeMap;

/// What a run of a launching hook came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It ended by itself with another exit code than 0.
    Failed,
    /// It ended with 0.
    Succeeded,
    /// It may have launched: why that is not known.
    Unknown(String),
}

/// A run of a launching hook.
#[derive(Clone, Debug)]
pub struct Launch<'a> {
    /// Its hook.
    pub hook: &'a str,
    /// The line that says how it ended; where none does, that it began.
    pub line: &'a Line,
    /// What it came to.
    pub outcome: Outcome,
}

/// The hooks that launch, by name.
pub fn launching_hooks(project: &Project) -> Vec<&str> {
    let step = project.phase.launch().and_then(|(kind, _)| project.phase.step_producing(kind));
    let hooks = step.map_or(Vec::new(), |(step, _)| step_hooks(project, step));
    hooks.into_iter().map(|(name, _)| name).collect()
}

/// Every run of a launching hook in this attempt, in the order of the lines that tell of it.
pub fn launches(project: &Project) -> Vec<Launch<'_>> {
    let Some(release) = project.release().map(|release| release.name()) else { return Vec::new() };
    let hooks = launching_hooks(project);
    let runs: BTreeMap<String, &Run> =
        project.runs().into_iter().map(|(path, run)| (path.to_owned(), run)).collect();
    // By the path of the run's record, which both of its lines name.
    let mut told: BTreeMap<String, Launch<'_>> = BTreeMap::new();
    for line in project.ledger.lines.iter().filter(|line| line.entry.release == release) {
        let of_line = |own: &&str| line.entry.hook.as_deref() == Some(*own);
        let Some(hook) = hooks.iter().copied().find(of_line) else { continue };
        match line.entry.kind {
            EntryKind::Began => {
                let why = "how it ended is not recorded: it still runs, or was killed";
                let outcome = Outcome::Unknown(why.to_owned());
                let path = format!("{}.json", project.places().run(hook, &line.entry.id));
                told.entry(path).or_insert(Launch { hook, line, outcome });
            }
            EntryKind::Ran => {
                // Without a record it is told of, and stands for itself.
                let path = line
                    .entry
                    .digests
                    .first()
                    .map_or_else(|| line.digest.to_string(), |record| record.path.clone());
                let outcome = came_to(line.entry.outcome, runs.get(&path).copied());
                // A second line of the same run does not take back what the first one said.
                let stands = told.get(&path).is_some_and(|own| {
                    own.line.entry.kind == EntryKind::Ran && own.outcome != Outcome::Failed
                });
                if !stands {
                    told.insert(path, Launch { hook, line, outcome });
                }
            }
            _ => {}
        }
    }
    let mut launches: Vec<Launch<'_>> = told.into_values().collect();
    launches.sort_by_key(|launch| launch.line.range.start);
    launches
}

/// A line that says so is enough for a success; a failure must have its record.
fn came_to(told: Option<Ending>, run: Option<&Run>) -> Outcome {
    if told.is_some_and(Ending::succeeded) {
        return Outcome::Succeeded;
    }
    match run {
        None => Outcome::Unknown("its record is not there as it was written".to_owned()),
        Some(run) if run.succeeded() => Outcome::Succeeded,
        Some(run) if run.ended == Ended::Exited && run.exit_code.is_some() => Outcome::Failed,
        Some(run) if run.ended == Ended::NotStarted => Outcome::Failed,
        Some(run) => Outcome::Unknown(format!("it did not end by itself: {}", run.outcome())),
    }
}

/// The first file of a run of `hook` that no line of the ledger knows.
pub fn untold_run<'a>(project: &'a Project, hook: &str) -> Option<&'a str> {
    let prefix = format!("{}/{hook}-", project.places().runs());
    let began = project.ledger.lines.iter().filter(|line| line.entry.kind == EntryKind::Began);
    let known: Vec<String> = began.map(|line| project.places().run(hook, &line.entry.id)).collect();
    let stem = |path: &'a String| {
        let (stem, _) = path.rsplit_once('.')?;
        let id = stem.strip_prefix(&prefix)?;
        let is_id = id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then_some((stem, path))
    };
    let mut files = project.listing.iter().filter_map(stem);
    files.find(|(stem, _)| !known.iter().any(|own| own == stem)).map(|(_, path)| path.as_str())
}

/// Whether one of `decisions` says GO over a ledger that holds the line of `launch`.
pub(crate) fn is_known_to(
    project: &Project,
    launch: &Launch<'_>,
    decisions: &[&ApprovalDecision],
) -> bool {
    decisions.iter().filter(|decision| decision.is_go()).any(|decision| {
        let said = decision.statement.as_ref().ok();
        let heads = said.into_iter().flat_map(|said| &said.predicate.head.ledger_heads);
        let before = project.history(heads.map(String::as_str));
        project.lineage().holds(&before, &launch.line.digest)
    })
}

/// How a launch goes on that has no report: it is not done once more for the sake of that, and nobody
/// launches again what may have been launched.
pub(crate) fn launch_anew(project: &Project, kind: &str, hook: &str) -> Advice {
    let run = Advice::d3p(["run", hook]);
    let launches = launches(project);
    let is = |wanted: fn(&Outcome) -> bool| launches.iter().any(|own| wanted(&own.outcome));
    if is(|own| *own == Outcome::Succeeded) {
        Advice::d3p(["record", kind])
    } else if is(|own| matches!(own, Outcome::Unknown(_))) {
        let look = "look at what production runs; those who may launch it again decide anew";
        how_to_decide(project).what(look).or(run.what("once they have decided, launch it"))
    } else {
        run
    }
}
