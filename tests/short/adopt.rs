//! What `setup` takes over from a repository, in three of different kinds and in this one.

use super::{passes, policy};
use crate::common::World;
use crate::redteam::git;
use serde_json::{Value, json};

const ANA: &str = "Ana Silva, release manager, ana@shop.example";

/// A repository with these files, written by Mei, reviewed by Ana.
fn repository(files: &[(&str, &str)]) -> World {
    let world = World::new();
    git(&world, &["init", "--quiet", "--initial-branch=main"]);
    world.write("README.md", "# The till\n");
    let commit = |name: &str, email: &str, told: &str| {
        git(&world, &["add", "--all"]);
        let (name, email) = (format!("user.name={name}"), format!("user.email={email}"));
        git(&world, &["-c", &name, "-c", &email, "commit", "--quiet", "--message", told]);
    };
    commit("Ana Silva", "ana@shop.example", "begin");
    for (path, text) in files {
        world.write(path, text);
    }
    commit("Mei Tanaka", "mei@shop.example", "the till");
    world
}

/// The line of `d3p.yaml` with `key`, which says where it comes from.
fn line(world: &World, key: &str) -> String {
    let text = world.read("d3p.yaml");
    let found = text.lines().find(|line| line.trim().starts_with(&format!("{key}:")));
    found.unwrap_or_else(|| panic!("no {key}: {text}")).to_owned()
}

fn run(policy: &Value, hook: &str) -> Value {
    policy["hooks"][hook]["run"].clone()
}

const DATA_SOURCE: &str = "datasources:\n  - { name: prom, type: prometheus, url: \"http://prometheus.till.example:9090/\" }\n";

const RULES: &str = "\
groups:
  - name: till
    rules:
      - alert: HighErrorRate
        expr: sum(rate(till_errors_total[5m])) / sum(rate(till_requests_total[5m])) > 0.01
      - alert: SlowLatency
        expr: histogram_quantile(0.99, sum by (le) (rate(till_seconds_bucket[5m]))) >= 0.25
      - alert: TillDown
        expr: up{job=\"till\"} == 0
";

#[test]
fn a_service_with_make_compose_and_alert_rules() {
    let world = repository(&[
        (
            "Makefile",
            "CC := cc\n\ndeploy:\n\tkubectl --context $(ENV) set image deploy/till till=$(VERSION)\n\n\
             rollback:\n\tkubectl --context $(ENV) rollout undo deploy/till\n\n\
             test:\n\tpytest --junit-xml=reports/unit.xml\n.PHONY: deploy\n",
        ),
        (
            "compose.yaml",
            "services:\n  till:\n    build: .\n  desk:\n    build: desk\n  db:\n    image: postgres:16\n",
        ),
        ("monitoring/rules.yml", RULES),
        ("monitoring/datasources.yml", DATA_SOURCE),
        (
            ".github/CODEOWNERS",
            "# who answers\n* ana@shop.example @acme/team\n/docs/ nobody@shop.example\n",
        ),
    ]);
    let said = world.run(&["setup"]);
    passes(&said);
    let policy = policy(&world);
    assert_eq!(policy["services"], json!(["till", "desk"]));
    assert_eq!(
        run(&policy, "deploy-staging"),
        json!(["make", "deploy", "ENV={env}", "VERSION={release}"])
    );
    assert_eq!(run(&policy, "rollback"), json!(["make", "rollback", "ENV={env}"]));
    assert_eq!(run(&policy, "validate-staging"), json!(["make", "test"]));
    assert_eq!(policy["hooks"]["validate-staging"]["reports"][0]["junit"], "reports/unit.xml");
    let metrics = &policy["metrics"];
    assert_eq!(metrics["source"]["prometheus"], "http://prometheus.till.example:9090");
    assert_eq!(metrics["error_rate"]["threshold"], "<= 1%");
    assert_eq!(metrics["latency"]["threshold"], "< 0.25s");
    // What says only whether it is there is no signal.
    assert_eq!(policy["health"]["signals"], json!(["error_rate", "latency"]));
    let persons = policy["approval"]["persons"].to_string();
    assert!(persons.contains("Ana Silva") && persons.contains("code owner"), "{persons}");
    assert!(!persons.contains("nobody@") && !persons.contains("@acme"), "{persons}");
    for (key, source) in [
        ("deploy-staging", "# Makefile:3"),
        ("rollback", "# Makefile:6"),
        ("error_rate", "# monitoring/rules.yml:4"),
        ("source", "# monitoring/datasources.yml:2"),
        ("services", "# compose.yaml:1"),
    ] {
        let line = line(&world, key);
        assert!(line.ends_with(source), "{key}: {line}");
    }
    let before = world.read("d3p.yaml");
    passes(&world.run(&["setup"]));
    assert_eq!(world.read("d3p.yaml"), before, "the second time changes nothing");
}

const FLOW: &str = "\
name: deploy
on: { workflow_dispatch: { inputs: { version: {} } } }
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{ run: npm ci }, { run: npm test }]
  deploy-staging:
    runs-on: ubuntu-latest
    environment: staging
    steps:
      - uses: actions/checkout@v4
      - run: npx wrangler deploy --env staging --tag ${{ github.ref_name }}
  deploy-production:
    runs-on: ubuntu-latest
    environment: { name: production }
    steps:
      - run: npx wrangler deploy --env production --tag ${{ inputs.version }}
  rollback:
    runs-on: ubuntu-latest
    steps:
      - run: npx wrangler rollback --account ${{ secrets.ACCOUNT }}
