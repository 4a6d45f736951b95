//! Files of rules as Prometheus reads them, and files of their tests as `promtool` does: which alerts
//! there are, and which of them a test lets fire.

use super::{ImportError, unmarked};
use crate::text::{self, yaml};
use serde_json::Value;

/// What a file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RuleFile {
    /// Rules.
    Rules {
        /// Names of the alerts, in the order of the file.
        alerts: Vec<String>,
        /// How many rules record a series.
        recordings: u64,
    },
    /// Tests of rules.
    Tests {
        /// The files of rules, as patterns from where this one lies.
        rule_files: Vec<String>,
        /// How many groups of tests check something.
        groups: u64,
        /// Names of the alerts that a test lets fire.
        fires: Vec<String>,
    },
}

/// Reads a file of rules (`groups`) or of tests (`tests`).
///
/// # Errors
/// What is no YAML without aliases and tags, or neither of the two.
pub fn parse(file: &str) -> Result<RuleFile, ImportError> {
    let file = unmarked(file);
    let value = yaml::parse(file).map_err(|faults| match faults.into_iter().next() {
        Some(fault) => ImportError {
            position: fault.span.map(|span| text::position(file, span.start)),
            message: fault.message,
            help: fault.help,
        },
        None => ImportError::new("the file is not YAML"),
    })?;
    if value.get("groups").is_some() {
        return Ok(rules(&value));
    }
    if value.get("tests").is_some() || value.get("rule_files").is_some() {
        return Ok(tests(&value));
    }
    Err(ImportError::new("it holds neither rules (`groups`) nor tests of rules (`tests`)"))
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text_of<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

fn rules(value: &Value) -> RuleFile {
    let rules = || list(value, "groups").flat_map(|group| list(group, "rules"));
    let alerts = rules().filter_map(|rule| text_of(rule, "alert")).map(str::to_owned);
    let recordings = rules().filter(|rule| text_of(rule, "record").is_some()).count();
    RuleFile::Rules { alerts: alerts.collect(), recordings: recordings as u64 }
}

fn tests(value: &Value) -> RuleFile {
    let checks = |group: &&Value| {
        ["alert_rule_test", "promql_expr_test"].iter().any(|key| list(group, key).next().is_some())
    };
    let cases = list(value, "tests").flat_map(|group| list(group, "alert_rule_test"));
    let fires = cases.filter(|case| list(case, "exp_alerts").next().is_some());
    let mut fires: Vec<String> =
        fires.filter_map(|case| text_of(case, "alertname")).map(str::to_owned).collect();
    fires.sort();
    fires.dedup();
    let rule_files = list(value, "rule_files").filter_map(Value::as_str).map(str::to_owned);
    RuleFile::Tests {
        rule_files: rule_files.collect(),
        groups: list(value, "tests").filter(checks).count() as u64,
        fires,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn alerts_and_recordings_are_told_apart() {
        let file = "groups:\n  - name: shop\n    rules:\n      - { alert: High, expr: x > 1 }\n      \
                    - { record: job:x, expr: sum(x) }\n      - { alert: '', expr: x }\n";
        let told = parse(file).unwrap();
        assert_eq!(told, RuleFile::Rules { alerts: vec!["High".to_owned()], recordings: 1 });
    }

    #[test]
    fn a_test_in_which_nothing_fires_lets_nothing_fire() {
        let file = "rule_files: [alerts.yml]\ntests:\n  - alert_rule_test:\n      \
                    - { eval_time: 5m, alertname: High, exp_alerts: [] }\n      \
                    - { eval_time: 9m, alertname: Low, exp_alerts: [ { exp_labels: {} } ] }\n  \
                    - { interval: 1m }\n";
        let RuleFile::Tests { rule_files, groups, fires } = parse(file).unwrap() else { panic!() };
        assert_eq!(
            (rule_files, groups, fires),
            (vec!["alerts.yml".to_owned()], 1, vec!["Low".to_owned()])
        );
    }

    #[test]
    fn what_is_neither_is_refused() {
        for file in ["a: 1\n", "", "[1]\n", "groups: &a []\ntests: *a\n", "{"] {
            assert!(parse(file).is_err(), "{file:?}");
        }
    }
}
