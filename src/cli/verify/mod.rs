//! `d3p verify`: recomputes everything from the files, and compares it with the records.
//!
//! Needs neither git nor the internet, and writes nothing.

pub(in crate::cli) mod approval_assurance;
mod expected;
mod facts;
mod history;
mod recipe;
mod show;
pub(in crate::cli) mod target;
pub(in crate::cli) mod trust;
mod unproven;

use crate::cli::Failure;
use crate::cli::args::VerifyArgs;
use crate::cli::common::{Global, disk, emit, gate_id, only_one, open_root, report};
use crate::cli::many::{self, Asked};
use crate::decide::{Assessment, assess, closed_by, not_skipped, rolled_back, within};
use crate::definition::ExitDef;
use crate::env::{Env, Exit};
use crate::model::{
    Advice, Closing, Finding, Level, Location, Piece, Placeholder, Stamp, State, Verdict,
};
use crate::project::Project;
use crate::render::json::{AssuranceView, AuditView, BundleView, TimeView};
use crate::render::{Beside, Format, Report};
use crate::rules::{GL310, Timed, begin, timed};
use crate::source::Root;
use approval_assurance::ApprovalAssurance;
use expected::unexpected;
use facts::Facts;
use std::path::Path;
use target::Target;
use trust::Trust;
use unproven::cannot_exclude;

/// Why a gate that comes before every approval has no level of its own.
const NONE_ASKED: &str = "it asks for none";

/// The first line without anything from outside.
const SELF_ONLY: &str =
    "SELF-CONSISTENT ONLY: no policy or signer from outside this tree was given";

/// The way out where a bundle is verified and no repository has the commit.
const POLICY_OF_BUNDLE: &str = "a bundle has no git repository: run this in a clone of the project, in the directory of its d3p.yaml: d3p -C CLONE verify FILE --policy-commit SHA (FILE is looked for from CLONE)";

pub(super) fn run(args: &VerifyArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let with_page;
    let global = match &args.html {
        None => global,
        Some(file) => {
            with_page = global.and_to(Format::Html, file);
            &with_page
        }
    };
    if args.recursive {
        of_one_release(args)?;
        return many::run(Asked::Verify(args), &args.dirs, global, env);
    }
    let dir = only_one("verify", &args.dirs)?;
    of(args, target::open(dir, global)?, global, env, &mut |shown, env| {
        let disk = args.html.as_ref().map(|_| disk(shown.root, shown.report.project));
        let beside = Beside { audit: Some(shown.audit), disk, ..Beside::default() };
        if !emit(shown.report, beside, shown.root, global, env)? {
            let Shown { report, audit, through, .. } = *shown;
            show::human(report, audit, shown.exit == Exit::Passed, through, args, global, env)?;
        }
        Ok(())
    })
}

/// What is shown of a release that was verified.
pub(super) struct Shown<'a> {
    pub(super) root: &'a Root,
    pub(super) report: &'a Report<'a>,
    pub(super) audit: &'a AuditView,
    /// The gate up to which it was verified.
    pub(super) through: Option<&'a str>,
    pub(super) exit: Exit,
}

