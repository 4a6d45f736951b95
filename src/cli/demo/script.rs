//! The demo release as data: what is written, what is run, how it must end.

use crate::assets;
use crate::env::Exit;
use crate::model::Sha256Digest;
use std::time::Duration;

/// One step of a release.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happens, for people.
    pub title: String,
    /// How it is done.
    pub action: Action,
}

/// How a step is done. Texts are templates, filled in when the step is played.
#[derive(Clone, Debug)]
pub enum Action {
    /// Writes files: path → template.
    Write(Vec<(String, String)>),
    /// Runs `d3p`: arguments, standard input, expected end, and how many last lines to show.
    Run {
        /// Arguments after the program's name.
        args: Vec<String>,
        /// Template of standard input.
        stdin: Option<String>,
        /// How it must end.
        expect: Exit,
        /// Last lines of its output that are shown.
        tail: usize,
    },
    /// Makes a throw-away key below `.git`, and the one line of the allowed signers.
    Key {
        /// The key's file, from the project's root.
        path: String,
        /// Whose it is.
        identity: String,
    },
    /// Waits.
    Wait(Duration),
}

/// The policy of the demo: short windows, and it says that it is a demo.
const POLICY: &str = "phase: phase-9-deployment-golive
phase_version: 1
project: demo/shop
services: [api, web]
signatures: \"off\"
demo: true
validation: { suites: [smoke, contract] }
approval: { production: { threshold: 1, max_age: 1h }, persons: [{ name: Ana Silva, role: release manager }] }
health: { window: 4s, interval: 1s, signals: [error_rate, latency_p99] }
windows: { deny: [] }
";

/// What the policy adds when evidence comes from runs: the hooks, and what is compared.
const HOOKS: &str = "run: { environment: [], secrets: [] }
hooks:
  deploy-staging: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }
  validate-staging:
    run: [sh, scripts/validate.sh]
    reports:
      - { junit: reports/smoke.xml, suite: smoke }
      - { junit: reports/contract.xml, suite: contract }
      - { sarif: reports/scan.sarif }
      - { performance: reports/performance.json }
  deploy-production: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }
  validate-production: { run: [sh, scripts/check.sh], reports: [{ health: reports/health.json }] }
  health-check: { run: [sh, scripts/sample.sh] }
  rollback: { run: [sh, scripts/rollback_backend.sh] }
configuration:
  files: [{ name: shop, staging: config/staging.env, production: config/production.env }]
  allowed_differences: [shop/DATABASE_URL]
";

/// The baseline that the demo pins: a file of its repository.
fn baseline() -> String {
    let path = "baseline/v1.3.0.json";
    let text = assets::file(&format!("demo/repository/{path}")).unwrap_or_default();
    let sha256 = Sha256Digest::of(text.as_bytes());
    format!("baseline: {{ release: v1.3.0, path: {path}, sha256: {sha256} }}")
}

/// Check-ins of the demo's health window.
const SAMPLES: [(&str, &str, &str, &str); 5] = [
    ("0.21%", "182ms", "41%", "traffic at 10 percent, logs quiet"),
    ("0.19%", "185ms", "43%", "traffic at 50 percent, logs quiet"),
    ("0.23%", "191ms", "47%", "traffic at 100 percent, one retry in the payment queue"),
    ("0.20%", "187ms", "45%", "queue drained, orders at the usual rate"),
    ("0.18%", "184ms", "44%", "nothing new in the error log"),
];

fn run(title: &str, args: &[&str], expect: Exit, tail: usize) -> Step {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    Step { title: title.to_owned(), action: Action::Run { args, stdin: None, expect, tail } }
}

fn record(title: &str, kind: &str) -> Step {
    let body = assets::demo_body(kind).map(str::to_owned);
    let args = ["record", kind, "--from", "-"].map(str::to_owned).to_vec();
    Step {
        title: title.to_owned(),
        action: Action::Run { args, stdin: body, expect: Exit::Passed, tail: 1 },
    }
}

fn log(title: &str, kind: &str, body: String) -> Step {
    let args = ["record", kind, "--from", "-"].map(str::to_owned).to_vec();
    Step {
        title: title.to_owned(),
        action: Action::Run { args, stdin: Some(body), expect: Exit::Passed, tail: 1 },
    }
}

fn tell(text: &str) -> Step {
    log("tell the stakeholders", "deployment-communications", format!("{{\"text\": \"{text}\"}}"))
}

/// The demo's throw-away key.
const KEY: &str = ".git/d3p-demo-key";
/// Whose it is.
const IDENTITY: &str = "ana@shop.example";

/// The whole release, its evidence made by running the project's own scripts, its approval signed
/// where `signed`.
pub fn run_script(signed: bool) -> Vec<Step> {
    let hook = |kind: &str| {
        Some(match kind {
            "staging-deployment-report" => "deploy-staging",
            "staging-validation-results" => "validate-staging",
            "production-deployment-report" => "deploy-production",
            "post-deployment-validation" => "validate-production",
            "deployment-health-log" => "health-check",
            _ => return None,
        })
    };
    let mut script = release_script();
    if signed {
        sign(&mut script);
    }
    for step in &mut script {
        match &mut step.action {
            Action::Write(files) => {
                for (_, text) in files.iter_mut().filter(|(path, _)| path == "d3p.yaml") {
                    let pinned = format!("suites: [smoke, contract], {}", baseline());
                    // A slow machine takes a while for each run.
                    *text = text
                        .replace("suites: [smoke, contract]", &pinned)
                        .replace("window: 4s, interval: 1s", "window: 5s, interval: 5s")
                        + HOOKS;
                }
                for (_, text) in
                    files.iter_mut().filter(|(path, _)| path.ends_with("monitoring.md"))
                {
                    *text = text.replace("| 1s |", "| 5s |");
                }
            }
            Action::Run { args, stdin, tail, .. } if args[0] == "record" => {
                if let Some(hook) = hook(&args[1]) {
                    *args = vec!["run".to_owned(), hook.to_owned()];
                    *stdin = None;
                    *tail = 3;
                }
            }
            Action::Run { .. } | Action::Wait(_) | Action::Key { .. } => {}
        }
    }
    script
}

