//! What a repository says of how its service is watched: alert rules, objectives, dashboards, data sources.

use super::found::is_own;
use super::{Known, Proposal};
use crate::text::{json, position, yaml};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Words in the name of an alert that say how it is, and not what.
const HOW: [&str; 9] =
    ["high", "low", "too", "is", "slow", "many", "elevated", "alert", "critical"];

/// Something that can be asked of a metric server, and when it is healthy.
struct Found {
    name: String,
    query: String,
    unit: &'static str,
    threshold: Option<String>,
    /// File and line.
    source: String,
    what: &'static str,
}

/// Metrics with their queries and thresholds, the signals among them, and the server that is asked; what
/// a server was asked already stands `beside`.
pub(super) fn observed(known: &Known<'_>, beside: &[Proposal]) -> Vec<Proposal> {
    let mut found: Vec<Found> = Vec::new();
    let mut server = None;
    for path in known.files.iter().filter(|path| is_own(path)) {
        let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
        if !is_yaml && !path.ends_with(".json") {
            continue;
        }
        let Some(text) = known.text(path) else { continue };
        if is_yaml
            && ["expr:", "slos:", "ratioMetric:", "datasources:"]
                .iter()
                .any(|own| text.contains(own))
        {
            let value = yaml::parse(&text).unwrap_or_default();
            let line = |place: &str| {
                let range = yaml::locate(&text, place, false);
                format!("{path}:{}", range.map_or(1, |range| position(&text, range.start).line))
            };
            found.extend(alerts(&value, &line));
            found.extend(sloth(&value, &line));
            found.extend(open_slo(&value, &line));
            server = server.or_else(|| data_source(&value, &line));
        } else if text.contains("\"panels\"") {
            let value = json::parse(&text).unwrap_or_default();
            let line = |place: &str| {
                let range = json::locate(&text, place, false);
                format!("{path}:{}", range.map_or(1, |range| position(&text, range.start).line))
            };
            found.extend(panels(&value, &line));
        }
    }
    // An alert or an objective says when something is healthy, a dashboard does not.
    found.sort_by_key(|own| own.threshold.is_none());
    let mut names = BTreeSet::new();
    found.retain(|own| names.insert(own.name.clone()));
    proposals(known, found, server, beside)
}

fn proposals(
    known: &Known<'_>,
    found: Vec<Found>,
    server: Option<(String, String)>,
    beside: &[Proposal],
) -> Vec<Proposal> {
    let mut out = Vec::new();
    let has = |name: &str| beside.iter().any(|own| own.keys == ["metrics", name]);
    let asked = has("source");
    let server = server.filter(|_| !asked);
    let has_server = asked || server.is_some() || known.policy.pointer("/metrics/source").is_some();
    // A query that nobody can be asked is none.
    if !has_server || found.is_empty() {
        return out;
    }
    if let Some((url, source)) = server {
        let value = json!({ "prometheus": url });
        out.push(
            Proposal::new(&["metrics", "source"], value, format!("{source} (data source)"))
                .at(&source),
        );
    }
    let signals: Vec<&Found> = found.iter().filter(|own| own.threshold.is_some()).collect();
    // What the server itself has was asked before.
    if let (Some(first), false) = (signals.first(), asked) {
        let list: Vec<&str> = signals.iter().map(|own| own.name.as_str()).collect();
        let source = format!("{}, and what else has a threshold", first.source);
        out.push(Proposal::new(&["health", "signals"], json!(list), source));
    }
    for own in found {
        if has(&own.name) {
            let keys = ["metrics", own.name.as_str(), "threshold"];
            let source = format!("{} ({})", own.source, own.what);
            let proposed = own.threshold.map(|own| Proposal::new(&keys, json!(own), source));
            out.extend(proposed.map(|new| new.at(&own.source)));
            continue;
        }
        let mut value = json!({ "query": own.query, "unit": own.unit });
        if let Some(threshold) = own.threshold {
            value["threshold"] = json!(threshold);
        }
        let source = format!("{} ({})", own.source, own.what);
        out.push(Proposal::new(&["metrics", &own.name], value, source).at(&own.source));
    }
    out
}

/// Alert rules of Prometheus: healthy is the opposite of what is alerted of.
fn alerts(value: &Value, line: &dyn Fn(&str) -> String) -> Vec<Found> {
    let mut out = Vec::new();
    for (at, group) in value["groups"].as_array().into_iter().flatten().enumerate() {
        for (index, rule) in group["rules"].as_array().into_iter().flatten().enumerate() {
            let (Some(alert), Some(expr)) = (rule["alert"].as_str(), rule["expr"].as_str()) else {
                continue;
            };
            let Some((query, healthy, bound)) = compared(expr) else { continue };
            let (unit, threshold) = measured(query, healthy, bound);
            out.push(Found {
                name: named(alert),
                query: query.to_owned(),
                unit,
                threshold: Some(threshold),
                source: line(&format!("/groups/{at}/rules/{index}")),
                what: "alert rule",
            });
        }
    }
    out
}

/// `QUERY > 0.01`: the query, how a healthy value compares, and the bound.
fn compared(expr: &str) -> Option<(&str, &'static str, f64)> {
    let at = expr.rfind(['>', '<'])?;
    let (query, rest) = (expr[..at].trim(), &expr[at..]);
    let (healthy, skip) = match rest {
        _ if rest.starts_with(">=") => ("<", 2),
        _ if rest.starts_with("<=") => (">", 2),
        _ if rest.starts_with('>') => ("<=", 1),
        _ => (">=", 1),
    };
    let bound: f64 = rest[skip..].trim().parse().ok()?;
    let joined = [" and ", " or ", " unless "].iter().any(|word| query.contains(word));
    (bound.is_finite() && !query.is_empty() && !joined).then_some((query, healthy, bound))
}

