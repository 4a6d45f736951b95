//! The policy's part on production while it changes: where metrics are measured, the stages of a
//! rollout, what ends it, and the facts that a strategy follows from (DLC-5, DLC-6, P8-2).

use crate::definition::spans::maybe_span;
use crate::model::{Quantity, Span};
use indexmap::IndexMap;
use serde::Deserialize;

/// Where metrics are measured, and what each is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MetricsPolicy {
    /// The server that answers queries, where there is one.
    pub source: Option<MetricServer>,
    /// The metrics, by name.
    #[serde(flatten)]
    pub named: IndexMap<String, MetricSource>,
}

/// A server that speaks the query API of Prometheus.
#[derive(Clone, Debug, Deserialize)]
pub struct MetricServer {
    /// Its address, without `/api/v1`.
    pub prometheus: String,
    /// A PEM file of the release with the certificates that may vouch for the server.
    pub roots: Option<String>,
    /// The environment variable that holds a bearer token.
    pub bearer: Option<String>,
    /// The environment variables that hold a user's name and password.
    pub basic: Option<BasicAuth>,
    /// A header whose value an environment variable holds.
    pub header: Option<HeaderAuth>,
    /// The environment variable that holds the client's certificates and their private key, as PEM.
    pub client_certificate: Option<String>,
    /// The proxy that it is asked through; no variable of the environment names one.
    pub proxy: Option<String>,
    /// How long one answer may take.
    #[serde(default, deserialize_with = "maybe_span")]
    pub timeout: Option<Span>,
    /// How far apart the server scrapes; a moment is asked about once two of these have passed.
    #[serde(default, deserialize_with = "maybe_span")]
    pub scrape: Option<Span>,
}

impl MetricServer {
    /// How long one answer may take: 10 seconds unless said.
    pub fn timeout(&self) -> Span {
        self.timeout.unwrap_or(Span::from_seconds(10))
    }

    /// How far apart the server scrapes: 15 seconds unless said.
    pub fn scrape(&self) -> Span {
        self.scrape.unwrap_or(Span::from_seconds(15))
    }

    /// The environment variables that hold what is secret of it.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let basic = self.basic.iter().flat_map(|own| [&own.user, &own.password]);
        let header = self.header.iter().map(|own| &own.value);
        let own = self.bearer.iter().chain(&self.client_certificate);
        own.chain(basic).chain(header).map(String::as_str)
    }
}

/// The environment variables of a user.
#[derive(Clone, Debug, Deserialize)]
pub struct BasicAuth {
    /// That of the name.
    pub user: String,
    /// That of the password.
    pub password: String,
}

/// A header, and the environment variable of its value.
#[derive(Clone, Debug, Deserialize)]
pub struct HeaderAuth {
    /// The header's name.
    pub name: String,
    /// The variable.
    pub value: String,
}

/// Where the value of a metric stands: in a text exposition, or in the answer to a query.
#[derive(Clone, Debug, Deserialize)]
pub struct MetricSource {
    /// The one sample of a Prometheus text exposition that counts.
    pub select: Option<String>,
    /// The query, with `{version}` for the release's version.
    pub query: Option<String>,
    /// Its unit; empty for a bare number.
    #[serde(default)]
    pub unit: String,
    /// `lower` or `higher`; lower unless said.
    pub better: Option<String>,
    /// When it is healthy, such as `< 1%`.
    pub threshold: Option<String>,
    /// Below this nothing is known of any metric: too little was going on.
    pub at_least: Option<f64>,
}

impl MetricSource {
    /// Whether its values are parts of a hundred, however that is written.
    pub fn is_percent(&self) -> bool {
        let percent = Quantity::parse("1%");
        percent.is_some() && Quantity::parse(&format!("1{}", self.unit)) == percent
    }

    /// The query about `version`.
    pub fn asked(&self, version: &str) -> Option<String> {
        Some(self.query.as_ref()?.replace("{version}", version))
    }
}

/// How traffic is moved to a release (DLC-5).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RolloutPolicy {
    /// The strategy; the facts say which where this does not.
    pub strategy: Option<String>,
    /// The stages, in their order.
    pub stages: Vec<StagePolicy>,
    /// Why the last stage does not serve everybody, where it does not.
    pub less_than_all: Option<String>,
    /// Blue-green and rolling: how long the new side is watched.
    #[serde(deserialize_with = "maybe_span")]
    pub validation_period: Option<Span>,
    /// Blue-green: what takes it back.
    pub rollback_trigger: Option<String>,
    /// Rolling: how much may be down at once.
    pub max_unavailable: Option<String>,
    /// Rolling: how much may be there besides.
    pub max_surge: Option<String>,
    /// Conditions that end it at once.
    pub triggers: Vec<String>,
    /// `ask`, or `roll-back`: what a trigger does.
    pub on_trigger: Option<String>,
    /// How far apart two samples of a stage are.
    #[serde(deserialize_with = "maybe_span")]
    pub interval: Option<Span>,
    /// What is asked whether each service answers.
    pub probes: Vec<Probe>,
}

/// A stage of a rollout.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StagePolicy {
    /// How much of the traffic the release gets, in percent.
    pub weight: String,
    /// How long it is watched; not at all unless said.
    #[serde(deserialize_with = "maybe_span")]
    pub duration: Option<Span>,
    /// What must hold at every moment.
    pub gates: Vec<String>,
}

/// What is asked whether a service answers (P11-0).
#[derive(Clone, Debug, Deserialize)]
pub struct Probe {
    /// The service.
    pub service: String,
    /// The address; an answer of 200 to 299 is up.
    pub url: String,
}

/// What a project says of the change and of what it changes (P8-2, DLC-5). What is not given removes
/// nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// `low`, `normal` or `critical`.
    pub criticality: Option<String>,
    /// `stateless` or `stateful`.
    pub statefulness: Option<String>,
    /// `low`, `normal` or `high`.
    pub risk: Option<String>,
    /// Who says so; demanded where a fact removes something.
    pub said_by: Option<String>,
    /// Patterns of paths of this project, by kind of change, before those of the phase.
    pub paths: IndexMap<String, Vec<String>>,
}

impl Facts {
    /// The strategy that follows, and the fact that it follows from: high risk before criticality,
    /// and that before state.
    pub fn strategy(&self) -> Option<(&'static str, &'static str)> {
        let is = |fact: &Option<String>, word: &str| fact.as_deref() == Some(word);
        if is(&self.risk, "high") {
            Some(("feature-flag", "risk: high"))
        } else if is(&self.criticality, "critical") {
            Some(("canary", "criticality: critical"))
        } else if is(&self.statefulness, "stateful") {
            Some(("rolling", "statefulness: stateful"))
        } else if is(&self.statefulness, "stateless") {
            Some(("blue-green", "statefulness: stateless"))
        } else {
            None
        }
    }
}
