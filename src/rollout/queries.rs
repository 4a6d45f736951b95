//! Which queries may hide what they are to show, and why: only a person can tell.

use super::plan::{Plan, metric_of, plan};
use super::promql::{Query, read};
use crate::definition::{MetricSource, Policy};
use crate::model::Span;

/// What is read by series and sums up, as it is.
const PLAIN: [&str; 20] = [
    "sum",
    "avg",
    "max",
    "count",
    "rate",
    "irate",
    "increase",
    "delta",
    "idelta",
    "deriv",
    "abs",
    "histogram_quantile",
    "histogram_avg",
    "quantile",
    "quantile_over_time",
    "avg_over_time",
    "max_over_time",
    "sum_over_time",
    "count_over_time",
    "last_over_time",
];

/// Calls that make a value where there is none.
const OF_NOTHING: [&str; 6] =
    ["vector", "absent", "absent_over_time", "scalar", "time", "label_replace"];

/// Words of a query that may leave something out, and what they do.
const WORDS: [(&str, &str); 7] = [
    ("or", "gives another value where there is none"),
    ("unless", "leaves out what something else holds for"),
    ("and", "leaves out what something else does not hold for"),
    ("offset", "looks at another time"),
    ("@", "looks at another time"),
    ("bool", "makes 0 or 1 of a value"),
    ("atan2", "makes another value of it"),
];

/// Factors between units: of time, of bytes, of shares.
const UNITS: [f64; 12] =
    [100.0, 1e3, 1e6, 1e9, 60.0, 3600.0, 1024.0, 1_048_576.0, 8.0, 1e-3, 1e-6, 1e-9];

/// The shortest time that a query may look back, whatever the stages last.
const LEAST_BACK: Span = Span::from_seconds(600);

