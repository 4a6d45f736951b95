//! What stands in `d3p.yaml` on rollouts: the protocols' own examples, and what cannot be carried out.

use crate::common::World;
use d3p::testing::cli::demo::run_script;

const METRICS: &str = r#"metrics:
  source: { prometheus: "http://127.0.0.1:9" }
  error_rate: { query: 'sum(rate(errors_total{version="{version}"}[1m])) / sum(rate(requests_total{version="{version}"}[1m]))', unit: ratio }
  latency_p99: { query: 'p99{version="{version}"}', unit: s }
"#;

const CANARY: &str = "rollout:
  strategy: canary
  stages:
    - weight: 5%
      duration: 10m
      gates: [error_rate < 1%, latency_p99 < baseline * 1.1]
    - weight: 25%
      duration: 15m
      gates: [error_rate < 1%, latency_p99 < baseline * 1.1]
    - weight: 100%
";

/// What `check` says of a policy with these lines.
fn told(lines: &str) -> Vec<(String, String)> {
    let world = World::new();
    world.play(&run_script(true)[..3]);
    let hook = "  next-stage: { run: [sh, scripts/deploy_backend.sh, \"{weight}\"] }\n  rollback:";
    let text = world.read("d3p.yaml").replacen("  rollback:", hook, 1);
    world.write("d3p.yaml", text + lines);
    let said = world.json(&["check"]);
    let findings = said.json()["findings"].as_array().unwrap().clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let ours = findings.iter().filter(|own| own["location"]["path"] == "d3p.yaml");
    ours.map(|own| (text(&own["rule"]), text(&own["message"]))).collect()
}

fn is_taken(lines: &str) {
    let wrong: Vec<_> = told(lines)
        .into_iter()
        .filter(|(rule, _)| ["GL001", "GL003", "GL009"].contains(&rule.as_str()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_refused(lines: &str, rule: &str, part: &str) {
    let found = told(lines);
    assert!(
        found.iter().any(|(own, text)| own == rule && text.contains(part)),
        "{part}: {found:#?}"
    );
}

#[test]
fn the_protocols_own_examples_are_taken_as_they_stand() {
    is_taken(&format!("{CANARY}{METRICS}"));
    is_taken(&format!(
        "rollout:\n  strategy: blue-green\n  validation_period: 15m\n  rollback_trigger: error_rate > 2%\n{METRICS}"
    ));
    is_taken("rollout:\n  strategy: rolling\n  max_unavailable: 25%\n  max_surge: 25%\n");
    is_taken(&format!(
        "{CANARY}  triggers: [\"error_rate > 5%\", \"latency_p99 > 500ms\", \"deployment for 45m\"]\n{METRICS}"
    ));
}

#[test]
fn weights_rise_to_all_or_the_policy_says_why_not() {
    let less = CANARY.replace("    - weight: 100%\n", "");
    is_refused(&format!("{less}{METRICS}"), "GL003", "end with 100%");
    is_taken(&format!("{less}  less_than_all: the rest stays until the contract ends\n{METRICS}"));
    is_refused(&format!("{}{METRICS}", CANARY.replace("25%", "4%")), "GL003", "weights rise");
    is_refused(&format!("{}{METRICS}", CANARY.replace("25%", "5%")), "GL003", "weights rise");
    is_refused(&format!("{}{METRICS}", CANARY.replace("100%", "101%")), "GL003", "at most 100%");
    is_refused("rollout: { strategy: canary }\n", "GL003", "has no stages");
    is_refused(&CANARY.replace("canary", "rolling"), "GL003", "no stages of its own");
}

#[test]
fn a_condition_that_nobody_can_judge_is_refused() {
    for (from, to, part) in [
        ("error_rate < 1%", "error_rate is low", "cannot be judged"),
        ("error_rate < 1%", "errors < 1%", "`errors` is not declared"),
        ("error_rate < 1%", "error_rate < 1ms", "which is no time"),
        ("error_rate < 1%", "error_rate <= 100%", "no value that can be measured breaks it"),
        ("error_rate < 1%", "unhealthy for 2m", "is for `triggers`"),
        ("duration: 10m", "duration: 20s", "none would be taken"),
        ("      duration: 10m\n", "", "conditions and no duration"),
    ] {
        is_refused(&format!("{}{METRICS}", CANARY.replace(from, to)), "GL003", part);
    }
    is_refused(CANARY, "GL003", "is not declared");
    let with = |trigger: &str| format!("{CANARY}  triggers: [{trigger}]\n{METRICS}");
    is_refused(&with("unhealthy for 2m"), "GL003", "declare rollout.probes");
    is_refused(&with("sleepy for 2m"), "GL003", "is no state");
    let probes = "  probes: [{ service: api, url: \"http://127.0.0.1:9/health\" }]\n";
    is_taken(&format!("{CANARY}  triggers: [unhealthy for 2m]\n{probes}{METRICS}"));
    is_refused(
        &format!("{CANARY}{}{METRICS}", probes.replace("api", "bets")),
        "GL003",
        "none of the services",
    );
}

#[test]
fn a_quotient_is_no_percentage() {
    let percent = METRICS.replace("unit: ratio", "unit: \"%\"");
    is_refused(&format!("{CANARY}{percent}"), "GL003", "a quotient is no percentage");
    let word = percent.replace("\"%\"", "percent");
    is_refused(&format!("{CANARY}{word}"), "GL003", "a quotient is no percentage");
    // What is measured in seconds is not read as milliseconds.
    let latency = "  latency_p95: { query: 'histogram_quantile(0.99, sum by (le) (rate(shop_seconds_bucket{version=\"{version}\"}[1m])))', unit: ms }\n";
    is_refused(&format!("{CANARY}{METRICS}{latency}"), "GL003", "the metric is in s");
    is_taken(&format!("{CANARY}{METRICS}{}", latency.replace("unit: ms", "unit: s")));
    let computed = latency.replace("'histogram", "'1000 * histogram");
    is_taken(&format!("{CANARY}{METRICS}{computed}"));
    is_taken(&format!("{CANARY}{}", percent.replace("'sum(rate(errors", "'100 * sum(rate(errors")));
    let short = METRICS.replace("[1m]", "[10s]");
    is_refused(&format!("{CANARY}{short}"), "GL003", "nobody looks at the time between");
    is_taken(&format!("{CANARY}  interval: 10s\n{short}"));
    let none = METRICS.replace("  source: { prometheus: \"http://127.0.0.1:9\" }\n", "");
    is_refused(&format!("{CANARY}{none}"), "GL003", "no server to put it to");
}

#[test]
fn the_strategy_follows_from_the_facts_in_their_order() {
    let canary = format!("{CANARY}{METRICS}");
    is_taken(&format!("facts: {{ criticality: critical, statefulness: stateful }}\n{canary}"));
    is_taken(&format!(
        "{}facts: {{ criticality: critical }}\n",
        canary.replace("  strategy: canary\n", "")
    ));
    is_refused(
        &format!("facts: {{ risk: high, criticality: critical }}\n{canary}"),
        "GL009",
        "from risk: high follows feature-flag",
    );
    is_refused(
        &format!("facts: {{ statefulness: stateful }}\n{canary}"),
        "GL009",
        "follows rolling",
    );
    is_refused(
        &format!("facts: {{ statefulness: stateless, risk: low }}\n{canary}"),
        "GL009",
        "follows blue-green",
    );
    is_refused(
        "facts: { criticality: critical }\n",
        "GL003",
        "strategy canary (which follows from criticality: critical) has no stages",
    );
    is_taken("facts: { statefulness: stateless }\n");
}
