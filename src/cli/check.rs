//! `d3p check`: lints documents and evidence; asks for clearance before a step.

use crate::cli::args::CheckArgs;
use crate::cli::clearing::{Asked, Asker, Others, cleared};
use crate::cli::common::{Global, emit, gate_id, own_git, report, write_findings};
use crate::cli::many;
use crate::cli::tree::{launches, of_another_commit};
use crate::cli::verify::{approval_assurance, trust};
use crate::cli::{Failure, handling};
use crate::decide::{Assessment, Scope, assess, assess_before_launch, in_scope, next_gate};
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Level, Placeholder, Stamp, Verdict};
use crate::project::Project;
use crate::render::{Beside, Report, tally};
use crate::source::Root;
use std::path::{Component, Path, PathBuf};

pub(super) fn run(args: &CheckArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if args.recursive {
        return many::run(many::Asked::Check(args), &args.paths, global, env);
    }
    let (root, mut project) = global.open()?;
    let now = (env.now)();
    if let Some(step) = &args.before {
        return before_job((step, now), args, &root, &mut project, global, env);
    }
    if !args.anchors.is_empty() {
        return Err(Failure::usage("a trust root belongs to --before STEP")
            .advise(
                Advice::d3p(["check", "--before"])
                    .fill(Placeholder::NAME)
                    .with("--policy-commit", Placeholder::COMMIT),
            )
            .advise(
                Advice::d3p(["verify"])
                    .with("--policy-commit", Placeholder::COMMIT)
                    .what("hold a whole release against one"),
            ));
    }
    let assessment = assess(&project, now);
    let paths = project_paths(&args.paths, &root, &project, global)?;
    let (report, exit, scope) = linted(args, paths, &project, &assessment, now)?;
    if !emit(&report, Beside::default(), &root, global, env)? {
        write_findings(&report, false, global, env)?;
        let all = Scope { through: u32::MAX, ..scope.clone() };
        let of_paths = |own: &&Finding| in_scope(&project, own, &all);
        let later = assessment.findings.iter().filter(of_paths).count() - report.findings.len();
        write_tally(&report, &scope, later, env)?;
    }
    Ok(exit)
}

/// What is found in `paths`, or up to the gate that is asked for, and how the command ends.
///
/// # Errors
/// When there is no such gate.
pub(super) fn linted<'a>(
    args: &CheckArgs,
    paths: Vec<String>,
    project: &'a Project,
    assessment: &'a Assessment,
    now: Stamp,
) -> Result<(Report<'a>, Exit, Scope), Failure> {
    let through = match &args.through {
        Some(name) => {
            let id = gate_id(project, name)?;
            project.phase.gates.get(&id).map_or(u32::MAX, |gate| gate.number)
        }
        // A path is judged by what it must be now, not by what it must be after the launch.
        None => next_gate(assessment).map_or(u32::MAX, |gate| gate.number),
    };
    let scope = Scope { through, paths };
    let report = report("check", project, assessment, now, None, |finding| {
        in_scope(project, finding, &scope)
    });
    let failed = report.findings.iter().any(|finding| finding.level == Level::Error);
    Ok((report, if failed { Exit::Refused } else { Exit::Passed }, scope))
}

/// Whether a job that deploys by itself may take `step` now, held against what it was given.
fn before_job(
    (step, now): (&str, Stamp),
    args: &CheckArgs,
    root: &Root,
    project: &mut Project,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    // A job that is about to deploy starts no program that a policy names which it does not trust yet.
    let git = own_git(root, env);
    let outside = trust::apply(&args.anchors, root, project, global, env)?;
    // Here nobody reads what the root is worth, as an auditor does.
    if args.anchors.policy_commit.is_some() && !outside.pinned {
        return Err(Failure::usage(
            "--policy-commit: a name can be moved by whoever may write here",
        )
        .advise(Advice::answer(
            "give the full id of the commit that was reviewed, from the forge",
        )));
    }
    if let Some(line) = outside.root.as_ref().filter(|_| global.human()) {
        writeln!(env.out, "{}", crate::render::clean(line))?;
    }
    let mut found = outside.findings.clone();
    if !args.anchors.is_empty() {
        let assured = approval_assurance::level(project, &outside, now);
        found.extend(approval_assurance::too_low(
            args.anchors.min_assurance,
            assured,
            project,
            u32::MAX,
        ));
    }
    let asked = Asked { step, hook: None, root, project, git: &git, asker: Asker::Own, now };
    // Nor does it send a token to where such a policy says.
    let others = match Others::unasked(found) {
        Some(refused) => refused,
        None => Others::ask(&asked, env)?,
    };
    let others = others.and(of_another_commit(step, &git, project));
    let exit = before(&asked, others, global, env)?;
    if let (Exit::Passed, true, Some(release)) =
        (exit, global.human() && launches(step, project), project.release())
    {
        writeln!(
            env.out,
            "what was approved: {0}\n  deploy that, whatever is checked out: git checkout --detach {0}",
            release.commit
        )?;
    }
    Ok(exit)
}

