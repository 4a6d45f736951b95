//! `d3p tick`: ticks items of a service's checklist that somebody has seen to hold in production.

use crate::cli::Failure;
use crate::cli::args::TickArgs;
use crate::cli::common::{Global, open_release};
use crate::decisions::nobody_in;
use crate::derive::tick_mark;
use crate::env::{Env, Exit};
use crate::markdown::Task;
use crate::project::Project;
use crate::project::sections::{Found, Sectioned, sectioned};
use crate::render::clean;
use crate::write::ChangeSet;

pub(super) fn run(args: &TickArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let session = global.session_locked()?;
    let project = &session.project;
    open_release(project)?;
    if let Some(why) = nobody_in(project, &args.by) {
        return Err(Failure::refused(format!("\"{}\" cannot have seen it: {why}", args.by))
            .note("--by wants the full name of the person who looked, such as Ana Silva"));
    }
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind));
    if launch.and_then(|launch| launch.finished()).is_none() {
        return Err(Failure::refused("nothing was deployed yet: production alone can show it")
            .note("d3p status --next says what comes first"));
    }
    let files = sectioned(project);
    let (file, found) = checklist(project, &files, &args.service)?;
    let tasks: Vec<&Task> = found.tasks().collect();
    let at = (env.now)();
    let mut text = file.file.text.clone();
    let mut picked: Vec<usize> = args.items.clone();
    picked.sort_unstable();
    picked.dedup();
    // From the end on, so that what comes before keeps its place.
    for number in picked.iter().rev() {
        let task = number.checked_sub(1).and_then(|index| tasks.get(index));
        let task = task.ok_or_else(|| listed(&args.service, *number, &tasks))?;
        if task.done {
            return Err(Failure::refused(format!(
                "item {number} of {} is ticked already: {}",
                args.service,
                clean(task.text.trim())
            ))
            .note("what was ticked by mistake is opened by hand: [ ] in place of [x]"));
        }
        text.insert_str(task.range.end, &tick_mark(&args.by, at));
        let mark = text[task.range.clone()].find(']').map_or(0, |end| task.range.start + end + 1);
        text.replace_range(task.range.start..mark, "[x]");
    }
    let mut changes = ChangeSet::new(session.root());
    changes.replace(file.file.path.as_str(), text, file.file.digest);
    session.apply(changes)?;
    if global.human() {
        for number in picked {
            if let Some(task) = tasks.get(number - 1) {
                writeln!(env.out, "[x] {}", clean(task.text.trim()))?;
            }
        }
        writeln!(env.out, "ticked in {} (agent, for {}, {at})", file.file.path, clean(&args.by))?;
    }
    Ok(Exit::Passed)
}

/// The checklist of a service, in whichever document the phase wants it.
fn checklist<'a, 'f>(
    project: &'a Project,
    files: &'f [Sectioned<'a>],
    service: &str,
) -> Result<(&'f Sectioned<'a>, Found<'a>), Failure> {
    let lists = files.iter().flat_map(|file| {
        let defs = file.sections.iter().filter(|def| def.checklist.is_some());
        defs.filter_map(move |def| Some((file, file.find(project, def)?)))
    });
    let found = lists.filter_map(|(file, found)| Some((file, found.subsection(service)?))).next();
    found.ok_or_else(|| {
        Failure::incomplete(format!("no checklist is called `{service}`"))
            .note(format!("services: {}", project.effective().policy.services.join(", ")))
    })
}

/// There is no such item: those that there are.
fn listed(service: &str, number: usize, tasks: &[&Task]) -> Failure {
    let items = tasks.iter().enumerate();
    let items: Vec<String> =
        items.map(|(index, task)| format!("{} {}", index + 1, clean(task.text.trim()))).collect();
    Failure::incomplete(format!("{service} has no item {number}"))
        .note(format!("items: {}", items.join("; ")))
}