/// Refuses what only one release can be held against.
pub(super) fn of_one_release(args: &VerifyArgs) -> Result<(), Failure> {
    let given = [
        ("--raw", args.raw.is_some()),
        ("--history", args.history.is_some()),
        ("--remote", args.remote),
        ("--release", args.release.is_some()),
        ("--commit", args.commit.is_some()),
        ("--artifact", !args.artifacts.is_empty()),
        ("--expect-head", args.anchors.expect_head.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((option, _)) => {
            Err(Failure::usage(format!("{option} is about one release, and -r about many"))
                .advise(Advice::d3p(["verify"]).fill(Placeholder::DIRECTORY)))
        }
    }
}

/// Verifies one release, and gives what came of it to `show`.
pub(super) fn of(
    args: &VerifyArgs,
    target: Target,
    global: &Global,
    env: &mut Env<'_>,
    show: &mut dyn FnMut(&Shown<'_>, &mut Env<'_>) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let Target { root, mut project, bundle, findings: of_bundle } = target;
    let applied = trust::apply(&args.anchors, &root, &mut project, global, env);
    let outside = applied.map_err(|failure| {
        match bundle.is_some() && args.anchors.policy_commit.is_some() {
            true => failure.note(POLICY_OF_BUNDLE),
            false => failure,
        }
    })?;
    has_trust(args, &outside)?;
    if let Some(raw) = args.raw.as_ref().map(|raw| global.directory.join(raw)) {
        supply_logs(&mut project, &raw)?;
    }
    is_a_release(&project, bundle.as_ref(), &of_bundle)?;
    let exit = closed_by(&project).filter(|_| args.through.is_none());
    let through = through(args, &project, exit.map(|(exit, _)| exit))?;
    let number = through.as_ref().map_or(0, |id| number_of(&project, id));
    let now = (env.now)();
    let mut assessment = assess(&project, now);
    assessment.findings.extend(unexpected(&root, &project, args));
    let assured = approval_assurance::level(&project, &outside, now);
    assessment.findings.extend(approval_assurance::too_low(
        args.anchors.min_assurance,
        assured,
        &project,
        number,
    ));
    let facts = Facts::of(&project, &outside, now);
    let assurance = assurance(&project, number, assured, &facts);
    assessment.findings.extend(facts::too_low(args.min_facts, &assurance, &project));
    assessment.findings.extend(outside.findings.iter().cloned());
    assessment.findings.extend(of_bundle);
    assessment.findings.extend(history::of_others(args, &root, &project, now, env)?);
    assessment.findings.extend(not_passed(&project, &assessment, number));
    let lacking =
        exit.map_or_else(Vec::new, |(_, closing)| of_exit(closing, &project, &assessment, now));
    show_too(&lacking, &mut assessment);
    let passed = lacking.is_empty() && holds(&project, &assessment, number);
    let verdict = Some(if passed { Verdict::Passed } else { Verdict::Refused });
    let report = report("verify", &project, &assessment, now, verdict, |finding| {
        within(&project, finding, number)
            || lacking.iter().any(|own| own.sort_key() == finding.sort_key())
    });
    let audit = AuditView {
        trust: outside.root.clone().unwrap_or_else(|| SELF_ONLY.to_owned()),
        cannot_exclude: {
            let of_facts = facts::cannot_exclude(&assurance);
            cannot_exclude(args, &project, &outside, bundle.as_ref(), of_facts)
        },
        times: times(&project),
        bundle,
        assurance,
        closed: exit.map(|(_, closing)| closing.word()),
    };
    let exit = if passed { Exit::Passed } else { Exit::Refused };
    let through = through.as_deref();
    show(&Shown { root: &root, report: &report, audit: &audit, through, exit }, env)?;
    Ok(exit)
}

/// Between which times somebody outside knows that something happened; nothing where the policy names
/// nobody.
fn times(project: &Project) -> Vec<TimeView> {
    if project.effective().policy.timestamp.is_none() {
        return Vec::new();
    }
    let text = |at: Option<Stamp>| at.map(|at| at.to_string());
    let view = |own: Timed<'_>| TimeView {
        what: own.what,
        claimed: own.line.at.to_string(),
        after: text(own.bounds.after),
        before: text(own.bounds.before),
    };
    timed(project).into_iter().map(view).collect()
}

/// Refuses to verify without anything from outside, where that is wanted.
fn has_trust(args: &VerifyArgs, outside: &Trust) -> Result<(), Failure> {
    if args.require_trust && !outside.pinned && args.anchors.trust_root.is_none() {
        return Err(Failure::usage(
            "--require-trust: no policy and no signers from outside this tree were given",
        )
        .advise(Advice::d3p(["verify"]).with("--policy-commit", Placeholder::COMMIT).what(
            "name the commit that was reviewed, by its full id, from the forge and not from this clone",
        )));
    }
    Ok(())
}

/// The gate up to which is verified: the one that is named, else the last; of a release that was taken
/// back the one that its launch rested on.
fn through(
    args: &VerifyArgs,
    project: &Project,
    exit: Option<&ExitDef>,
) -> Result<Option<String>, Failure> {
    match (&args.through, exit) {
        (Some(name), _) => gate_id(project, name).map(Some),
        (None, Some(exit)) => Ok(exit.after.clone()),
        (None, None) => Ok(Some(last_gate(project))),
    }
}

/// What is wrong with what an exit rests on: of a release that was taken back that and who let it be
/// launched, of one that was skipped the decision.
fn of_exit(
    closing: Closing,
    project: &Project,
    assessment: &Assessment,
    now: Stamp,
) -> Vec<Finding> {
    if closing == Closing::Skipped {
        return not_skipped(project, assessment, now).unwrap_or_default();
    }
    let mut out = rolled_back(project, assessment).unwrap_or_default();
    let approval = project.phase.approval().map(|(kind, _)| Piece::Evidence(kind.to_owned()));
    let wrong = |finding: &&Finding| {
        Some(&finding.piece) == approval.as_ref()
            && finding.level == Level::Error
            && finding.waived.is_none()
    };
    out.extend(assessment.findings.iter().filter(wrong).cloned());
    out
}

/// What only an exit demands is shown beside the rest.
fn show_too(lacking: &[Finding], assessment: &mut Assessment) {
    for finding in lacking {
        if !assessment.findings.iter().any(|own| own.sort_key() == finding.sort_key()) {
            assessment.findings.push(finding.clone());
        }
    }
}