fn write_tally(
    report: &Report<'_>,
    scope: &Scope,
    later: usize,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let due = match report.assessment.gates.iter().find(|gate| gate.number == scope.through) {
        Some(gate) if scope.paths.is_empty() => {
            format!(", up to gate {} ({})", gate.number, gate.id)
        }
        _ => String::new(),
    };
    writeln!(env.out, "check{due}: {}", tally(&report.findings))?;
    if later > 0 {
        writeln!(env.out, "not due yet: {later} (--through shows them)")?;
    }
    if !report.findings.is_empty() {
        writeln!(env.out, "what to do first: d3p status --next")?;
    }
    Ok(())
}

/// Shows whether a step may be taken.
pub(super) fn before(
    asked: &Asked<'_>,
    others: Others,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let Asked { step, root, project, now, .. } = *asked;
    let assessment = &assess_before_launch(project, now);
    let cleared = cleared(asked, assessment, others).ok_or_else(|| {
        let known: Vec<&str> = project.phase.steps.keys().map(String::as_str).collect();
        Failure::usage(format!("there is no step `{step}`"))
            .note(format!("steps: {}", known.join(", ")))
    })?;
    let report = Report {
        command: format!("check --before {step}"),
        project,
        now,
        verdict: Some(cleared.verdict),
        findings: cleared.findings.iter().collect(),
        not_due: 0,
        assessment,
    };
    if !emit(&report, Beside::default(), root, global, env)? {
        write_findings(&report, true, global, env)?;
        match cleared.verdict {
            Verdict::Passed => writeln!(env.out, "cleared: {step} may be taken now ({now})")?,
            verdict => {
                writeln!(env.out, "not cleared: {step} ({verdict}), {}", tally(&report.findings))?;
                if verdict == Verdict::Review {
                    handling::write_deciding(project, &cleared.findings, env)?;
                }
            }
        }
    }
    Ok(if cleared.verdict == Verdict::Passed { Exit::Passed } else { Exit::Refused })
}

/// Paths given on the command line, from the project's root, with `/`.
fn project_paths(
    paths: &[PathBuf],
    root: &Root,
    project: &Project,
    global: &Global,
) -> Result<Vec<String>, Failure> {
    paths
        .iter()
        .map(|path| {
            let absolute = normal(&global.directory.join(path));
            let base = Root::open(&global.directory)
                .map_or(normal(&global.directory), |here| here.dir().to_owned());
            let rebased = absolute
                .strip_prefix(normal(&global.directory))
                .map_or(absolute.clone(), |rest| base.join(rest));
            let inside = rebased.strip_prefix(root.dir()).map_err(|_| {
                Failure::incomplete(format!(
                    "{} is not in the project {}",
                    path.display(),
                    root.dir().display()
                ))
            })?;
            let parts: Vec<String> = inside
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            let text = if parts.is_empty() { ".".to_owned() } else { parts.join("/") };
            if text != "." && !root.exists(&text) {
                return Err(Failure::incomplete(format!("{} does not exist", path.display())));
            }
            let below = |known: &String| {
                text == "."
                    || *known == text
                    || known.strip_prefix(&text).is_some_and(|rest| rest.starts_with('/'))
            };
            if !project.files.keys().any(below) {
                return Err(Failure::incomplete(format!(
                    "{} holds no document or evidence of this phase: there is nothing to check",
                    path.display()
                ))
                .advise(Advice::d3p(["status"]).what("see what is checked")));
            }
            Ok(text)
        })
        .collect()
}

/// A path without `.` and `..`, as far as its text tells.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
