//! What an engine says of a stage, in the reports of the hooks that began it: judged as what is
//! measured here is, and only where it is about this release, this stage and this time.

use super::judge::{Judged, Told};
use super::plan::{Plan, Stage};
use crate::definition::ReportFormat;
use crate::import::engine::{EngineMetric, EngineObject, parse};
use crate::model::{Judgement, Quantity, Span, Stamp, names_version};
use crate::project::{Project, Release};
use crate::record::Run;
use std::collections::{BTreeMap, BTreeSet};

/// What the engine's reports of these runs come to; `None` where no hook of them reports any.
pub(super) fn of_engine(
    project: &Project,
    (plan, stage): (&Plan, &Stage),
    runs: &[(&str, &Run)],
) -> Option<Judged> {
    let hooks = &project.effective().policy.hooks;
    let mut told = Judged {
        outcome: Judgement::Passed,
        wanted: 0,
        judged: 0,
        conditions: Vec::new(),
        fired: None,
        why: None,
        down: BTreeMap::new(),
    };
    let mut objects = Vec::new();
    let mut reports = false;
    for (_, run) in runs {
        let declared = hooks.get(&run.hook).into_iter().flat_map(|hook| &hook.reports);
        let engine = declared.map(|own| own.files()).filter(|own| own.0 == ReportFormat::Engine);
        for (_, pattern) in engine {
            reports = true;
            if run.missing_reports.iter().any(|own| own == pattern) {
                let why = format!("hook {} wrote no {pattern}", run.hook);
                told.worse(Judgement::Inconclusive, why);
            }
        }
        for import in run.reports.iter().filter(|own| own.format == ReportFormat::Engine.word()) {
            reports = true;
            let text = project.raw.get(&import.path).and_then(|own| own.report_input().text().ok());
            let why = match (&import.unread, text.map(parse)) {
                (None, Some(Ok(read))) => {
                    objects.extend(read);
                    continue;
                }
                (Some(why), _) => format!("{}: {why}", import.source),
                (None, Some(Err(why))) => format!("{}: {why}", import.source),
                (None, None) => format!("{} is gone", import.path),
            };
            told.worse(Judgement::Inconclusive, why);
        }
    }
    if !reports {
        return None;
    }
    let times = |of: fn(&Run) -> &String| {
        runs.iter().filter_map(move |(_, run)| Stamp::parse(of(run)).ok())
    };
    let look = Look {
        release: project.release()?,
        stage,
        objects: &objects,
        began: times(|run| &run.started_at).min(),
        ended: times(|run| &run.finished_at).max(),
        launched: project.launched_at(),
        skew: project.effective().policy.skew,
    };
    for object in &objects {
        look.at(object, &mut told);
    }
    // The last of several serves everybody: what it is there to find was found before.
    let is_last = stage.number > 1 && stage.number == plan.stages.len() as u64;
    if told.conditions.is_empty() && stage.duration.is_none() && !is_last {
        told.worse(Judgement::Inconclusive, "the engine measured nothing of it".to_owned());
    }
    Some(told)
}

struct Look<'a> {
    release: Release,
    stage: &'a Stage,
    objects: &'a [EngineObject],
    /// From when to when the hooks of the stage ran.
    began: Option<Stamp>,
    ended: Option<Stamp>,
    /// When the release was launched: an analysis behind several stages may have begun then.
    launched: Option<Stamp>,
    skew: Span,
}

impl Look<'_> {
    /// Judges one object.
    fn at(&self, object: &EngineObject, told: &mut Judged) {
        let name = &object.name;
        if object.is_workload() {
            return;
        }
        if let Some(why) = &object.why {
            told.worse(object.verdict, format!("{name}: {why}"));
        }
        if !self.is_about_release(object) {
            let why = format!(
                "{name} does not say that it is about {}: write the workloads beside it",
                self.release.version
            );
            told.worse(Judgement::Inconclusive, why);
        }
        let of_another_time = match object.newest {
            Some(at) if self.began.is_some_and(|began| at.plus(self.skew) < began) => {
                Some(format!("{name} tells of {at}, which is before the stage began"))
            }
            Some(at) if self.ended.is_some_and(|ended| at > ended.plus(self.skew)) => {
                Some(format!("{name} tells of {at}, which is after its hook had ended"))
            }
            Some(_) => self.before_launch(object),
            None => Some(format!("{name} says no time")),
        };
        if let Some(why) = of_another_time {
            told.worse(Judgement::Inconclusive, why);
        }
        let wanted = Quantity::parse(&self.stage.weight).map(|own| own.value);
        if let (Some(serves), Some(wanted)) = (object.weight, wanted)
            && (serves - wanted).abs() > 0.01
        {
            let why = format!("{name} serves {serves}%, and the stage is {}", self.stage.weight);
            told.worse(Judgement::Inconclusive, why);
        }
        for metric in &object.metrics {
            told.wanted += metric.wanted;
            told.judged += metric.judged;
            told.conditions.push(condition(name, metric));
        }
    }

    /// That a part of what it measured is not of this release, which was not there yet.
    fn before_launch(&self, object: &EngineObject) -> Option<String> {
        let (oldest, launched) = (object.oldest?, self.launched?);
        let name = &object.name;
        let early = oldest.plus(self.skew) < launched;
        early.then(|| format!("{name} measured at {oldest}, which is before the launch"))
    }

    /// Whether it names this release: itself, by its images, or by pods or workloads that do.
    fn is_about_release(&self, object: &EngineObject) -> bool {
        let runs = |own: &EngineObject| own.images.iter().any(|image| self.names(image));
        if !object.images.is_empty() {
            return runs(object);
        }
        let pods: BTreeSet<&str> = self
            .objects
            .iter()
            .filter(|own| runs(own))
            .filter_map(|own| own.pods.as_deref())
            .collect();
        object.words.iter().any(|text| self.names(text))
            || object.pods.as_deref().is_some_and(|own| pods.contains(own))
            || object.pods.is_none()
                && object.metrics.is_empty()
                && self.objects.iter().any(|own| own.is_workload() && runs(own))
    }

    /// Whether a text holds the release's version, its commit or an artifact's digest as a word.
    fn names(&self, text: &str) -> bool {
        let release = &self.release;
        let version = release.version.as_str();
        let short = version.strip_prefix('v').unwrap_or(version);
        let digests = release.artifacts.iter().map(|(_, sha256)| sha256.as_str());
        digests.chain([version, short, &release.commit]).any(|own| names_version(text, own))
    }
}

fn condition(name: &str, metric: &EngineMetric) -> Told {
    Told {
        text: format!("{name}, {}", metric.condition),
        trigger: false,
        worst: metric.value.and_then(|value| Quantity::parse(&format!("{value:?}"))),
        baseline: None,
        outcome: metric.verdict,
        why: metric.why.clone(),
    }
}

impl Judged {
    /// It is at least as bad as this.
    fn worse(&mut self, outcome: Judgement, why: String) {
        if outcome > self.outcome {
            self.outcome = outcome;
            self.why = Some(why);
        }
    }

    /// What was measured here, and what an engine says besides: the worse of both.
    pub(super) fn with(mut self, other: Self) -> Self {
        if other.outcome > self.outcome {
            self.why = other.why.or(self.why);
            self.fired = self.fired.filter(|_| self.outcome == Judgement::Failed);
        }
        self.outcome = self.outcome.max(other.outcome);
        self.wanted += other.wanted;
        self.judged += other.judged;
        self.conditions.extend(other.conditions);
        self
    }
}
