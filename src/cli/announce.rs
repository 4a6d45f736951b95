//! `d3p announce`: the protocol's exact words, or a person's own, in the communications log and on
//! to people.

use crate::cli::args::AnnounceArgs;
use crate::cli::clearing::{Asked, Asker, Others, cleared};
use crate::cli::common::{Global, release, says_something, trusted_git};
use crate::cli::{Code, Failure, doctor, record};
use crate::decide::{assess, assess_before_launch};
use crate::definition::{Announcement, Claim, EvidenceFormat, Obligation};
use crate::env::{Env, Exit};
use crate::model::{Advice, Placeholder, Verdict};
use crate::project::Project;
use crate::render::{clean, json};
use crate::source::Root;
use serde_json::json;
use std::io::Read as _;

/// Most bytes of a text on standard input.
const LIMIT: u64 = 64 * 1024;

pub(super) fn run(
    args: &AnnounceArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if args.list {
        return list(global, env);
    }
    let text = match args.text.as_deref() {
        Some("-") => {
            let mut text = String::new();
            let mut input = (&mut *env.stdin).take(LIMIT + 1);
            input.read_to_string(&mut text).map_err(|error| {
                Failure::incomplete(format!("standard input cannot be read: {error}"))
                    .code(Code::Io)
            })?;
            if text.len() as u64 > LIMIT {
                return Err(Failure::incomplete(format!(
                    "an announcement has at most {LIMIT} bytes"
                )));
            }
            text
        }
        Some(text) => text.to_owned(),
        None => String::new(),
    };
    if text.trim().is_empty() {
        return Err(Failure::usage("there is nothing to announce")
            .advise(Advice::d3p(["announce"]).fill(Placeholder::TEXT))
            .advise(Advice::d3p(["announce", "--list"]).what("see the protocol's announcements")));
    }
    // The other side may be slow, and so is asked before the lock is taken.
    let mut session = global.session()?;
    if let Some(announcement) = session.project.phase.announcement(&text) {
        holds(session.root(), &session.project, &announcement, env)?;
    }
    session.lock()?;
    let git = trusted_git(session.root(), &session.project, env);
    doctor::nothing_is_lost(&git, session.root(), &session.project)?;
    let project = &session.project;
    let text = match project.phase.announcement(&text) {
        Some(announcement) => filled(project, announcement.text)?,
        None => own_words(&text)?,
    };
    let log = project.phase.evidence.iter().find(|(_, def)| {
        def.format == EvidenceFormat::AppendOnly && def.obligation == Obligation::Guideline
    });
    let (kind, _) =
        log.ok_or_else(|| Failure::incomplete("this phase has no log of communications"))?;
    let kind = kind.clone();
    record::append_text(&mut session, &kind, &text, global, env)
}

fn list(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let all = project.phase.announcements();
    if !global.human() {
        let view: Vec<_> = all
            .iter()
            .map(|announcement| json!({ "name": announcement.name, "text": announcement.text }))
            .collect();
        env.out.write_all(json::pretty(&json!({ "announcements": view })).as_bytes())?;
        return Ok(Exit::Passed);
    }
    let width = all.iter().map(|announcement| announcement.name.len()).max().unwrap_or_default();
    for announcement in &all {
        writeln!(env.out, "{:width$}  {}", announcement.name, clean(announcement.text))?;
    }
    Ok(Exit::Passed)
}

/// What the words claim must be so.
pub(super) fn holds(
    root: &Root,
    project: &Project,
    announcement: &Announcement<'_>,
    env: &Env<'_>,
) -> Result<(), Failure> {
    let now = (env.now)();
    match announcement.claim {
        Claim::Nothing => Ok(()),
        Claim::Gate(gate) => {
            let assessment = assess(project, now);
            if assessment.is_passed(gate) {
                return Ok(());
            }
            Err(Failure::refused(format!("{}: gate {gate} is not passed", announcement.name))
                .advise(
                    Advice::d3p(["gate", gate]).what("pass the gate, which announces it itself"),
                ))
        }
        Claim::Step(step) => {
            let git = trusted_git(root, project, env);
            let asker = Asker::Policy;
            let asked = Asked { step, hook: None, root, project, git: &git, asker, now };
            let others = Others::of_whole(&asked, env);
            let cleared = cleared(&asked, &assess_before_launch(project, now), others);
            if cleared.is_some_and(|cleared| cleared.verdict == Verdict::Passed) {
                return Ok(());
            }
            Err(Failure::refused(format!("{}: {step} may not begin now", announcement.name))
                .advise(Advice::d3p(["check", "--before", step]).what("see why")))
        }
    }
}

/// The words with `{error}` filled in from the last run, which must have failed.
fn filled(project: &Project, text: &str) -> Result<String, Failure> {
    if !text.contains("{error}") {
        return Ok(text.to_owned());
    }
    release(project)?;
    let runs = project.runs();
    let last = runs.iter().map(|(_, run)| run).max_by(|a, b| a.finished_at.cmp(&b.finished_at));
    match last {
        Some(run) if !run.succeeded() => {
            Ok(text.replace("{error}", &format!("{}: {}", run.hook, run.outcome())))
        }
        _ => Err(Failure::refused("the last run did not fail").advise(
            Advice::d3p(["announce"])
                .fill(Placeholder::TEXT)
                .what("say in your own words what happened"),
        )),
    }
}

/// A person's words, which must not pass for the protocol's.
fn own_words(text: &str) -> Result<String, Failure> {
    let opening = text.trim().to_lowercase();
    let mut words = opening.split_whitespace();
    let phase = words.next() == Some("phase")
        && words.next().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()));
    if opening.starts_with('[') || phase {
        return Err(Failure::incomplete(format!(
            "`{}` is none of the protocol's announcements",
            clean(text.trim())
        ))
        .advise(Advice::d3p(["announce", "--list"]).what("see all of them")));
    }
    says_something("an announcement", text)?;
    Ok(text.trim().to_owned())
}