";

#[test]
fn a_front_end_with_npm_and_workflows() {
    let world = repository(&[
        (".github/workflows/deploy.yml", FLOW),
        (
            "package.json",
            "{\n  \"name\": \"desk\",\n  \"scripts\": {\n    \"build\": \"vite build\",\n    \"smoke\": \"playwright test\"\n  }\n}\n",
        ),
        (
            "monitoring/slo.yaml",
            "version: prometheus/v1\nservice: desk\nslos:\n  - name: requests-availability\n    objective: 99.5\n    sli:\n      events:\n        error_query: sum(rate(desk_errors_total[{{.window}}]))\n        total_query: sum(rate(desk_requests_total[{{.window}}]))\n",
        ),
    ]);
    passes(&world.run(&["setup", "--person", ANA]));
    let policy = policy(&world);
    assert_eq!(policy["services"], json!(["desk"]));
    assert_eq!(
        run(&policy, "deploy-staging"),
        json!(["sh", "-ec", "npx wrangler deploy --env staging --tag {release}"])
    );
    assert_eq!(
        run(&policy, "deploy-production"),
        json!(["sh", "-ec", "npx wrangler deploy --env production --tag {release}"])
    );
    // A secret of the forge is nothing that a hook is given in its command.
    assert_eq!(policy["hooks"]["rollback"], Value::Null);
    assert_eq!(run(&policy, "validate-production"), json!(["npm", "run", "smoke"]));
    assert!(line(&world, "validate-production").ends_with("# package.json:5"));
    assert!(line(&world, "deploy-production").ends_with("# .github/workflows/deploy.yml:13"));
    // A query that nobody can be asked is no signal.
    assert_eq!(policy["metrics"], Value::Null);
}