/// The same, with its approval signed.
pub fn signed_script() -> Vec<Step> {
    let mut script = release_script();
    sign(&mut script);
    script
}

/// Turns the typed decision into a request and a signature with the person's own key.
fn sign(script: &mut Vec<Step>) {
    for step in &mut *script {
        if let Action::Write(files) = &mut step.action {
            for (_, text) in files.iter_mut().filter(|(path, _)| path == "d3p.yaml") {
                *text = text.replace("signatures: \"off\"", "signatures: \"on\"").replace(
                    "role: release manager",
                    &format!("role: release manager, principals: [{IDENTITY}]"),
                );
            }
        }
    }
    let position = |wanted: &dyn Fn(&Action) -> bool, script: &[Step]| {
        script.iter().position(|step| wanted(&step.action)).unwrap_or_default()
    };
    let written = position(&|action| matches!(action, Action::Write(_)), script);
    let key = Action::Key { path: KEY.to_owned(), identity: IDENTITY.to_owned() };
    script.insert(
        written,
        Step { title: "a person makes a key of their own".to_owned(), action: key },
    );
    let typed = |action: &Action| matches!(action, Action::Run { args, .. } if args.iter().any(|arg| arg == "production-approval"));
    let decided = position(&typed, script);
    script.splice(
        decided..=decided,
        [
            run("an agent asks", &["approve", "request", "production"], Exit::Passed, 1),
            run(
                "a person decides, with their own key",
                &["approve", "sign", "--as", IDENTITY, "--decision", "go", "--key", KEY],
                Exit::Passed,
                3,
            ),
        ],
    );
}

/// The whole release with its evidence typed by hand, from `init` to `verify`: what tests lie about.
pub fn release_script() -> Vec<Step> {
    let mut script = vec![
        run(
            "scaffold the release",
            &["init", "--release", "v1.4.0", "--service", "api", "--service", "web"],
            Exit::Passed,
            3,
        ),
        run("a scaffold is not evidence", &["gate", "readiness"], Exit::Refused, 4),
        fill(),
        tell("Release v1.4.0 goes live today. Questions to the release channel."),
        run(
            "look at the prerequisite files",
            &["record", "deployment-readiness-checklist"],
            Exit::Passed,
            7,
        ),
        run("gate 1", &["gate", "readiness"], Exit::Passed, 3),
        record("deploy to staging", "staging-deployment-report"),
        record("validate staging", "staging-validation-results"),
        record("user acceptance", "uat-confirmation"),
        run("gate 2", &["gate", "staging-validation"], Exit::Passed, 3),
        run(
            "not cleared without a decision",
            &["check", "--before", "deploy-production"],
            Exit::Refused,
            1,
        ),
        run(
            "a person decides",
            &["record", "production-approval", "--by", "Ana Silva", "--decision", "go"],
            Exit::Passed,
            1,
        ),
        run("launch clearance", &["check", "--before", "deploy-production"], Exit::Passed, 1),
        record("deploy to production", "production-deployment-report"),
        tell("v1.4.0 is in production; we are watching it."),
        record("immediate checks", "post-deployment-validation"),
        run(
            "a person looked at api",
            &["tick", "api", "1", "2", "3", "4", "--by", "Jonas Weber"],
            Exit::Passed,
            1,
        ),
        run(
            "a person looked at web",
            &["tick", "web", "1", "2", "3", "--by", "Mei Tanaka"],
            Exit::Passed,
            1,
        ),
        run("gate 3", &["gate", "production-launch"], Exit::Passed, 3),
    ];
    for (errors, latency, cpu, note) in SAMPLES {
        script.push(Step {
            title: "wait for the next check-in".to_owned(),
            action: Action::Wait(Duration::from_secs(1)),
        });
        let body = format!(
            "{{\"metrics\": {{\"error_rate\": \"{errors}\", \"latency_p99\": \"{latency}\", \"cpu\": \"{cpu}\"}}, \"observation\": \"{note}\"}}"
        );
        script.push(log("check in", "deployment-health-log", body));
    }
    script.extend([
        run("compile the report", &["report"], Exit::Passed, 1),
        record("inputs for the retrospective", "retrospective-inputs"),
        run("gate 4", &["gate", "stabilization"], Exit::Passed, 4),
        run("audit", &["verify"], Exit::Passed, 1),
    ]);
    script
}

/// The documents, the manifest, the rollback plan and what other phases hand over, filled in.
fn fill() -> Step {
    let mut files = vec![("d3p.yaml".to_owned(), POLICY.to_owned())];
    files.extend(assets::demo_release().map(|(path, text)| (path.to_owned(), text.to_owned())));
    Step {
        title: "people fill in the documents; other phases hand over".to_owned(),
        action: Action::Write(files),
    }
}
