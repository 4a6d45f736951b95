//! `d3p prompt`: the instructions of an agent, rendered from the real release (DLC-1, D3P-12).
//!
//! The words are the phase's own (`agent-prompt.md`); what is put into them is what files and policy say
//! now. Nothing is left unfilled: what cannot be said is a gap, and is named with what closes it.

use crate::assets;
use crate::cli::args::PromptArgs;
use crate::cli::common::{Global, open_release};
use crate::cli::{Code, Failure};
use crate::decide::{Assessment, assess, clearance_by_files, next};
use crate::decisions::who_judges;
use crate::definition::{Phase, StepDef};
use crate::derive::health::{Signal, family_of, series_def, signals};
use crate::env::{Env, Exit};
use crate::model::{Actor, Advice, Location, Stamp, Test};
use crate::project::{Project, Release, step_hooks};
use crate::render::{clean_lines, json, ways};
use crate::rollout::{Plan, plan};
use crate::rules::GL128;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tera::Context;

/// The name of the phase's instructions, in its folder.
const SKELETON: &str = "agent-prompt.md";

/// What the prompt needs and nobody says yet.
struct Gaps(Vec<(String, Advice)>);

impl Gaps {
    fn of(&mut self, what: &str, advice: Advice) {
        self.0.push((what.to_owned(), advice));
    }
}

pub(super) fn run(args: &PromptArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let release = open_release(&project)?;
    let skeleton = project.phase.folder.skeleton(SKELETON).ok_or_else(|| {
        Failure::incomplete(format!("phase {} has no instructions for an agent", project.phase.id))
            .note(format!("they are {SKELETON}.tera, beside its phase.yaml"))
    })?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    let step = args.step.as_deref().map(|id| known_step(&project, id)).transpose()?;
    let mut gaps = Gaps(Vec::new());
    let view = view(&project, &release, &assessment, step, now, &mut gaps);
    if !gaps.0.is_empty() {
        let names: Vec<&str> = gaps.0.iter().map(|(what, _)| what.as_str()).collect();
        let failure = Failure::refused(format!("the prompt has gaps: {}", names.join("; ")));
        return Err(gaps
            .0
            .into_iter()
            .fold(failure, |failure, (_, advice)| failure.advise(advice)));
    }
    let made = Context::from_serialize(&view).map_err(|error| error.to_string().into());
    let text = made.and_then(|context| assets::render(skeleton, &context));
    let text = text.map_err(|why: crate::model::Reason| {
        Failure::incomplete(why.to_string()).code(Code::Internal)
    })?;
    if global.human() {
        write!(env.out, "{}", clean_lines(&text))?;
    } else {
        env.out.write_all(json::pretty(&json!({ "prompt": text, "of": view })).as_bytes())?;
    }
    Ok(Exit::Passed)
}

fn known_step<'a>(project: &'a Project, id: &'a str) -> Result<(&'a str, &'a StepDef), Failure> {
    project.phase.steps.get(id).map(|def| (id, def)).ok_or_else(|| {
        let known: Vec<&str> = project.phase.steps.keys().map(String::as_str).collect();
        Failure::usage(format!("no step is called `{id}`"))
            .note(format!("there are: {}", known.join(", ")))
    })
}

