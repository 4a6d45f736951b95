//! `d3p report`: compiles DEPLOYMENT-REPORT.md around what people wrote in its regions.
//!
//! What is outside the regions belongs to the compilation. It is overwritten only while it is what
//! d3p wrote, so that nobody's words are lost.

use crate::cli::args::{ReportArgs, VerifyArgs};
use crate::cli::common::{Global, open_release};
use crate::cli::session::Session;
use crate::cli::{Failure, notify, verify};
use crate::collect::announce_once;
use crate::decide::assess;
use crate::decisions::rollbacks_begun;
use crate::definition::{EvidenceDef, ReportOf};
use crate::derive::Moment;
use crate::derive::report::{self, Freshness, REGIONS, Regions};
use crate::env::{Env, Exit};
use crate::model::{Advice, Location, Stamp};
use crate::project::{Evidence, Project, Release};
use crate::render::json;
use crate::rules::{set_aside, waits_for_decision};
use crate::write::ChangeSet;

pub(super) fn run(args: &ReportArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if let Some(file) = &args.html {
        let asked = VerifyArgs { html: Some(file.clone()), ..VerifyArgs::default() };
        return verify::run(&asked, global, env);
    }
    let mut session = global.session_locked()?;
    let release = open_release(&session.project)?;
    if is_history(&session.project, &release) && !rollbacks_begun(&session.project).is_empty() {
        let of = ReportOf::Closing;
        let written = compile(&session, &release, of, (env.now)())?;
        let def = report::report_of(&session.project, of).map(|(_, def)| def.clone());
        return match def {
            Some(def) => say(&def, written, global, env),
            None => may_be_compiled(&session.project, &release).map(|()| Exit::Passed),
        };
    }
    // Before anything is compiled: the announcement is part of what the report tells.
    let said = say_before(&session, &release, env)?;
    if !said.is_empty() {
        session.reread()?;
    }
    let project = &session.project;
    let (kind, def) = compiled(project)?;
    let existing = project.evidence(kind).filter(|evidence| !evidence.file.is_absent());
    let regions = match &existing {
        Some(existing) => regions_of(project, &release, existing)?,
        None => Regions::new(),
    };
    let now = (env.now)();
    let of = ReportOf::Release;
    let view = report::view(project, &release, of, Moment { until: now, optional: None });
    if let Some(compiled) =
        existing.as_ref().and_then(|report| unchanged(report, &view, of, &regions))
    {
        return say(def, Some(compiled), global, env);
    }
    let mut changes = ChangeSet::new(session.root());
    let text = report::compile(&view, of, now, &regions);
    changes.replace(def.path.as_str(), text, project.digest_of(&def.path));
    session.apply(changes)?;
    let def = def.clone();
    notify::pass_on(&mut session, &said, env)?;
    say(&def, None, global, env)
}

/// Compiles a report that holds nothing of people; when it was compiled before, if it is the same.
pub(super) fn compile(
    session: &Session,
    release: &Release,
    of: ReportOf,
    now: Stamp,
) -> Result<Option<Stamp>, Failure> {
    let mut changes = ChangeSet::new(session.root());
    let compiled = compile_into(&mut changes, &session.project, release, of, now);
    session.apply(changes)?;
    Ok(compiled)
}

/// The same, as part of other changes, after which `project` is what the files say.
pub(super) fn compile_into(
    changes: &mut ChangeSet,
    project: &Project,
    release: &Release,
    of: ReportOf,
    now: Stamp,
) -> Option<Stamp> {
    let (kind, def) = report::report_of(project, of)?;
    let existing = project.evidence(kind).filter(|evidence| !evidence.file.is_absent());
    // Everything is judged for the one that says it.
    let waiting = || assess(project, now).findings.into_iter();
    let waits =
        of == ReportOf::Validation && waiting().any(|own| waits_for_decision(project, &own));
    let moment = Moment { until: now, optional: None };
    let view = report::view(project, release, of, moment).waiting(waits);
    let same = |own: &Evidence<'_>| unchanged(own, &view, of, &Regions::new());
    let compiled = existing.as_ref().and_then(same);
    if compiled.is_none() {
        let text = report::compile(&view, of, now, &Regions::new());
        changes.replace(def.path.as_str(), text, project.digest_of(&def.path));
    }
    compiled
}

/// Whether the last gate has bound the report of the whole release.
fn is_history(project: &Project, release: &Release) -> bool {
    let gate =
        report::report_def(project).and_then(|(kind, _)| project.phase.gate_of_evidence(kind));
    gate.is_some_and(|(gate, _)| project.was_passed(gate, release))
}