/// Whether all gates up to number `through` are passed, and nothing that they depend on is an error.
fn holds(project: &Project, assessment: &Assessment, through: u32) -> bool {
    let mut gates = assessment.gates.iter().filter(|gate| gate.number <= through);
    let wrong = |own: &Finding| own.level == Level::Error && within(project, own, through);
    gates.all(|gate| gate.is_valid()) && !assessment.findings.iter().any(wrong)
}

/// The number of a gate; beyond all where the phase has none of it.
fn number_of(project: &Project, gate: &str) -> u32 {
    project.phase.gates.get(gate).map_or(u32::MAX, |gate| gate.number)
}

/// Whether a release was begun here: its manifest is there, or its ledger.
pub(super) fn is_begun(project: &Project) -> bool {
    let manifest = project.phase.identity().map(|(_, def)| def.path.as_str()).unwrap_or_default();
    project.present(manifest).is_some() || !project.ledger.lines.is_empty()
}

/// Refuses where nothing is there that could be verified.
fn is_a_release(
    project: &Project,
    bundle: Option<&BundleView>,
    of_bundle: &[Finding],
) -> Result<(), Failure> {
    if !is_begun(project) {
        let manifest = project.phase.identity().map(|(_, def)| def.path.as_str());
        let manifest = manifest.unwrap_or_default();
        if let Some(bundle) = bundle {
            return Err(target::refused(&bundle.file, of_bundle)
                .note(format!("it holds no release: {manifest} is not in it")));
        }
        return Err(Failure::refused(format!("no release is open here: {manifest} is not there"))
            .advise(begin().what("begin one"))
            .advise(
                Advice::d3p(["verify"])
                    .fill(Placeholder::DIRECTORY)
                    .what(format!("verify an archived one, below {}", project.places().archives())),
            ));
    }
    Ok(())
}

/// Takes logs that are kept out of git from `dir`, by the names that the runs gave them.
///
/// # Errors
/// When `dir` is no directory.
fn supply_logs(project: &mut Project, dir: &Path) -> Result<(), Failure> {
    let raw = open_root(dir)?;
    let logs: Vec<String> = project
        .runs()
        .iter()
        .filter(|(_, run)| run.log.detached.is_some())
        .map(|(_, run)| run.log.path.clone())
        .collect();
    for path in logs {
        let name = path.rsplit('/').next().unwrap_or(&path);
        if let Ok((digest, _)) = raw.digest(name) {
            project.cited.insert(path, Ok(digest));
        }
    }
    Ok(())
}

fn last_gate(project: &Project) -> String {
    let last = project.phase.gates.iter().max_by_key(|(_, gate)| gate.number);
    last.map(|(id, _)| id.clone()).unwrap_or_default()
}

/// A finding for each gate that is not passed and about which nothing else is said.
fn not_passed(project: &Project, assessment: &Assessment, through: u32) -> Vec<Finding> {
    // A gate that was never recorded is always worth a line; one that would not pass, only when
    // nothing else says why.
    let explained = assessment.findings.iter().any(|finding| finding.level == Level::Error);
    let silent = |gate: &&crate::decide::GateAssessment| {
        let recorded = gate.recorded != crate::decide::Recorded::No;
        let path = project.places().gate(gate.number, &gate.id);
        let named = assessment
            .findings
            .iter()
            .any(|finding| finding.rule == &GL310 && finding.location.path == path);
        let told = named || (recorded && explained);
        gate.number <= through && !gate.is_valid() && !told
    };
    assessment
        .gates
        .iter()
        .filter(silent)
        .map(|gate| {
            let path = project.places().gate(gate.number, &gate.id);
            let message = match project.present(&path) {
                Some(_) => format!("gate {} is recorded as passed, and would not pass", gate.id),
                None => format!("gate {} is not passed: it has no record", gate.id),
            };
            Finding::new(&GL310, Piece::Gate(gate.id.clone()), Location::file(path), message)
                .state(State::Missing)
                .advise(Advice::d3p(["gate", &gate.id]))
        })
        .collect()
}

/// Assurance per gate: approvals and facts apart, the lowest part wins.
fn assurance(
    project: &Project,
    through: u32,
    assured: ApprovalAssurance,
    facts: &Facts<'_>,
) -> Vec<AssuranceView> {
    let approval = crate::cli::record::approval_def(project).ok();
    let approval = approval.and_then(|(kind, _)| project.phase.gate_of_evidence(kind));
    let from = approval.map_or(u32::MAX, |(_, gate)| gate.number);
    project
        .phase
        .gates
        .iter()
        .filter(|(_, gate)| gate.number <= through)
        .map(|(id, gate)| {
            let (approval, why) = if gate.number < from {
                ("L0", NONE_ASKED)
            } else {
                (assured.level.word(), assured.why)
            };
            AssuranceView { gate: id.clone(), approval, why, facts: facts.of_gate(id) }
        })
        .collect()
}