/// What is put into the words.
fn view(
    project: &Project,
    release: &Release,
    assessment: &Assessment,
    step: Option<(&str, &StepDef)>,
    now: Stamp,
    gaps: &mut Gaps,
) -> Value {
    let policy = &project.effective().policy;
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let said = |pointer: &str| {
        let list = manifest.as_ref()?.value()?.pointer(pointer)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<String>>())
    };
    let at = |pointer: &str| {
        let path = manifest.as_ref().map_or("", |own| own.def.path.as_str());
        Location::pointer(path, pointer)
    };
    let scope = said("/scope").unwrap_or_default();
    if scope.is_empty() {
        gaps.of("what is deployed (scope)", Advice::edit(at("/scope"), "say what is delivered"));
    }
    if release.artifacts.is_empty() {
        gaps.of("the artifacts", Advice::edit(at("/artifacts"), "list each with its digest"));
    }
    let artifacts: Vec<Value> = release
        .artifacts
        .iter()
        .map(|(name, sha256)| json!({ "name": name, "sha256": sha256 }))
        .collect();
    let plan = plan(policy);
    let advice = next(project, assessment, now);
    let windows: Vec<String> = policy.windows.deny.iter().map(window).collect();
    json!({
        "phase": project.phase.title,
        "project": policy.project,
        "release": release.version,
        "commit": release.commit,
        "attempt": release.attempt,
        "services": policy.services,
        "scope": scope,
        "artifacts": artifacts,
        "environment": manifest.as_ref().map(|own| own.def.environment.as_str()),
        "thresholds": thresholds(project, gaps),
        "timeouts": timeouts(&plan, gaps),
        "strategy": plan.strategy,
        "stages": plan.stages.iter().map(|stage| json!({
            "number": stage.number, "weight": stage.weight,
            "duration": stage.duration.map(|own| own.to_string()),
            "gates": stage.gates.iter().map(|(text, _)| text).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "triggers": plan.triggers.iter().map(|(text, _)| text).collect::<Vec<_>>(),
        "windows": windows,
        "health": { "window": policy.health.window.to_string(), "interval": policy.health.interval.to_string() },
        "questions": questions(project, assessment),
        "hooks": hooks(project),
        "steps": steps(&project.phase),
        "gates": assessment.gates.iter().map(|gate| json!({
            "id": gate.id, "number": gate.number, "passed": gate.is_valid(),
        })).collect::<Vec<_>>(),
        "exemptions": project.exemptions(),
        "step": step.map(|step| of_step(project, assessment, step, now)),
        "next": ways(&advice),
        "why": advice.why,
        "whose": whose(advice.actor),
    })
}

fn whose(actor: Actor) -> &'static str {
    match actor {
        Actor::Agent => "yours",
        Actor::Job => "a job's: ask for it, and wait",
        Actor::Person | Actor::Approver => "a person's: tell them, and wait",
    }
}

/// A denied window, as the policy says it.
fn window(own: &crate::definition::DenyWindow) -> String {
    let weekly = own.weekly.as_ref().map(|weekly| {
        format!("{weekly}{}", own.tz.as_ref().map_or(String::new(), |tz| format!(" ({tz})")))
    });
    let once = || {
        format!("{} to {}", own.start.as_deref().unwrap_or("?"), own.end.as_deref().unwrap_or("?"))
    };
    format!("{}: {}", own.id, weekly.unwrap_or_else(once))
}

/// The thresholds of the signals that are watched, by family.
fn thresholds(project: &Project, gaps: &mut Gaps) -> BTreeMap<String, Vec<String>> {
    let Some((source, families)) = series_def(project) else { return BTreeMap::new() };
    let rows = signals(project, source);
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Words are a threshold where they name who judges.
    let tells = |row: &&Signal| row.condition.is_some() || who_judges(&row.text).is_some();
    for row in rows.iter().filter(tells) {
        if let Some((family, _)) = family_of(project, families, &row.name) {
            out.entry(family.to_owned()).or_default().push(format!("{} {}", row.name, row.text));
        }
    }
    for (id, family) in families {
        if out.contains_key(id) {
            continue;
        }
        match project.family_exemption(id) {
            Some(why) => drop(out.insert(id.clone(), vec![why])),
            None => {
                let document = project.phase.documents.get(&source.document);
                let path = document.map_or("", |def| def.path.as_str());
                gaps.of(
                    &format!("a threshold for {}", family.title),
                    Advice::edit(
                        Location::file(path),
                        "add a row whose threshold is a number, or names who judges",
                    ),
                );
            }
        }
    }
    out
}

/// How long services may be unhealthy, and how long the deployment may take.
fn timeouts(plan: &Plan, gaps: &mut Gaps) -> BTreeMap<&'static str, String> {
    let mut out = BTreeMap::new();
    for (word, what) in [
        ("unhealthy", "how long health checks may fail"),
        ("deployment", "how long the deployment may take"),
    ] {
        let lasting = plan.triggers.iter().find_map(|(_, condition)| match &condition.test {
            Test::Lasts(span) if condition.subject.as_deref() == Some(word) => {
                Some(span.to_string())
            }
            _ => None,
        });
        match lasting {
            Some(span) => drop(out.insert(word, span)),
            None => gaps.of(
                what,
                Advice::edit(
                    Location::key("d3p.yaml", "/rollout/triggers"),
                    format!("add a stage with a duration to rollout.stages, rollout.probes for each service, and a trigger such as \"{word} for 2m\" to rollout.triggers"),
                ),
            ),
        }
    }
    out
}

/// The protocol's questions to the authors, and where each answer stands.
fn questions(project: &Project, assessment: &Assessment) -> Vec<Value> {
    let documents = project.phase.documents.iter();
    let asked = documents.flat_map(|(_, def)| {
        def.sections.iter().filter_map(move |own| Some((def, own, own.prompt.as_ref()?)))
    });
    asked
        .map(|(def, section, prompt)| {
            let open = assessment.findings.iter().any(|finding| {
                finding.rule == &GL128 && finding.message.ends_with(prompt.as_str())
                    || finding.location.path == def.path && project.present(&def.path).is_none()
            });
            json!({
                "text": prompt, "path": def.path, "section": project.translated(&section.title),
                "answered": !open && project.present(&def.path).is_some(),
            })
        })
        .collect()
}

/// The hooks that may be run, with their steps.
fn hooks(project: &Project) -> Vec<Value> {
    let steps = project.phase.steps.iter().flat_map(|(step, def)| {
        step_hooks(project, step).into_iter().map(move |(name, _)| (name, step, def))
    });
    steps
        .map(|(name, step, def)| {
            let waits = project.phase.launches(def) || def.takes_back();
            json!({ "hook": name, "step": step, "title": def.title, "waits_for_people": waits })
        })
        .collect()
}

fn steps(phase: &Phase) -> Vec<Value> {
    let view = |(id, def): (&String, &StepDef)| json!({ "id": id, "title": def.title });
    phase.steps.iter().map(view).collect()
}

/// A step: whether it may begin now, and what keeps it from that.
fn of_step(
    project: &Project,
    assessment: &Assessment,
    (id, def): (&str, &StepDef),
    now: Stamp,
) -> Value {
    let clearance = clearance_by_files(project, assessment, id, None, now);
    let findings = clearance.iter().flat_map(|own| &own.findings).filter(|own| own.state.is_some());
    let keeps: Vec<String> = findings.map(|own| own.message.clone()).collect();
    let hooks: Vec<&str> = step_hooks(project, id).into_iter().map(|(name, _)| name).collect();
    json!({
        "id": id, "title": def.title, "announce": def.announce, "hooks": hooks,
        "produces": def.produces, "cleared": keeps.is_empty(), "keeps": keeps,
    })
}