#[test]
fn a_project_of_gitlab_with_an_objective_and_a_dashboard() {
    let world = repository(&[
        (
            ".gitlab-ci.yml",
            "stages: [test, deploy]\nverify:\n  stage: test\n  script: make -C src check\n\
             deploy_staging:\n  stage: deploy\n  environment: staging\n  script:\n    - ./deploy $CI_COMMIT_TAG\n\
             deploy_production:\n  stage: deploy\n  environment: production\n  script:\n    - ./deploy $CI_COMMIT_TAG\n\
             d3p:check:\n  script: [d3p check]\n",
        ),
        (
            "slo/orders.yaml",
            "apiVersion: openslo/v1\nkind: SLO\nmetadata: { name: orders-success }\nspec:\n  indicator:\n    spec:\n      ratioMetric:\n        good: { metricSource: { spec: { query: \"sum(rate(orders_ok_total[5m]))\" } } }\n        total: { metricSource: { spec: { query: \"sum(rate(orders_total[5m]))\" } } }\n  objectives:\n    - target: 0.99\n",
        ),
        (
            "grafana/till.json",
            "{ \"panels\": [ { \"title\": \"CPU\", \"targets\": [ { \"expr\": \"sum(rate(process_cpu_seconds_total[$__rate_interval]))\" } ] },\n { \"title\": \"Errors of $service\", \"targets\": [ { \"expr\": \"sum(rate(errors{service=\\\"$service\\\"}[5m]))\" } ] } ] }\n",
        ),
        ("grafana/sources.yaml", "datasources:\n  - type: prometheus\n    url: http://prom:9090\n"),
    ]);
    passes(&world.run(&["setup", "--person", ANA]));
    let policy = policy(&world);
    assert_eq!(run(&policy, "deploy-staging"), json!(["sh", "-ec", "./deploy {release}"]));
    assert!(
        line(&world, "deploy-production").ends_with("# .gitlab-ci.yml:10"),
        "{}",
        line(&world, "deploy-production")
    );
    assert_eq!(run(&policy, "validate-staging"), json!(["sh", "-ec", "make -C src check"]));
    let metrics = &policy["metrics"];
    assert_eq!(metrics["orders_success"]["threshold"], ">= 99%");
    assert_eq!(metrics["cpu"]["query"], "sum(rate(process_cpu_seconds_total[5m]))");
    assert_eq!(metrics["cpu"]["threshold"], Value::Null);
    // What a dashboard asks for one service that somebody picks is no query.
    assert_eq!(metrics["error_rate"], Value::Null);
    assert_eq!(policy["health"]["signals"], json!(["orders_success"]));
    assert!(!world.read("d3p.yaml").contains("d3p check"), "{}", world.read("d3p.yaml"));
}

const DEPLOY_MD: &str = "\
# How the till is deployed

## Go conditions

Every test passes on staging, and Ana Silva says GO.

## Low-traffic reasons

Fewer than ten customers order before noon.

## Communication

### Audience

The two people who answer customers.

### Channel

Chat channel shop-desk.

## Support

Chat channel shop-desk, briefed at nine today, covered by Mei Tanaka until T+4h.
";

const RUNBOOK_MD: &str = "\
# Runbook

## Hotfixes

A defect of texts alone is mended forward, reviewed by Ana Silva, and sent through staging as everything is.

## Authority

Ana Silva, on the release call from T-10m to T+1h.

## Manual checks

The list of orders, looked at by Mei Tanaka, who expects the test order in it.

## Risks

A till that reads euros would show a hundredfold price.
";

