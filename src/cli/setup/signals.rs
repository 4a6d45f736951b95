//! What is watched: signals that a metric server can be asked about, and for how long.

use super::{Known, Proposal};
use crate::cli::Failure;
use crate::cli::args::SetupArgs;
use crate::http::{Client, Settings};
use crate::model::{Advice, Span};
use serde_json::{Value, json};
use std::time::Duration;

/// What names of others than the service itself begin with.
const FOREIGN: [&str; 6] = ["process_", "python_", "go_", "scrape_", "prometheus_", "promhttp_"];

pub(super) fn health(args: &SetupArgs) -> Result<Vec<Proposal>, Failure> {
    let Some(text) = &args.window else { return Ok(Vec::new()) };
    let window =
        Span::parse(text).map_err(|why| Failure::usage(format!("--window {text}: {why}")))?;
    // Ten samples say more than one; more than one an hour is asked by nobody.
    let interval = Span::from_seconds((window.seconds() / 10).clamp(5, 3600));
    Ok(vec![
        Proposal::given(&["health", "window"], json!(text), "--window"),
        Proposal::given(
            &["health", "interval"],
            json!(interval.to_string()),
            "a tenth of the window",
        ),
    ])
}

/// A signal, as the server's own names suggest it.
struct Signal {
    name: String,
    query: String,
    unit: &'static str,
}

/// The metrics that a server has, as signals with queries and thresholds.
pub(super) fn metrics(args: &SetupArgs, known: &Known<'_>) -> Result<Vec<Proposal>, Failure> {
    let mut out = Vec::new();
    if let Some(url) = &args.prometheus {
        let server = Asked::new(url)?;
        let names = server.names()?;
        let scrape = server.scrape();
        let mut source = json!({ "prometheus": url });
        if let Some(scrape) = scrape {
            source["scrape"] = json!(scrape.to_string());
        }
        out.push(Proposal::given(&["metrics", "source"], source, "--prometheus"));
        let range = Span::from_seconds(scrape.map_or(60, |own| own.seconds().max(1) * 10));
        let signals = signals(&names, &range.to_string());
        let list: Vec<&str> = signals.iter().map(|own| own.name.as_str()).collect();
        out.push(Proposal::new(
            &["health", "signals"],
            json!(list),
            "what that server can be asked",
        ));
        for own in signals {
            let value = json!({ "query": own.query, "unit": own.unit });
            let source = "names of metrics that the server has";
            out.push(Proposal::new(&["metrics", &own.name], value, source));
        }
    }
    for text in &args.thresholds {
        out.push(threshold(text, known, &out)?);
    }
    Ok(out)
}

/// `error_rate < 1%`: when a signal is healthy.
fn threshold(text: &str, known: &Known<'_>, beside: &[Proposal]) -> Result<Proposal, Failure> {
    let at = text.find(['<', '>']).unwrap_or(0);
    let (name, condition) = (text[..at].trim(), text[at..].trim());
    let proposed = beside.iter().any(|own| own.keys == ["metrics", name]);
    let there = known.policy.pointer(&format!("/metrics/{name}")).is_some();
    if name.is_empty() || !(proposed || there) {
        let proposed = beside.iter().filter(|own| own.keys.len() == 2);
        let mut names: Vec<String> = proposed.map(|own| own.keys[1].clone()).collect();
        let there = known.policy.get("metrics").and_then(|own| own.as_object());
        names.extend(there.into_iter().flatten().map(|(name, _)| name.clone()));
        names.retain(|name| name != "source");
        let message = format!("--threshold \"{text}\" is about no signal that is known");
        return Err(match names.first() {
            None => Failure::usage(message).advise(Advice::answer(
                "name the server that has the signals, --prometheus URL; where there is none, leave --threshold out, and write the table of signals with d3p doc",
            )),
            Some(first) => Failure::usage(message)
                .note(format!("signals: {}", names.join(", ")))
                .note(format!("such as --threshold \"{first} < 1\", in its unit")),
        });
    }
    Ok(Proposal::given(&["metrics", name, "threshold"], json!(condition), "--threshold"))
}