/// In which unit a query answers, and the threshold in it.
fn measured(query: &str, healthy: &str, bound: f64) -> (&'static str, String) {
    let per_cent = bound * 100.0;
    let short = |number: f64| {
        let text = format!("{number:.6}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if query.contains('/') && bound.abs() <= 1.0 {
        return ("ratio", format!("{healthy} {}%", short(per_cent)));
    }
    // The rate of a counter of seconds has none.
    let is_time = ["seconds", "duration", "latency"].iter().any(|word| query.contains(word));
    if is_time && !query.contains("_seconds_total") {
        return ("s", format!("{healthy} {}s", short(bound)));
    }
    ("", format!("{healthy} {}", short(bound)))
}

/// `HighErrorRate` is about `error_rate`.
fn named(alert: &str) -> String {
    let mut spaced = String::new();
    for c in alert.chars() {
        if c.is_uppercase() && spaced.chars().last().is_some_and(char::is_lowercase) {
            spaced.push('_');
        }
        spaced.extend(c.to_lowercase().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
    }
    let parts: Vec<&str> = spaced.split('_').filter(|part| !part.is_empty()).collect();
    let kept: Vec<&str> = parts.iter().copied().filter(|part| !HOW.contains(part)).collect();
    let words = if kept.is_empty() { parts } else { kept };
    words.join("_").trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').to_owned()
}

/// Objectives as Sloth has them: the share of errors that an objective leaves.
fn sloth(value: &Value, line: &dyn Fn(&str) -> String) -> Vec<Found> {
    let list = value["slos"].as_array().or_else(|| value["spec"]["slos"].as_array());
    let place = if value["slos"].is_array() { "/slos" } else { "/spec/slos" };
    let own = |(index, slo): (usize, &Value)| {
        let events = &slo["sli"]["events"];
        let query = |key: &str, other: &str| {
            let text = events[key].as_str().or_else(|| events[other].as_str())?;
            Some(text.replace("{{.window}}", "5m").replace("{{ .window }}", "5m"))
        };
        let errors = query("error_query", "errorQuery")?;
        let total = query("total_query", "totalQuery")?;
        Some(Found {
            name: named(slo["name"].as_str()?),
            query: format!("({errors}) / ({total})"),
            unit: "ratio",
            threshold: Some(left_of(slo["objective"].as_f64()? / 100.0)),
            source: line(&format!("{place}/{index}")),
            what: "objective",
        })
    };
    list.into_iter().flatten().enumerate().filter_map(own).collect()
}

/// An objective as OpenSLO has it: a share of what is good.
fn open_slo(value: &Value, line: &dyn Fn(&str) -> String) -> Option<Found> {
    let ratio = &value["spec"]["indicator"]["spec"]["ratioMetric"];
    let query = |key: &str| ratio[key]["metricSource"]["spec"]["query"].as_str();
    let objective = value.pointer("/spec/objectives/0")?;
    let target = objective["target"]
        .as_f64()
        .or_else(|| Some(objective["targetPercent"].as_f64()? / 100.0))?;
    let (query, threshold) = match (query("good"), query("bad"), query("total")?) {
        (Some(good), _, total) => {
            (format!("({good}) / ({total})"), format!(">= {}%", target * 100.0))
        }
        (None, Some(bad), total) => (format!("({bad}) / ({total})"), left_of(target)),
        _ => return None,
    };
    Some(Found {
        name: named(value["metadata"]["name"].as_str()?),
        query,
        unit: "ratio",
        threshold: Some(threshold),
        source: line("/spec"),
        what: "objective",
    })
}

fn left_of(target: f64) -> String {
    measured("/", "<=", 1.0 - target).1
}

/// Panels of a Grafana dashboard that look at one of the families; they say no threshold.
fn panels(value: &Value, line: &dyn Fn(&str) -> String) -> Vec<Found> {
    const FAMILIES: [(&str, &[&str]); 3] =
        [("error_rate", &["error"]), ("latency_p99", &["latency", "p99"]), ("cpu", &["cpu"])];
    let own = |(index, panel): (usize, &Value)| {
        let title = panel["title"].as_str()?.to_lowercase();
        let (name, _) =
            FAMILIES.iter().find(|(_, words)| words.iter().any(|own| title.contains(own)))?;
        let expr = panel["targets"][0]["expr"].as_str()?.replace("$__rate_interval", "5m");
        let unit = if *name == "latency_p99" { "s" } else { "ratio" };
        (!expr.contains('$')).then(|| Found {
            name: (*name).to_owned(),
            query: expr,
            unit,
            threshold: None,
            source: line(&format!("/panels/{index}")),
            what: "dashboard; its threshold is to be written",
        })
    };
    value["panels"].as_array().into_iter().flatten().enumerate().filter_map(own).collect()
}

/// The Prometheus that dashboards are fed from.
fn data_source(value: &Value, line: &dyn Fn(&str) -> String) -> Option<(String, String)> {
    let list = value["datasources"].as_array()?;
    let (index, own) = list
        .iter()
        .enumerate()
        .find(|(_, own)| own["type"] == "prometheus" && own["url"].is_string())?;
    let url = own["url"].as_str()?.trim_end_matches('/');
    url.starts_with("http").then(|| (url.to_owned(), line(&format!("/datasources/{index}"))))
}
