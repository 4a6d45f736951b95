//! The metric server of the policy: asked at moments, a few times, and never by another way.

use crate::cli::clocks::{SET_THE_CLOCK, contradiction};
use crate::cli::common::{release, trusted_git};
use crate::cli::{Code, Failure};
use crate::definition::MetricServer;
use crate::env::Env;
use crate::http::{Client, Response, Settings};
use crate::model::{Advice, Location, Span, Stamp};
use crate::process::Redactor;
use crate::project::Project;
use crate::record::Answer;
use crate::source::Root;
use std::time::Duration;

/// How often one question is put.
const TRIES: u32 = 3;

/// Most moments that one answer is about; servers refuse 11,000 and more.
const MOST_MOMENTS: usize = 10_000;

/// A metric server that can be asked.
pub(in crate::cli) struct Server {
    client: Client,
    base: String,
    redactor: Redactor,
    skew: Span,
}

/// One question: the metric, its query, and whether it is about the time before the launch.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Question<'a> {
    pub(in crate::cli) metric: &'a str,
    pub(in crate::cli) query: &'a str,
    pub(in crate::cli) baseline: bool,
}

impl Server {
    /// The server as the policy describes it.
    ///
    /// # Errors
    /// A variable that is not set, roots or a proxy that cannot be used.
    pub(in crate::cli) fn new(
        policy: &MetricServer,
        project: &Project,
        root: &Root,
        env: &Env<'_>,
    ) -> Result<Self, Failure> {
        let mut secrets = Vec::new();
        for name in policy.secrets() {
            let value = env.var(name).ok_or_else(|| {
                Failure::incomplete(format!(
                    "the variable {name} is not set, and metrics.source in d3p.yaml names it"
                ))
                .advise(Advice::answer(format!("set {name}, then run the command again")))
            })?;
            secrets.push((name.to_owned(), value.to_owned()));
        }
        let value = |name: &str| {
            let found = secrets.iter().find(|(own, _)| own == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let mut headers = Vec::new();
        if let Some(bearer) = &policy.bearer {
            headers.push(("Authorization".to_owned(), format!("Bearer {}", value(bearer))));
        }
        if let Some(basic) = &policy.basic {
            let pair = format!("{}:{}", value(&basic.user), value(&basic.password));
            let encoded = base64(pair.as_bytes());
            headers.push(("Authorization".to_owned(), format!("Basic {encoded}")));
        }
        if let Some(header) = &policy.header {
            headers.push((header.name.clone(), value(&header.value)));
        }
        let roots = policy.roots.as_ref().map(|path| committed(path, project, root, env));
        let roots = roots.transpose()?;
        let timeout = Duration::from_secs(policy.timeout().seconds());
        let certificate = policy.client_certificate.as_ref().map(|name| value(name).into_bytes());
        let proxy = policy.proxy.clone();
        let settings = Settings { timeout, roots, certificate, proxy, headers };
        let client = Client::new(settings)
            .map_err(|why| Failure::incomplete(format!("metrics.source: {why}")).code(Code::Io))?;
        let redactor = Redactor::new(&secrets);
        let base = policy.prometheus.trim_end_matches('/').to_owned();
        Ok(Self { client, base, redactor, skew: project.effective().policy.skew })
    }

    /// The value at one moment.
    ///
    /// # Errors
    /// When its clock and the one here contradict each other.
    pub(in crate::cli) fn at(
        &self,
        question: Question<'_>,
        moment: Stamp,
        env: &Env<'_>,
    ) -> Result<Answer, Failure> {
        let time = seconds(moment);
        let asked = [("query", question.query), ("time", time.as_str())];
        self.ask("query", &asked, question, (moment, moment), env)
    }

    /// The values at moments that lie `step` apart, in as many questions as it takes.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub(in crate::cli) fn range(
        &self,
        question: Question<'_>,
        moments: &[Stamp],
        step: Span,
        env: &Env<'_>,
    ) -> Result<Vec<Answer>, Failure> {
        let mut answers = Vec::new();
        for chunk in moments.chunks(MOST_MOMENTS) {
            let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
            let (start, end) = (seconds(*first), seconds(*last));
            let step = step.seconds().to_string();
            let asked = [
                ("query", question.query),
                ("start", start.as_str()),
                ("end", end.as_str()),
                ("step", step.as_str()),
            ];
            answers.push(self.ask("query_range", &asked, question, (*first, *last), env)?);
        }
        Ok(answers)
    }

    fn ask(
        &self,
        path: &str,
        asked: &[(&str, &str)],
        question: Question<'_>,
        (from, to): (Stamp, Stamp),
        env: &Env<'_>,
    ) -> Result<Answer, Failure> {
        let url = format!("{}/api/v1/{path}", self.base);
        let asked_at = (env.now)();
        let mut said = self.client.get(&url, asked);
        for try_again in 1..TRIES {
            if !said.as_ref().map_or(true, |said| said.status >= 500 || said.status == 429) {
                break;
            }
            (env.sleep)(Duration::from_millis(250 << try_again));
            said = self.client.get(&url, asked);
        }
        if let Some(there) = said.as_ref().ok().and_then(|own| own.date) {
            self.in_step(there, asked_at, (env.now)())?;
        }
        let told = match said {
            Ok(Response { body, .. }) if body.trim_start().starts_with('{') => Ok(body),
            Ok(Response { status, .. }) => Err(format!("it answered {status}, and no metrics")),
            Err(why) => Err(why.into_text()),
        };
        let clean = |text: String| self.redactor.redact_text(&text);
        let (body, error) = match told {
            Ok(body) => (Some(clean(body)), None),
            Err(why) => (None, Some(clean(why))),
        };
        Ok(Answer {
            metric: question.metric.to_owned(),
            baseline: question.baseline,
            from: from.to_string(),
            to: to.to_string(),
            asked_at: asked_at.to_string(),
            body,
            error,
        })
    }

    /// That its clock and the one here do not contradict each other: what is asked for by a clock that is
    /// wrong is of other moments, and what is written by it is in the way of every later line. HTTP says
    /// whole seconds.
    fn in_step(&self, there: Stamp, before: Stamp, after: Stamp) -> Result<(), Failure> {
        let until = there.plus(Span::from_seconds(1));
        match contradiction((there, until), (before, after), self.skew) {
            None => Ok(()),
            Some(told) => Err(Failure::refused(format!("the metric server's {told}"))
                .advise(Advice::answer(SET_THE_CLOCK))
                .note("nothing was recorded")),
        }
    }
}

/// A file of the release's commit: what lies in the work tree does not say who is trusted.
fn committed(
    path: &str,
    project: &Project,
    root: &Root,
    env: &Env<'_>,
) -> Result<Vec<u8>, Failure> {
    let commit = release(project)?.commit;
    let found = trusted_git(root, project, env)?.blob(&commit, path)?;
    found.ok_or_else(|| {
        Failure::refused(format!("the release's commit has no {path}")).advise(Advice::edit(
            Location::pointer("d3p.yaml", "/metrics/source/roots"),
            "correct the path, or commit the file",
        ))
    })
}

/// Seconds since 1970; moments are whole seconds.
fn seconds(moment: Stamp) -> String {
    (moment.timestamp().as_millisecond().div_euclid(1000)).to_string()
}

fn base64(bytes: &[u8]) -> String {
    use base64ct::{Base64, Encoding as _};
    Base64::encode_string(bytes)
}
