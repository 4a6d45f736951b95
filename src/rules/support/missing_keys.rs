//! What a project brings: the keys of `d3p.yaml` without which its hooks can make no evidence, and
//! the line to add for each.

use super::advice::abandon;
use super::mend::{mend, next_hook};
use crate::definition::{
    Derivation, Effective, EvidenceDef, FilesKind, Hook, NativeCheck, Policy, ReportFormat,
    ReportSpec,
};
use crate::derive::last_runs;
use crate::model::{Advice, Location, Mark, Piece};
use crate::project::Project;
use crate::text::pointer;
use serde_json::Value;

/// A key that the hooks of a step cannot do without.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MissingKey {
    /// The evidence that cannot be made.
    kind: String,
    /// The hook that cannot do without it, as a JSON pointer into `d3p.yaml`.
    pub(crate) pointer: String,
    /// What is lacking.
    pub(crate) message: String,
    /// The keys above it.
    below: Vec<String>,
    /// The line, valid YAML.
    line: String,
}

/// What `policy` missing_keys, in the order of the phase.
pub(crate) fn missing_keys(project: &Project, policy: &Effective) -> Vec<MissingKey> {
    let mut found = Vec::new();
    for (kind, def) in &project.phase.evidence {
        let Some((step, _)) = project.phase.step_producing(kind) else { continue };
        let hooks: Vec<(&String, &Hook)> =
            policy.policy.hooks.iter().filter(|(name, hook)| hook.step(name) == step).collect();
        let Some((name, _)) = hooks.first() else { continue };
        if compares_configuration(def) && policy.policy.configuration.files.is_empty() {
            found.push(configuration(&policy.policy, name, kind));
        }
        found.extend(reports(policy, &hooks, step, kind, def));
    }
    found
}

/// How to get out of a lack: the line to add, or, where `d3p.yaml` has it by now, the command that
/// takes it into this release.
pub(crate) fn way_out(project: &Project, lack: &MissingKey) -> Advice {
    let first = project.phase.gates.iter().find(|(_, gate)| gate.after.is_none());
    let now = || missing_keys(project, &project.current);
    if project.frozen.is_some() && !now().iter().any(|other| other.message == lack.message) {
        let gate = first.map_or("", |(id, _)| id.as_str());
        return match project.launched_at() {
            None => Advice::d3p(["gate", gate, "--refreeze"]),
            Some(_) => abandon(),
        };
    }
    let below: Vec<&str> = lack.below.iter().map(String::as_str).collect();
    add_line(project, &below, &lack.line)
}

/// What a step's hooks lack so that its evidence can be made: a key of `d3p.yaml`, or a report that
/// the last run of a hook did not write.
pub(crate) fn unmade(project: &Project, kind: &str) -> Option<Advice> {
    let lacks = missing_keys(project, project.effective());
    if let Some(lack) = lacks.iter().find(|lack| lack.kind == kind) {
        return Some(way_out(project, lack));
    }
    unwritten(project, kind)
}

/// The reports that the last run of a hook did not write, though `d3p.yaml` declares them.
pub(crate) fn unwritten(project: &Project, kind: &str) -> Option<Advice> {
    let (step, _) = project.phase.step_producing(kind)?;
    let runs = last_runs(project, step);
    let hooks = &project.effective().policy.hooks;
    runs.iter().find_map(|(_, run)| {
        // What is declared otherwise by now is for the next run to write.
        let declared = |missing: &&String| {
            let reports = hooks.get(&run.hook).into_iter().flat_map(|hook| &hook.reports);
            reports.map(|own| own.files().1).any(|own| own == *missing) || missing.ends_with(')')
        };
        let files: Vec<&str> =
            run.missing_reports.iter().filter(declared).map(String::as_str).collect();
        let hook = &run.hook;
        (!files.is_empty()).then(|| {
            Advice::d3p(["run", hook]).what(format!(
                "let hook {hook} write {}, or correct hooks.{hook}.reports in d3p.yaml",
                files.join(", ")
            ))
        })
    })
}

/// How a value that is not as demanded is mended: what its hook has to say, or the command that
/// records its piece again.
pub(super) fn mend_at(project: &Project, piece: &Piece, place: &Location) -> Advice {
    unsaid(project, piece, place).unwrap_or_else(|| mend(project, piece))
}

/// What a hook did not say: how a service is that it deployed.
fn unsaid(project: &Project, piece: &Piece, place: &Location) -> Option<Advice> {
    let (Piece::Evidence(kind), Mark::Pointer(pointer)) = (piece, &place.mark) else { return None };
    let evidence = project.evidence(kind)?;
    let service = pointer.strip_suffix("/status").filter(|at| at.starts_with("/services/"))?;
    let hook = next_hook(project, kind)?;
    let name = evidence.text_at(&format!("{service}/name"))?;
    let version = evidence.text_at("/release").unwrap_or("VERSION");
    (evidence.text_at(pointer) == Some("unknown")).then(|| {
        Advice::d3p(["run", hook])
            .what(format!("let hook {hook} print ::service {name}=healthy {version} once it is"))
    })
}

/// `add to d3p.yaml: LINE`, below the keys of `below` that are there, or with those that are not.
pub(crate) fn add_line(project: &Project, below: &[&str], line: &str) -> Advice {
    let mut place = Some(&project.part.value);
    let mut there = Vec::new();
    for key in below {
        match place.and_then(|place| place.get(key)).filter(|value| value.is_object()) {
            Some(inner) => {
                place = Some(inner);
                there.push(*key);
            }
            None => break,
        }
    }
    let lacking = below[there.len()..].iter().rev();
    let line = lacking.fold(line.to_owned(), |line, key| format!("{key}: {{ {line} }}"));
    let leaf = line.split(':').next().unwrap_or_default();
    let replaced = place.is_some_and(|place| place.get(leaf).is_some());
    let verb = if replaced { "replace" } else { "add" };
    let pointer: String = there.iter().map(|key| format!("/{}", pointer::escape(key))).collect();
    match there.is_empty() {
        true => Advice::edit(Location::file("d3p.yaml"), format!("{verb}: {line}")),
        false => Advice::edit(
            Location::key("d3p.yaml", pointer),
            format!("{verb} below {}: {line}", there.join(".")),
        ),
    }
}