/// The metrics that stages and triggers compare.
pub(super) fn watched_metrics(plan: &Plan) -> Vec<String> {
    let gates = plan.stages.iter().flat_map(|stage| &stage.gates);
    let named = gates.chain(&plan.triggers).filter_map(|(_, condition)| metric_of(condition));
    let mut all: Vec<String> = named.map(str::to_owned).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The metrics that anything is judged by: stages, triggers, their volumes, and the health window.
pub fn judged_metrics(policy: &Policy) -> Vec<String> {
    let mut names = watched_metrics(&plan(policy));
    if !names.is_empty() {
        let volumes = policy.metrics.named.iter().filter(|(_, own)| own.at_least.is_some());
        names.extend(volumes.map(|(name, _)| name.clone()));
    }
    names.extend(policy.health.signals.iter().cloned());
    names.sort_unstable();
    names.dedup();
    names.retain(|name| policy.metrics.named.get(name).is_some_and(|own| own.query.is_some()));
    names
}

/// Queries that may hide what they are to show: the metric, and why; for each the gravest reason.
pub fn doubtful_queries(policy: &Policy) -> Vec<(String, String)> {
    let plan = plan(policy);
    let watched = watched_metrics(&plan);
    let longest = plan.stages.iter().filter_map(|stage| stage.duration).max();
    let mut out = Vec::new();
    for name in judged_metrics(policy) {
        let Some(source) = policy.metrics.named.get(&name) else { continue };
        let Some(query) = &source.query else { continue };
        let staged = watched.contains(&name) || source.at_least.is_some();
        let shared = plan.stages.len() > 1 && staged;
        let why = match read(query) {
            None => Some("the query cannot be read as PromQL".to_owned()),
            Some(own) => doubt(&own, source, shared, longest.filter(|_| staged)),
        };
        out.extend(why.map(|why| (name, why)));
    }
    out
}

/// Why a query may hide something.
fn doubt(
    query: &Query,
    source: &MetricSource,
    shared: bool,
    longest: Option<Span>,
) -> Option<String> {
    let of_nothing = |name: &str| OF_NOTHING.contains(&name);
    if let Some((name, _)) = query.calls.iter().find(|(name, _)| of_nothing(name)) {
        return Some(format!(
            "the query has {name}(…): it may give a value where there is no data"
        ));
    }
    if query.selectors.is_empty() {
        return Some("the query reads no series: it is the same whatever happens".to_owned());
    }
    if shared && let Some(why) = another_version(query) {
        return Some(why);
    }
    if let Some((word, what)) =
        WORDS.iter().find(|(word, _)| query.words.iter().any(|own| own == word))
    {
        return Some(format!("the query has `{word}`, which {what}"));
    }
    if let Some((name, number)) = query.calls.iter().find(|(name, number)| {
        !PLAIN.contains(&name.as_str())
            || name.contains("quantile") && number.is_some_and(|own| own < 0.5)
    }) {
        let number = number.map_or("…".to_owned(), |own| format!("{own}, …"));
        return Some(format!("the query has {name}({number}): it may make less of what there is"));
    }
    if let Some(why) =
        query.operators.iter().find_map(|(sign, number)| arithmetic(sign, *number, source))
    {
        return Some(why);
    }
    let back = query.ranges.iter().max().copied()?;
    let longest = longest?;
    (back > longest && back > LEAST_BACK).then(|| {
        format!("the query looks back {back}, and no stage lasts longer than {longest}: what was before thins it out")
    })
}

/// Why a query reads what another version does, too.
fn another_version(query: &Query) -> Option<String> {
    const VERSION: &str = "{version}";
    let about = |own: &&Vec<super::promql::Matcher>| {
        own.iter().any(|matcher| matcher.op == "=" && matcher.value.contains(VERSION))
    };
    let other = query.selectors.iter().find(|own| !about(own))?;
    Some(match other.iter().find(|own| own.value.contains(VERSION)) {
        Some(own) => format!(
            "the query asks for the version by `{}`, and not by `=`: other versions may be in it",
            own.op
        ),
        None => "the query does not ask for the version in each selector: what else serves hides how the release does".to_owned(),
    })
}

/// Why an operator may take away what was measured.
fn arithmetic(sign: &str, number: Option<f64>, source: &MetricSource) -> Option<String> {
    match (sign, number) {
        ("/", None) => None,
        // A share is brought to percent, and to nothing else.
        ("*", Some(100.0)) if source.is_percent() => None,
        ("*" | "/", Some(factor))
            if UNITS.contains(&factor) && !source.is_percent() && source.unit != "ratio" =>
        {
            None
        }
        ("+", None) => None,
        (_, Some(number)) => {
            Some(format!("the query computes `{sign}` with {number}, which no unit asks for"))
        }
        ("==" | "!=" | ">" | "<" | ">=" | "<=", None) => {
            Some(format!("the query compares by `{sign}`, which leaves out what does not hold"))
        }
        (_, None) => {
            Some(format!("the query computes `{sign}` with what it read: it may take it away"))
        }
    }
}

/// Whether a query divides, and does not bring it to percent.
pub(super) fn is_plain_quotient(query: &str) -> bool {
    let Some(own) = read(query) else { return false };
    let has = |sign: &str, number: Option<f64>| own.operators.contains(&(sign, number));
    own.operators.iter().any(|(sign, _)| *sign == "/") && !has("*", Some(100.0))
}

/// The shortest time that a query looks back; `None` where it looks at single samples.
pub(super) fn shortest_range(query: &str) -> Option<Span> {
    read(query)?.ranges.into_iter().min()
}

#[cfg(test)]
mod tests {
    use super::{doubt, is_plain_quotient, shortest_range};
    use crate::definition::MetricSource;
    use crate::model::Span;
    use crate::rollout::promql::read;

    fn why(query: &str, unit: &str) -> Option<String> {
        let source = MetricSource {
            select: None,
            query: None,
            unit: unit.to_owned(),
            better: None,
            threshold: None,
            at_least: None,
        };
        match read(query) {
            Some(own) => doubt(&own, &source, true, Some(Span::from_seconds(600))),
            None => Some("unreadable".to_owned()),
        }
    }

    #[test]
    fn honest_queries_are_in_no_doubt() {
        for (query, unit) in [
            (r#"errors{version="{version}"}"#, "ratio"),
            (
                r#"sum(rate(e{version="{version}",code=~"5.."}[1m])) / sum(rate(r{version="{version}"}[1m]))"#,
                "ratio",
            ),
            (r#"100 * sum(rate(e{v="{version}"}[5m])) / sum(rate(r{v="{version}"}[5m]))"#, "%"),
            (
                r#"histogram_quantile(0.99, sum by (le) (rate(b{version="{version}"}[1m]))) * 1000"#,
                "ms",
            ),
            (r#"max_over_time(p99{image="shop:{version}"}[30s:5s]) / 1e3"#, "s"),
            (r#"{__name__="errors", version="{version}"}"#, "ratio"),
        ] {
            assert_eq!(why(query, unit), None, "{query}");
        }
    }

    #[test]
    fn what_measures_nothing_of_the_release_is_in_doubt() {
        let own = r#"errors{version="{version}"}"#;
        for query in [
            "errors".to_owned(),
            "errors # {version}".to_owned(),
            "vector(0.001) # {version}".to_owned(),
            "0.001".to_owned(),
            "time() * 0".to_owned(),
            r#"errors{version!="{version}"}"#.to_owned(),
            r#"errors{version=~"{version}|.*"}"#.to_owned(),
            format!("{own} * 0"),
            format!("{own} * (0)"),
            format!("0 * {own}"),
            format!("{own} / 1000"),
            format!("{own} ^ 9"),
            format!("clamp_max({own}, 0.001)"),
            format!("min_over_time({own}[1d])"),
            format!("bottomk(1, {own})"),
            format!("quantile(0.01, {own})"),
            format!("{own} or up"),
            format!("{own} OR vector(0)"),
            format!("{own} unless up"),
            format!("{own} - {own}"),
            format!("{own} - 0.5"),
            format!("{own} offset 1d"),
            format!("{own} @ 0"),
            format!("{own} < 0.01"),
            format!("{own} > bool 5"),
            format!("rate({own}[1d])"),
            format!("{own} / sum(requests)"),
            r#"label_replace(up, "version", "{version}", "", "")"#.to_owned(),
            r#"count_values("{version}", up)"#.to_owned(),
        ] {
            assert!(why(&query, "ratio").is_some(), "{query}");
        }
    }

    #[test]
    fn quotients_and_ranges_are_read() {
        assert!(is_plain_quotient(r#"sum(rate(e{p="/a"}[1m])) / sum(rate(r[5m]))"#));
        assert!(!is_plain_quotient(r#"sum(rate(a{path="/a"}[1m]))"#));
        assert!(!is_plain_quotient("100 * a / b") && !is_plain_quotient("(a / b)*100"));
        assert_eq!(shortest_range("max_over_time(a[30s:5s])"), Some(Span::from_seconds(30)));
        assert_eq!(shortest_range("up"), None);
    }
}
