//! Watching one stage: what is due already is asked in one go, the rest as it comes.

use super::server::{Question, Server};
use super::show::Line;
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::env::Env;
use crate::http::{Client, Settings};
use crate::model::{Advice, Span, Stamp, Test};
use crate::project::{Project, Release};
use crate::record::{Answer, Probed, Run, WATCHED_SCHEMA, Watched};
use crate::rollout::{Judged, Plan, Questions, Stage, judge, questions};
use crate::source::Root;
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest that is slept before somebody is asked whether to stop.
const NAP: Duration = Duration::from_millis(200);

/// How long a service may take to answer a probe.
const PROBE: Duration = Duration::from_secs(5);

/// A stage that is watched.
pub(super) struct Watch<'a> {
    pub(super) root: &'a Root,
    pub(super) project: &'a Project,
    pub(super) release: &'a Release,
    pub(super) plan: &'a Plan,
    pub(super) stage: &'a Stage,
    pub(super) run: &'a Run,
    pub(super) from: Stamp,
}

impl Watch<'_> {
    /// Measures the stage to its end, or until something ends it.
    ///
    /// # Errors
    /// When nobody can be asked at all, or the user asked to stop: then nothing is recorded, and the
    /// same command goes on with the same moments.
    pub(super) fn measure(&self, global: &Global, env: &mut Env<'_>) -> Result<Watched, Failure> {
        let policy = &self.project.effective().policy;
        let asked = questions(self.project, self.plan, self.stage, self.from);
        let mut watched = self.record(&asked, &env.random_hex(8));
        let server = policy.metrics.source.as_ref().filter(|_| !asked.queries.is_empty());
        let scrape = server.map_or(Span::from_seconds(0), |own| own.scrape());
        let server =
            server.map(|own| Server::new(own, self.project, self.root, env)).transpose()?;
        let prober = Client::new(Settings { timeout: PROBE, ..Settings::default() })
            .map_err(|why| Failure::incomplete(why.into_text()))?;
        if let Some(server) = &server {
            watched.answers.extend(self.ranges(
                server,
                &asked.baseline_queries,
                &asked.before,
                true,
                env,
            )?);
        }
        let delay = Span::from_seconds(scrape.seconds().saturating_mul(2));
        let now = (env.now)();
        let due = asked.moments.partition_point(|moment| moment.plus(delay) <= now);
        let (past, ahead) = asked.moments.split_at(due);
        if let Some(server) = &server {
            watched.answers.extend(self.ranges(server, &asked.queries, past, false, env)?);
            if self.judged(&watched, past, &asked).fired.is_some() {
                return Ok(watched);
            }
        }
        let mut line = Line::new(self.stage, self.plan, asked.moments.len(), self.until());
        for (index, moment) in ahead.iter().enumerate() {
            let number = due + index;
            self.wait(*moment, &mut line, number, global, env)?;
            self.probe(&prober, *moment, &mut watched);
            self.wait(moment.plus(delay), &mut line, number, global, env)?;
            let begun = watched.answers.len();
            for (metric, query) in &asked.queries {
                if let Some(server) = &server {
                    let question = Question { metric, query, baseline: false };
                    watched.answers.push(server.at(question, *moment, env)?);
                }
            }
            let judged = self.of_moment(&watched, begun, number, &asked);
            line.sample(*moment, number + 1, &judged, global, env)?;
            if judged.fired.is_some() {
                line.end(global, env)?;
                return Ok(watched);
            }
        }
        self.wait(self.until(), &mut line, asked.moments.len(), global, env)?;
        line.end(global, env)?;
        Ok(watched)
    }

    /// Asks once more about the moments that a record knows nothing of.
    pub(super) fn again(&self, env: &mut Env<'_>) -> Result<Watched, Failure> {
        let policy = &self.project.effective().policy;
        let asked = questions(self.project, self.plan, self.stage, self.from);
        let mut watched = self.record(&asked, &env.random_hex(8));
        let Some(server) = &policy.metrics.source else { return Ok(watched) };
        let server = Server::new(server, self.project, self.root, env)?;
        watched.answers.extend(self.ranges(
            &server,
            &asked.baseline_queries,
            &asked.before,
            true,
            env,
        )?);
        watched.answers.extend(self.ranges(&server, &asked.queries, &asked.moments, false, env)?);
        Ok(watched)
    }

    fn until(&self) -> Stamp {
        self.from.plus(self.stage.duration.unwrap_or(Span::from_seconds(0)))
    }

    fn record(&self, asked: &Questions, id: &str) -> Watched {
        let source = self.project.effective().policy.metrics.source.as_ref();
        Watched {
            schema: WATCHED_SCHEMA.to_owned(),
            schema_version: 1,
            kind: "watched".to_owned(),
            id: id.to_owned(),
            release: self.release.version.clone(),
            commit: self.release.commit.clone(),
            attempt: self.release.attempt,
            stage: Some(self.stage.number),
            run: Some(self.run.id.clone()),
            from: self.from.to_string(),
            interval_seconds: self.plan.interval.seconds(),
            source: source.map(|own| own.prometheus.clone()),
            queries: asked.queries.clone(),
            baseline_queries: asked.baseline_queries.clone(),
            answers: Vec::new(),
            probed: Vec::new(),
        }
    }

    fn ranges(
        &self,
        server: &Server,
        queries: &BTreeMap<String, String>,
        moments: &[Stamp],
        baseline: bool,
        env: &Env<'_>,
    ) -> Result<Vec<Answer>, Failure> {
        let mut answers = Vec::new();
        for (metric, query) in queries {
            let question = Question { metric, query, baseline };
            answers.extend(server.range(question, moments, self.plan.interval, env)?);
        }
        Ok(answers)
    }

    fn judged(&self, watched: &Watched, moments: &[Stamp], asked: &Questions) -> Judged {
        let metrics = &self.project.effective().policy.metrics;
        judge(self.plan, self.stage, metrics, watched, (moments, &asked.before))
    }

    /// What the newest moment comes to: of the answers before it only those about the time before the
    /// launch are looked at, so that a long watch costs no more for each sample than a short one.
    fn of_moment(
        &self,
        watched: &Watched,
        begun: usize,
        number: usize,
        asked: &Questions,
    ) -> Judged {
        let (past, own) = watched.answers.split_at(begun);
        let baseline = past.iter().take_while(|answer| answer.baseline);
        let first = (number + 1).saturating_sub(self.looks_back());
        let moments = asked.moments.get(first..=number).unwrap_or_default();
        let since = moments.first().map(ToString::to_string).unwrap_or_default();
        let services = self.project.effective().policy.rollout.probes.len();
        let probed = watched.probed.iter().rev().take(services * moments.len());
        let probed = probed.rev().skip_while(|own| own.at < since).cloned().collect();
        let answers = baseline.chain(own).cloned().collect();
        let now = Watched { answers, probed, ..self.record(&Questions::default(), "") };
        let metrics = &self.project.effective().policy.metrics;
        let of = |moments| judge(self.plan, self.stage, metrics, &now, (moments, &asked.before));
        let newest = of(moments.last().map(std::slice::from_ref).unwrap_or_default());
        match newest.fired.is_none() && moments.len() > 1 {
            true => Judged { fired: of(moments).fired, ..newest },
            false => newest,
        }
    }

    /// How many moments a trigger looks at that asks how long a state has lasted.
    fn looks_back(&self) -> usize {
        let spans = self.plan.triggers.iter().filter_map(|(_, own)| match own.test {
            Test::Lasts(span) => Some(span.seconds().div_ceil(self.plan.interval.seconds()) + 1),
            Test::Compare { .. } => None,
        });
        spans.max().and_then(|count| usize::try_from(count).ok()).unwrap_or(1)
    }

    fn probe(&self, prober: &Client, moment: Stamp, watched: &mut Watched) {
        for probe in &self.project.effective().policy.rollout.probes {
            let said = prober.get(&probe.url, &[]);
            let why = match said {
                Ok(said) if (200..300).contains(&said.status) => None,
                Ok(said) => Some(format!("it answered {}", said.status)),
                Err(why) => Some(why.into_text()),
            };
            watched.probed.push(Probed {
                at: moment.to_string(),
                service: probe.service.clone(),
                up: why.is_none(),
                why,
            });
        }
    }

    fn wait(
        &self,
        until: Stamp,
        line: &mut Line,
        done: usize,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<(), Failure> {
        loop {
            let now = (env.now)();
            let left = until.millis_since(now);
            if left <= 0 {
                return Ok(());
            }
            if (env.interrupted)() {
                return Err(Failure::incomplete(format!(
                    "interrupted while stage {} is watched; nothing of it is lost",
                    self.stage.number
                ))
                .advise(
                    Advice::d3p(["rollout", "run"]).what("go on: the same moments are asked about"),
                ));
            }
            line.draw(now, done, global, env)?;
            let left = Duration::from_millis(left.unsigned_abs());
            (env.sleep)(left.min(NAP));
        }
    }
}
