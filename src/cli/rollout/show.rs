//! What is shown of a rollout: to whoever approves it, and while it is watched.

use crate::cli::Failure;
use crate::cli::common::Global;
use crate::definition::Policy;
use crate::env::Env;
use crate::model::{Judgement, Stamp};
use crate::project::Project;
use crate::render::clean;
use crate::rollout::{Judged, Plan, Stage, Told, judged_metrics, plan, window_queries};

/// How wide the bar is.
const WIDTH: usize = 20;

/// The rollout for whoever approves it: strategy, facts, stages, triggers, and who watches.
pub(in crate::cli) fn shown(project: &Project) -> Vec<String> {
    let policy = &project.effective().policy;
    let plan = plan(policy);
    let fact = policy.facts.strategy();
    let why = match fact {
        Some((follows, fact)) if follows == plan.strategy => format!(", which follows from {fact}"),
        Some((follows, fact)) => format!(", although {follows} follows from {fact}"),
        None => String::new(),
    };
    let mut out = vec![format!("  strategy {}{why}", plan.strategy)];
    if window_queries(project).is_some() {
        out.push(
            "  the health window is asked for afterwards unless d3p watch runs: then nobody is told of a breach while it happens"
                .to_owned(),
        );
        out.extend(of_any_version(policy));
    }
    for (key, value) in [
        ("at most down at once", &policy.rollout.max_unavailable),
        ("at most there besides", &policy.rollout.max_surge),
        ("not everybody is served", &policy.rollout.less_than_all),
    ] {
        out.extend(value.as_ref().map(|value| format!("  {key}: {value}")));
    }
    out.extend(queries(project));
    if !plan.is_staged() {
        out.push(
            "  nobody watches while it is rolled out: d3p.yaml has no stage with a duration"
                .to_owned(),
        );
        return out;
    }
    for stage in &plan.stages {
        let watched = match stage.duration {
            Some(duration) => format!("watched for {duration}"),
            None if plan.has_engine => "judged by what the engine measures".to_owned(),
            None => "not watched".to_owned(),
        };
        let gates: Vec<&str> = stage.gates.iter().map(|(text, _)| text.as_str()).collect();
        let gates =
            if gates.is_empty() { String::new() } else { format!(": {}", gates.join(", ")) };
        out.push(format!("  stage {} ({}) {watched}{gates}", stage.number, stage.weight));
    }
    let triggers: Vec<&str> = plan.triggers.iter().map(|(text, _)| text.as_str()).collect();
    let then = if plan.rolls_back { "rolls back at once" } else { "asks a person" };
    out.push(match triggers.is_empty() {
        true => "  no trigger: only the stages' own conditions end it".to_owned(),
        false => format!("  triggers, each of which {then}: {}", triggers.join(", ")),
    });
    out.extend(server(policy));
    let unprobed = policy
        .services
        .iter()
        .filter(|name| !policy.rollout.probes.iter().any(|probe| probe.service == **name));
    let unprobed: Vec<&str> = unprobed.map(String::as_str).collect();
    if !unprobed.is_empty() {
        out.push(format!("  nobody asks meanwhile whether these answer: {}", unprobed.join(", ")));
    }
    out
}

/// Signals of the health window whose queries name no version: they tell of whatever answers.
fn of_any_version(policy: &Policy) -> Option<String> {
    let asks = |name: &String| {
        let query = policy.metrics.named.get(name).and_then(|own| own.query.as_ref());
        query.is_some_and(|own| own.contains("{version}"))
    };
    let silent = policy.health.signals.iter().filter(|name| !asks(name));
    let silent: Vec<&str> = silent.map(String::as_str).collect();
    (!silent.is_empty()).then(|| {
        let names = silent.join(", ");
        format!(
            "  the health window measures whatever version answers: none is asked for by {names}"
        )
    })
}

/// Each query that anything is judged by, as it is put to the server.
fn queries(project: &Project) -> Vec<String> {
    let policy = &project.effective().policy;
    let version = project.release().map(|release| release.version).unwrap_or_default();
    let query = |name: &String| policy.metrics.named.get(name)?.asked(&version);
    let names = judged_metrics(policy).into_iter();
    names.filter_map(|name| Some(format!("  {name} is measured by {}", query(&name)?))).collect()
}

/// The server that is asked, and whether it asks who does.
fn server(policy: &Policy) -> Option<String> {
    let source = policy.metrics.source.as_ref()?;
    let open = source.secrets().next().is_none();
    let open = if open { ", which asks nobody who they are (L0)" } else { "" };
    Some(format!("  measured by {}{open}", source.prometheus))
}

/// What is shown of a stage while it is watched: a bar on a terminal, else a line for each sample.
pub(super) struct Line {
    name: String,
    wanted: usize,
    until: Stamp,
    last: String,
    drawn: Option<i64>,
}

impl Line {
    pub(super) fn new(stage: &Stage, _plan: &Plan, wanted: usize, until: Stamp) -> Self {
        let name = format!("stage {} ({})", stage.number, stage.weight);
        Self { name, wanted, until, last: String::new(), drawn: None }
    }

    /// A sample was taken.
    pub(super) fn sample(
        &mut self,
        moment: Stamp,
        number: usize,
        judged: &Judged,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<(), Failure> {
        let seen: Vec<String> = judged.conditions.iter().map(told).collect();
        self.last = seen.join(", ");
        if global.human() && !global.quiet && !env.terminal {
            writeln!(
                env.out,
                "{moment} {} {number}/{}: {}",
                self.name,
                self.wanted,
                clean(&self.last)
            )?;
            env.out.flush()?;
        }
        Ok(())
    }

    /// Draws the bar, once a second.
    pub(super) fn draw(
        &mut self,
        now: Stamp,
        done: usize,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<(), Failure> {
        let second = now.timestamp().as_second();
        if !env.terminal || !global.human() || global.quiet || self.drawn == Some(second) {
            return Ok(());
        }
        self.drawn = Some(second);
        let full = (done * WIDTH).checked_div(self.wanted).unwrap_or(WIDTH).min(WIDTH);
        let left = self.until.millis_since(now).max(0) / 1000;
        write!(
            env.out,
            "\r\x1b[K{} [{}{}] {done}/{} {left} s left; {}",
            self.name,
            "#".repeat(full),
            ".".repeat(WIDTH - full),
            self.wanted,
            clean(&self.last)
        )?;
        env.out.flush()?;
        Ok(())
    }

    /// Ends the bar's line.
    pub(super) fn end(&mut self, global: &Global, env: &mut Env<'_>) -> Result<(), Failure> {
        if self.drawn.take().is_some() && global.human() {
            writeln!(env.out)?;
        }
        Ok(())
    }
}

/// A condition with what was measured: `error_rate < 1% (0.2%)`.
pub(super) fn told(own: &Told) -> String {
    let measured = match (own.worst, own.baseline, &own.why) {
        (_, _, Some(why)) if own.outcome == Judgement::Inconclusive => why.clone(),
        (Some(worst), Some(baseline), _) => format!("{worst}, before the launch {baseline}"),
        (Some(worst), None, _) => worst.to_string(),
        (None, _, Some(why)) => why.clone(),
        (None, ..) if own.outcome == Judgement::Failed => "it is so".to_owned(),
        (None, ..) => "not so".to_owned(),
    };
    let word = match own.outcome {
        Judgement::Passed => "",
        Judgement::Inconclusive => ", nobody can tell",
        Judgement::Failed if own.trigger => ", it fired",
        Judgement::Failed => ", it does not hold",
    };
    format!("{} ({measured}{word})", own.text)
}