const RELEASE_FLOW: &str = "\
name: release
on: { push: { tags: [\"v*\"] } }
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{ run: sh src/check.sh reports/unit.xml reports/scan.sarif reports/load/performance.json }]
  smoke:
    runs-on: ubuntu-latest
    steps: [{ run: sh src/check.sh reports/smoke.xml }]
  deploy-staging:
    runs-on: ubuntu-latest
    environment: staging
    steps: [{ run: \"echo ::service till=healthy ${{ github.ref_name }}\" }]
  deploy-production:
    runs-on: ubuntu-latest
    environment: production
    steps: [{ run: \"echo ::service till=healthy ${{ github.ref_name }}\" }]
  rollback:
    runs-on: ubuntu-latest
    steps: [{ run: \"sh src/back.sh ${{ inputs.environment }} ${{ inputs.version }}\" }]
";

/// Writes reports as pytest, a scanner and a load test do.
const CHECK: &str = "#!/bin/sh
mkdir -p reports/load
echo '<testsuites><testsuite name=\"till\" tests=\"1\"><testcase classname=\"till\" name=\"sells\"/></testsuite></testsuites>' > \"$1\"
[ $# -gt 1 ] || exit 0
echo '{ \"version\": \"2.1.0\", \"runs\": [{ \"tool\": { \"driver\": { \"name\": \"scan\", \"version\": \"1.0.0\", \"rules\": [] } }, \"results\": [] }] }' > \"$2\"
echo '{ \"metrics\": [{ \"name\": \"order_p99\", \"unit\": \"ms\", \"value\": 65 }] }' > \"$3\"
";

/// Returns to a version, and says what answered before.
const BACK: &str = "#!/bin/sh
mkdir -p \"$HOME\"
echo \"::service till=healthy $(cat \"$HOME/$1\" || echo v1.0.0)\"
echo \"$2\" > \"$HOME/$1\"
echo \"::service till=healthy $2\"
";

/// Commits everything that lies there.
fn commit(world: &World, told: &str) {
    git(world, &["add", "--all"]);
    let mei = ["-c", "user.name=Mei Tanaka", "-c", "user.email=mei@shop.example"];
    git(world, &[&mei[..], &["commit", "--quiet", "--message", told]].concat());
}

/// A team with pages, a workflow and a tag, as it is before.
fn team() -> World {
    let rules = format!(
        "{RULES}      - alert: HighCpu\n        expr: sum(rate(process_cpu_seconds_total[5m])) > 0.8\n      - alert: OrdersLow\n        expr: sum(rate(till_orders_total[5m])) < 1\n"
    );
    let world = repository(&[
        ("monitoring/rules.yml", &rules),
        ("monitoring/datasources.yml", DATA_SOURCE),
        ("docs/deploy.md", DEPLOY_MD),
        ("RUNBOOK.md", RUNBOOK_MD),
        (".github/workflows/release.yml", RELEASE_FLOW),
        ("src/check.sh", CHECK),
        ("src/back.sh", BACK),
        ("config/staging.env", "URL=http://staging\n"),
        ("config/production.env", "URL=http://production\n"),
        ("pyproject.toml", "[project]\nname = \"till\"\n"),
    ]);
    git(&world, &["tag", "v0.9.0"]);
    world.write("src/till.py", "print('cents')\n");
    commit(&world, "prices are told in cents");
    world
}

#[cfg(unix)]
#[test]
fn what_a_team_wrote_already_is_cited_with_its_source_and_leads_to_gate_1() {
    let world = team();
    world.write("home/ana.pub", format!("{} ana@shop.example\n", super::KEY));
    let ana = "Ana Silva, release manager, ana@shop.example, home/ana.pub, +351 21 555 0199";
    let none = "go-decision,staging-validation,quality-audit=two of us decide, test and audit in this release";
    passes(&world.run(&["setup", "--person", ana, "--window", "30m", "--without", none]));
    world.remove("home/ana.pub");
    commit(&world, "how we release");
    let args = ["init", "--release", "v1.0.0", "--window", "2h", "--artifact", "src/check.sh"];
    passes(&world.run(&args));
    let risks = "risks=sums could differ by a cent, and customers would write";
    let said = world.run(&["doc", "--cite", risks]);
    passes(&said);
    for told in [
        "wrote plan.go-conditions from docs/deploy.md:3 (Go conditions)",
        "wrote rollback.hotfix from RUNBOOK.md:3 (Hotfixes)",
        "wrote plan.communication.channel from docs/deploy.md:",
    ] {
        assert!(said.out.contains(told), "{told}: {}", said.out);
    }
    let strategy = world.read(super::STRATEGY);
    let cited = "sent through staging as everything is.\n\nFrom RUNBOOK.md, \"Hotfixes\", sha256:";
    assert!(strategy.contains(cited), "{strategy}");
    // One row of several is about something of its own.
    assert!(strategy.contains("| error_rate as d3p watch reads it | > 1% |"), "{strategy}");
    // What was given is taken, and not what a page says.
    let manifest = world.read(super::MANIFEST);
    assert!(manifest.contains("by a cent") && !manifest.contains("hundredfold"), "{manifest}");
    // Pages are asked for what is open, and never for what somebody wrote.
    let before = world.read(super::STRATEGY);
    passes(&world.run(&["doc", "--cite"]));
    assert_eq!(world.read(super::STRATEGY), before);
    let by_hand = [
        "services.till.1=an order of two pieces costs 500 cents",
        "release-manifest.scope=customers and tills are told prices in cents",
        "sign_offs.at=now",
    ];
    let doc = world.run(&[&["doc"][..], &by_hand].concat());
    passes(&doc);
    assert!(doc.out.contains("every place is written"), "{}", doc.out);
    let said = world.run(&["next"]);
    assert!(said.out.contains("$ d3p gate readiness"), "{}", said.all());
    assert_eq!(world.json(&["status"]).json()["gates"][0]["valid"], true, "{}", said.all());
}