/// The four families that are looked at, as far as the server has metrics that are called so.
fn signals(names: &[String], range: &str) -> Vec<Signal> {
    let own = |name: &&String| !FOREIGN.iter().any(|own| name.starts_with(own)) && *name != "up";
    let has = |name: &str, words: &[&str]| words.iter().any(|word| name.contains(word));
    let find = |words: &[&str], end: &str| {
        names.iter().filter(own).find(|name| has(name, words) && name.ends_with(end))
    };
    const ERRORS: &[&str] = &["error", "fail", "5xx"];
    const TIME: &[&str] = &["second", "duration", "latency"];
    let mut out = Vec::new();
    let mut add = |name: &str, query: String, unit: &'static str| {
        out.push(Signal { name: name.to_owned(), query, unit });
    };
    let errors = find(ERRORS, "_total");
    let requests = find(&["request"], "_total");
    if let (Some(errors), Some(requests)) = (errors, requests) {
        let query = format!("sum(rate({errors}[{range}])) / sum(rate({requests}[{range}]))");
        add("error_rate", query, "ratio");
    }
    if let Some(buckets) = find(TIME, "_bucket") {
        let query = format!("histogram_quantile(0.99, sum by (le) (rate({buckets}[{range}])))");
        add("latency_p99", query, "s");
    }
    if let Some(cpu) = names.iter().find(|name| has(name, &["cpu"]) && name.ends_with("_total")) {
        add("cpu", format!("sum(rate({cpu}[{range}]))"), "ratio");
    }
    let counts = |name: &&String| {
        name.ends_with("_total") && !has(name, ERRORS) && !has(name, &["request", "cpu"])
    };
    if let Some(business) = names.iter().filter(own).find(counts) {
        let name = business.trim_end_matches("_total");
        let name = name.split_once('_').map_or(name, |(_, rest)| rest);
        add(name, format!("sum(rate({business}[{range}]))"), "/s");
    }
    out
}

/// A server that is asked what it has.
struct Asked<'a> {
    client: Client,
    url: &'a str,
}

impl<'a> Asked<'a> {
    fn new(url: &'a str) -> Result<Self, Failure> {
        let settings = Settings { timeout: Duration::from_secs(10), ..Settings::default() };
        let client = Client::new(settings)
            .map_err(|why| Failure::incomplete(format!("--prometheus {url}: {why}")))?;
        Ok(Self { client, url: url.trim_end_matches('/') })
    }

    fn ask(&self, path: &str) -> Result<Value, Failure> {
        let answer = self.client.get(&format!("{}/api/v1/{path}", self.url), &[]);
        let body = answer.map(|answer| answer.body);
        let said = body.ok().and_then(|body| serde_json::from_str::<Value>(&body).ok());
        said.filter(|said| said["status"] == "success").ok_or_else(|| {
            Failure::incomplete(format!(
                "--prometheus {}: nobody answers as Prometheus does",
                self.url
            ))
            .advise(Advice::answer("name the address without /api/v1, of a server that runs"))
        })
    }

    fn names(&self) -> Result<Vec<String>, Failure> {
        let said = self.ask("label/__name__/values")?;
        let names = said["data"].as_array().into_iter().flatten();
        Ok(names.filter_map(|name| name.as_str().map(str::to_owned)).collect())
    }

    /// The longest interval at which it scrapes; servers that do not say so are asked as usual.
    fn scrape(&self) -> Option<Span> {
        let said = self.ask("targets?state=active").ok()?;
        let targets = said.pointer("/data/activeTargets")?.as_array()?.iter();
        targets.filter_map(|own| Span::parse(own.get("scrapeInterval")?.as_str()?).ok()).max()
    }
}