fn compiled(project: &Project) -> Result<(&str, &EvidenceDef), Failure> {
    report::report_def(project)
        .ok_or_else(|| Failure::incomplete("this phase has no compiled report"))
}

/// What the protocol announces when the report is first compiled, if it may be.
fn say_before(session: &Session, release: &Release, env: &Env<'_>) -> Result<Vec<String>, Failure> {
    let project = &session.project;
    let (kind, _) = compiled(project)?;
    may_be_compiled(project, release)?;
    let texts = project.phase.announced_by(kind);
    let said = announce_once(project, (env.now)(), &mut || env.random_hex(8), &texts);
    let mut changes = ChangeSet::new(session.root());
    let mut announced = Vec::new();
    for (log, line, text) in said {
        changes.append_line(log, line);
        announced.push(text);
    }
    if !announced.is_empty() {
        session.apply(changes)?;
    }
    Ok(announced)
}

/// There is something to report on, and no gate has bound the report yet.
fn may_be_compiled(project: &Project, release: &Release) -> Result<(), Failure> {
    let (_, def) = compiled(project)?;
    // A release that was taken back ends before all of it is there.
    let ended = !rollbacks_begun(project).is_empty();
    for needed in def.after.iter().filter(|_| !ended) {
        let path =
            project.phase.evidence.get(needed).map(|def| def.path.as_str()).unwrap_or_default();
        if project.digest_of(path).is_none() {
            return Err(Failure::refused(format!(
                "{needed} is not there: nothing to report on yet"
            ))
            .advise(Advice::d3p(["status", "--next"])));
        }
    }
    if is_history(project, release) {
        return Err(Failure::refused(format!("the last gate bound {}: it is history", def.path))
            .advise(Advice::d3p(["verify"])));
    }
    Ok(())
}

/// What people wrote in the report that lies there.
///
/// # Errors
/// A refusal when the rest of it is not what d3p compiled: it would be lost.
fn regions_of(
    project: &Project,
    release: &Release,
    existing: &Evidence<'_>,
) -> Result<Regions, Failure> {
    let path = &existing.def.path;
    let text = &existing.file.text;
    if text.trim().is_empty() && existing.file.digest.is_some_and(|digest| digest == empty(text)) {
        return Ok(Regions::new());
    }
    if text.is_empty() {
        return Err(Failure::refused(format!("{path} cannot be read, and would be overwritten"))
            .advise(Advice::d3p(["check", path]).what("see why")));
    }
    let parts = report::split(text).map_err(|fault| {
        Failure::refused(format!("{path}:{}: {}", fault.line, fault.message))
            .advise(Advice::edit(Location::file(path), "a region is one line <!-- d3p:begin NAME -->, your text, and one line <!-- d3p:end NAME -->"))
            .note("nothing was written")
    })?;
    if parts.is_sealed() {
        return Ok(parts.regions);
    }
    let place = match report::freshness(project, release, existing, false) {
        Freshness::Edited(difference) => format!("{path}:{}", difference.line),
        _ => path.clone(),
    };
    Err(Failure::refused(format!(
        "{place}: the compiled part was edited by hand, and compiling it again would lose that"
    ))
    .advise(Advice::edit(Location::file(path), format!("move your text between <!-- d3p:begin NAME --> and <!-- d3p:end NAME -->; NAME is one of {}", REGIONS.join(", "))))
    .advise(set_aside(path).what("or keep it elsewhere, and compile anew"))
    .note("nothing was written"))
}

/// The digest of a text as it lies there: a file that is no text has another one.
fn empty(text: &str) -> crate::model::Sha256Digest {
    crate::model::Sha256Digest::of(text.as_bytes())
}

/// When the report was compiled, if it would come out the same but for that time.
fn unchanged(
    existing: &Evidence<'_>,
    view: &crate::derive::View<'_>,
    of: ReportOf,
    regions: &Regions,
) -> Option<Stamp> {
    let compiled = existing.finished()?;
    (report::compile(view, of, compiled, regions) == existing.file.text).then_some(compiled)
}

fn say(
    def: &EvidenceDef,
    unchanged: Option<Stamp>,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if global.human() {
        match unchanged {
            None => writeln!(env.out, "compiled {}", def.path)?,
            Some(at) => writeln!(
                env.out,
                "{}: compiled {at}, still what the evidence makes; nothing written",
                def.path
            )?,
        }
    } else {
        let view = serde_json::json!({ "compiled": def.path, "written": unchanged.is_none() });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(Exit::Passed)
}
