//! `d3p serve`: answers engines that ask before they go on, such as Flagger's confirm webhooks.
//!
//! `POST /confirm/STEP` and nothing else. Nothing is kept and nothing written: each answer is the
//! clearance of that step, computed of the project as it lies there then, and of what other machines
//! published.

use crate::cli::args::ServeArgs;
use crate::cli::clearing::{Asked, Asker, Others, cleared};
use crate::cli::common::{Global, own_git};
use crate::cli::{Code, Failure};
use crate::decide::assess_before_launch;
use crate::decisions::{Moments, deployed_at, ruling};
use crate::env::{Env, Exit};
use crate::http::server::{Request, Server};
use crate::model::{Reason, Verdict};
use crate::project::{Project, Release};
use crate::render::clean;
use crate::source::Root;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How often it is asked whether to stop.
const WAIT: Duration = Duration::from_millis(200);

pub(super) fn run(args: &ServeArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    global.open()?;
    let server = Server::listen(&args.listen).map_err(|why| {
        Failure::incomplete(format!("nobody can listen at {}: {why}", args.listen)).code(Code::Io)
    })?;
    if !server.address.ip().is_loopback() {
        writeln!(
            env.err,
            "d3p: warning: {} can be reached from elsewhere, and asks nobody who they are",
            server.address
        )?;
    }
    writeln!(env.out, "listening at http://{}; POST /confirm/STEP", server.address)?;
    env.out.flush()?;
    while !(env.interrupted)() {
        let asked = server.next(WAIT);
        if asked.is_empty() {
            continue;
        }
        // What is asked at once is judged once: the project is the same for all of it.
        let opened = global.open();
        let mut answers: BTreeMap<String, Result<(), Reason>> = BTreeMap::new();
        for own in asked {
            let (status, text) = match (&opened, step(&own.request)) {
                (_, None) => (404, String::new()),
                (Err(_), Some(_)) => (503, "the project cannot be read".to_owned()),
                (Ok((root, project)), Some(step)) => {
                    let answer = answers
                        .entry(step.to_owned())
                        .or_insert_with(|| may_be_taken((root, project), step, env));
                    match answer.clone().and_then(|()| is_the_release(project, &own.request)) {
                        Ok(()) => (200, "cleared".to_owned()),
                        Err(why) => (403, clean(&why).into_owned()),
                    }
                }
            };
            own.answer(status, &text);
        }
    }
    Ok(Exit::Passed)
}

/// The step that is asked for; `None` for whatever else somebody wants.
fn step(request: &Request) -> Option<&str> {
    let step = request.path.strip_prefix("/confirm/")?;
    (request.method == "POST" && !step.is_empty() && !step.contains('/')).then_some(step)
}

fn may_be_taken(
    (root, project): (&Root, &Project),
    step: &str,
    env: &Env<'_>,
) -> Result<(), Reason> {
    let now = (env.now)();
    let def = project.phase.steps.get(step).ok_or_else(|| format!("there is no step {step}"))?;
    if def.takes_back() {
        // To the engine a yes means: roll back. Without a decision there is none.
        deployed_at(project).ok_or("nothing was deployed: there is nothing to take back")?;
        let ruling = ruling(project, Moments { now, gate: None, use_now: true });
        let lacking = ruling.lacking(project, Some(now));
        if !lacking.is_empty() {
            return Err(format!("nobody decided to roll back: {}", lacking.join(", ")).into());
        }
    }
    let git = own_git(root, env);
    let asked = Asked { step, hook: None, root, project, git: &git, asker: Asker::Own, now };
    let others = Others::ask(&asked, env).map_err(|failure| Reason::from(failure.to_string()))?;
    let cleared = cleared(&asked, &assess_before_launch(project, now), others);
    let Some(cleared) = cleared.filter(|own| own.verdict != Verdict::Passed) else { return Ok(()) };
    let first = cleared.findings.iter().find(|own| own.state.is_some());
    let why = first.map_or(String::new(), |own| format!(": {} {}", own.rule.code, own.message));
    Err(format!("{step} is not cleared{why}").into())
}

/// Whether what is to be released is what was approved: the version, and an artifact by digest.
fn is_the_release(project: &Project, request: &Request) -> Result<(), Reason> {
    let Some(release) = project.release() else { return Err("no release is open".into()) };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let text = |key: &str| body.pointer(&format!("/metadata/{key}")).and_then(Value::as_str);
    if text("version") != Some(release.version.as_str()) {
        return Err(format!("metadata.version is not {}", release.version).into());
    }
    let digest = text("digest").map(|own| own.trim_start_matches("sha256:"));
    let artifact = |release: &Release| {
        release.artifacts.iter().any(|(_, sha256)| Some(sha256.as_str()) == digest)
    };
    match artifact(&release) {
        true => Ok(()),
        false => Err("metadata.digest is that of no artifact of the manifest".into()),
    }
}