fn compares_configuration(def: &EvidenceDef) -> bool {
    def.native.iter().any(|native| matches!(native, NativeCheck::ConfigurationParity { .. }))
}

fn configuration(policy: &Policy, hook: &str, kind: &str) -> MissingKey {
    let name = policy.services.first().map_or("service", String::as_str);
    MissingKey {
        kind: kind.to_owned(),
        pointer: format!("/hooks/{hook}"),
        message: format!(
            "{kind} compares the configuration of staging and production, and `configuration.files` names none"
        ),
        below: vec!["configuration".to_owned()],
        line: format!(
            "files: [{{ name: {}, staging: config/staging.env, production: config/production.env }}]",
            name.replace(['.', '_'], "-")
        ),
    }
}

fn tests_alerts(def: &EvidenceDef) -> bool {
    def.parts.values().any(|own| own.files == Some(FilesKind::AlertRules))
}

/// What a kind of evidence is made of: each a choice of formats, in words, and an example.
fn demanded(def: &EvidenceDef) -> &'static [(&'static [ReportFormat], &'static str, &'static str)] {
    use ReportFormat::{File, Health, Junit, Performance, Prometheus, Promtool, Sarif};
    match def.derive {
        Some(Derivation::Validation) => &[
            (&[Junit], "tests (junit)", "junit: reports/SUITE.xml, suite: SUITE"),
            (&[Sarif], "security scan (sarif)", "sarif: reports/scan.sarif"),
            (
                &[Performance, Prometheus],
                "measurements (performance)",
                "performance: reports/performance.json",
            ),
        ],
        Some(Derivation::Checks) => {
            &[(&[Health, Junit], "checks (health or junit)", "health: reports/health.json")]
        }
        Some(Derivation::Files) if tests_alerts(def) => &[
            (
                &[Promtool, Junit],
                "tests of alert rules (promtool or junit)",
                "promtool: reports/alerts.txt",
            ),
            (&[File], "files (file)", "file: monitoring/alerts*.yml, part: rules"),
        ],
        Some(
            Derivation::Deployment
            | Derivation::Sample
            | Derivation::Rollback
            | Derivation::Files
            | Derivation::Restore,
        )
        | None => &[],
    }
}

/// Whether the evidence says anything about what reports of a format hold.
fn is_asked(def: &EvidenceDef, format: ReportFormat) -> bool {
    match format {
        ReportFormat::Sarif => def.require.iter().any(|demand| demand.at.starts_with("/security/")),
        ReportFormat::Performance | ReportFormat::Prometheus => {
            def.native.iter().any(|native| matches!(native, NativeCheck::Performance { .. }))
        }
        ReportFormat::Junit
        | ReportFormat::Health
        | ReportFormat::Promtool
        | ReportFormat::Engine
        | ReportFormat::File
        | ReportFormat::Configuration
        | ReportFormat::Baseline => true,
    }
}

/// The reports that no hook of a step writes.
fn reports(
    policy: &Effective,
    hooks: &[(&String, &Hook)],
    step: &str,
    kind: &str,
    def: &EvidenceDef,
) -> Option<MissingKey> {
    let written = |format: &ReportFormat| {
        hooks.iter().any(|(_, hook)| hook.reports.iter().any(|own| own.files().0 == *format))
    };
    let asked = |formats: &[ReportFormat]| formats.iter().any(|format| is_asked(def, *format));
    let open: Vec<_> = demanded(def)
        .iter()
        .filter(|(formats, ..)| asked(formats) && !formats.iter().any(written))
        .collect();
    let words: Vec<&str> = open.iter().map(|(_, words, _)| *words).collect();
    let (name, hook) = hooks.first().filter(|_| !open.is_empty())?;
    let mut specs: Vec<String> = hook.reports.iter().map(shown).collect();
    for (_, _, example) in open {
        if example.contains("SUITE") {
            let suites = policy.values.pointer("/validation/suites").and_then(Value::as_array);
            let suites = suites.into_iter().flatten().filter_map(Value::as_str);
            specs.extend(suites.map(|suite| {
                let file = suite.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
                format!("{{ junit: reports/{file}.xml, suite: {} }}", scalar(suite))
            }));
        } else {
            specs.push(format!("{{ {example} }}"));
        }
    }
    Some(MissingKey {
        kind: kind.to_owned(),
        pointer: format!("/hooks/{name}"),
        message: format!(
            "{kind} is made of reports that the hooks of {step} write, and they declare no {}",
            words.join(", no ")
        ),
        below: vec!["hooks".to_owned(), (*name).clone()],
        line: format!("reports: [{}]", specs.join(", ")),
    })
}

/// A report as `d3p.yaml` declares it.
fn shown(spec: &ReportSpec) -> String {
    let (format, files) = spec.files();
    let mut parts = vec![format!("{}: {}", format.word(), scalar(files))];
    let own = [("suite", &spec.suite), ("service", &spec.service)];
    parts.extend(
        own.iter().filter_map(|(key, text)| Some(format!("{key}: {}", scalar(text.as_deref()?)))),
    );
    format!("{{ {} }}", parts.join(", "))
}

/// Text as YAML reads it back, also between brackets.
fn scalar(text: &str) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !words.contains(&text.to_lowercase().as_str())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c));
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}
