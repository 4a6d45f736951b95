//! What the repository shows: services, scripts that serve the steps of a release, configuration.

use super::ways::{Way, ways};
use super::{Known, Proposal};
use crate::cli::args::SetupArgs;
use crate::decide::assess;
use crate::definition::{Derivation, Predicate, PredicateOp, StepDef};
use crate::derive::settings;
use crate::env::Env;
use crate::model::{Finding, Piece, Stamp, State};
use crate::project::{Project, step_hooks};
use crate::text::{position, yaml};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The environments that a pair of configuration files is named after.
const PAIR: [&str; 2] = ["staging", "production"];

pub(super) fn services(args: &SetupArgs, known: &Known<'_>, repository: &str) -> Proposal {
    if !args.services.is_empty() {
        return Proposal::given(&["services"], json!(args.services), "--service");
    }
    let named = |path: &str, key: &str| {
        let text = known.text(path)?;
        let line = text.lines().find_map(|line| line.trim().strip_prefix(key))?;
        let name = line.trim().trim_start_matches(['=', ':']).trim().trim_matches(['"', '\'', ',']);
        (!name.is_empty()).then(|| (name.to_owned(), path.to_owned()))
    };
    if let Some(built) = built(known) {
        return built;
    }
    let own = || repository.rsplit('/').next().unwrap_or(repository).to_lowercase();
    let found = [("pyproject.toml", "name"), ("Cargo.toml", "name"), ("package.json", "\"name\"")];
    let found = found.iter().find_map(|(path, key)| named(path, key));
    let (name, source) = found.unwrap_or_else(|| (own(), "the repository's name".to_owned()));
    Proposal::new(&["services"], json!([name]), source)
}

/// The services that a compose file builds here; others are those of somebody else.
fn built(known: &Known<'_>) -> Option<Proposal> {
    let places = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    let (path, text) = known.first(&places)?;
    let value = yaml::parse(&text).ok()?;
    let is_built = |(_, own): &(&String, &Value)| own["build"] != Value::Null;
    let services = value["services"].as_object()?.iter().filter(is_built);
    let names: Vec<&str> = services.map(|(name, _)| name.as_str()).collect();
    let range = yaml::locate(&text, "/services", true)?;
    let source = format!("{path}:{}", position(&text, range.start).line);
    let found = Proposal::new(&["services"], json!(names), format!("{source} (built there)"));
    (!names.is_empty()).then(|| found.at(&source))
}

/// Hooks of the steps that the name of a command says it serves.
pub(super) fn hooks(known: &Known<'_>, services: &Value) -> Vec<Proposal> {
    let ways = ways(known);
    let mut out = Vec::new();
    let mut suites: BTreeSet<String> = BTreeSet::new();
    for (id, step) in known.phase.steps.iter().filter(|(_, step)| !step.scripts.is_empty()) {
        // What is asked of a metric server needs no command.
        let produced = step.produces.as_ref().and_then(|kind| known.phase.evidence.get(kind));
        let environment = produced.map_or("", |def| def.environment.as_str());
        let Some(way) = serving((id, step), environment, &ways) else { continue };
        let (value, told) = hook(known, id, step, way, services);
        suites.extend(told.into_iter().filter(|_| demands_suites(known, step)));
        let keys = ["hooks", id.as_str()];
        let source = format!("{} ({})", way.source, step.title);
        out.push(Proposal::new(&keys, value, source).at(&way.source));
    }
    if !suites.is_empty() {
        let value = json!(suites.into_iter().collect::<Vec<_>>());
        out.push(Proposal::new(&["validation", "suites"], value, "what those hooks report"));
    }
    out
}

/// The first command that is called as the step, or as one of its words, else the first whose name
/// begins with one; none that says it is for another environment.
fn serving<'a>(
    (id, step): (&str, &StepDef),
    environment: &str,
    ways: &'a [Way],
) -> Option<&'a Way> {
    let elsewhere = |way: &Way| match &way.environment {
        Some(own) => own != environment,
        None => PAIR.iter().any(|own| *own != environment && way.name.contains(own)),
    };
    let find = |is: &dyn Fn(&str, &str) -> bool| {
        let words = step.scripts.iter();
        let mut all = words.flat_map(|word| ways.iter().map(move |way| (way, word)));
        all.find(|(way, word)| !elsewhere(way) && is(&way.name, word)).map(|(way, _)| way)
    };
    find(&|name, _| name == id)
        .or_else(|| find(&|name, word| name == word))
        .or_else(|| find(&|name, word| name.starts_with(&format!("{word}-"))))
}

fn demands_suites(known: &Known<'_>, step: &StepDef) -> bool {
    let def = step.produces.as_ref().and_then(|kind| known.phase.evidence.get(kind));
    let covers = |demand: &Predicate| matches!(demand.op, PredicateOp::Covers(..));
    def.is_some_and(|def| {
        def.derive == Some(Derivation::Validation) && def.require.iter().any(covers)
    })
}

/// The hook as YAML would have it, and the suites that it reports.
fn hook(
    known: &Known<'_>,
    id: &str,
    step: &StepDef,
    way: &Way,
    services: &Value,
) -> (Value, Vec<String>) {
    let report = format!("reports/{id}.xml");
    let mut run = way.run.clone();
    if step.takes_back() {
        run.iter_mut().for_each(|word| *word = word.replace("{release}", "{previous}"));
    }
    let words = &way.words;
    run.extend(words.iter().filter_map(|word| {
        let value = argument(word, step, &report)?;
        Some(if way.named { format!("{word}={value}") } else { value })
    }));
    let produced = step.produces.as_ref().and_then(|kind| known.phase.evidence.get(kind));
    let by_service = produced.is_some_and(|def| def.derive == Some(Derivation::Checks));
    let mut reports: Vec<Value> = Vec::new();
    let mut suites = Vec::new();
    let mut junit = |path: &str, suite: String| {
        reports.push(match (by_service, services.as_array().map(Vec::as_slice)) {
            (true, Some([service])) => json!({ "junit": path, "service": service }),
            (true, _) => json!({ "junit": path }),
            (false, _) => json!({ "junit": path, "suite": suite }),
        });
        suites.push(suite);
    };
    if words.iter().any(|word| word.contains("REPORT")) {
        junit(&report, id.split('-').next().unwrap_or(id).to_owned());
    }
    let written = |ends: &str| -> BTreeSet<String> {
        let cut = |c: char| c.is_whitespace() || "=\"'>();".contains(c);
        let words = way.text.split(cut).filter(|word| word.ends_with(ends) && !word.contains('$'));
        words.filter(|word| word.contains('/')).map(str::to_owned).collect()
    };
    for path in written(".xml") {
        let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".xml");
        junit(&path, stem.to_owned());
    }
    reports.extend(written(".sarif").iter().map(|path| json!({ "sarif": path })));
    reports.extend(written("metrics.txt").iter().map(|path| json!({ "prometheus": path })));
    reports.extend(written("performance.json").iter().map(|path| json!({ "performance": path })));
    reports.extend(written("health.json").iter().map(|path| json!({ "health": path })));
    let mut value = Map::from_iter([("run".to_owned(), json!(run))]);
    if !reports.is_empty() {
        value.insert("reports".to_owned(), json!(reports));
    }
    (Value::Object(value), suites)
}

/// What an argument of a script is given, by its name.
fn argument(word: &str, step: &StepDef, report: &str) -> Option<String> {
    let bare = word.trim_matches(['[', ']', '<', '>']);
    let has = |part: &str| bare.to_uppercase().contains(part);
    if bare.starts_with("--") {
        return Some(bare.to_owned());
    }
    let release = if step.takes_back() { "{previous}" } else { "{release}" };
    let given = match () {
        () if has("ENV") => "{env}",
        () if has("PREVIOUS") => "{previous}",
        () if has("VERSION") || has("RELEASE") || has("TAG") => release,
        () if has("COMMIT") || has("SHA") => "{commit}",
        () if has("REPORT") => report,
        () => return None,
    };
    Some(given.to_owned())
}

/// Where programs come from, where whoever sets it up works in a virtual environment.
pub(super) fn programs(env: &Env<'_>) -> Option<Proposal> {
    let own = format!("{}/bin", env.var("VIRTUAL_ENV")?);
    let path = json!([own, "/usr/local/bin", "/usr/bin", "/bin"]);
    Some(Proposal::new(&["run", "path"], path, "VIRTUAL_ENV, in which you work"))
}

/// Directories whose files are about something else than the service that is released.
const ASIDE: [&str; 14] = [
    "tests",
    "test",
    "spec",
    "fixtures",
    "testdata",
    "examples",
    "example",
    "demo",
    "docs",
    "schemas",
    "templates",
    "vendor",
    "node_modules",
    "fuzz",
];

/// Whether a file may say something of the service itself.
pub(super) fn is_own(path: &str) -> bool {
    let dirs = path.rsplit_once('/').map_or("", |(dirs, _)| dirs);
    !dirs.split('/').any(|dir| ASIDE.contains(&dir) || dir.starts_with('.') && dir != ".config")
}

/// The files that configure both environments, and the settings in which they differ now.
pub(super) fn configuration(known: &Known<'_>, services: &Value) -> Vec<Proposal> {
    let [one, other] = PAIR;
    // What is run is no setting, whatever it is called.
    let is_settings = |path: &str| {
        let text = known.text(path).filter(|text| !text.starts_with("#!"))?;
        settings(path, &text).ok()
    };
    let pairs = known.files.iter().filter(|path| is_own(path)).filter_map(|path| {
        let twin = path.contains(one).then(|| path.replace(one, other))?;
        let both = known.files.contains(&twin) && is_settings(path).is_some();
        (both && is_settings(&twin).is_some()).then_some((path, twin))
    });
    let pairs: Vec<(&String, String)> = pairs.collect();
    let single = services.as_array().filter(|own| own.len() == 1 && pairs.len() == 1);
    let service = single.and_then(|own| own[0].as_str());
    let (mut files, mut differ) = (Vec::new(), BTreeSet::new());
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (path, twin) in &pairs {
        let stem = path.rsplit('/').next().unwrap_or_default().replace(one, "");
        let stem = stem.trim_matches(['.', '-', '_']).split('.').next().unwrap_or_default();
        let name = service.unwrap_or(if stem.is_empty() { "configuration" } else { stem });
        // Two files of one name are told apart by where they lie.
        let long = || path.replace(one, "").replace(['/', '.'], "-").trim_matches('-').to_owned();
        let name = if names.insert(name.to_owned()) { name.to_owned() } else { long() };
        files.push(json!({ "name": name, "staging": path, "production": twin }));
        let (Some(left), Some(right)) = (is_settings(path), is_settings(twin)) else { continue };
        let keys = left.keys().chain(right.keys());
        let other = keys.filter(|key| left.get(*key) != right.get(*key));
        differ.extend(other.map(|key| format!("{name}/{key}")));
    }
    if files.is_empty() {
        return Vec::new();
    }
    let names = "files that are named after both environments";
    let differing = json!(differ.into_iter().collect::<Vec<_>>());
    vec![
        Proposal::new(&["configuration", "files"], json!(files), names),
        Proposal::new(
            &["configuration", "allowed_differences"],
            differing,
            "the settings in which they differ now: take out what must be the same",
        ),
    ]
}

/// What a release would wait for that the policy, the keys or other phases have to bring.
pub(super) fn lacking(project: &Project, now: Stamp) -> Vec<String> {
    let assessment = assess(project, now);
    let is_early = |finding: &&Finding| {
        matches!(finding.piece, Piece::Policy | Piece::Prerequisite(_))
            && finding.state.is_some_and(|state| state != State::Review)
    };
    let made = |finding: &&Finding| match &finding.piece {
        Piece::Prerequisite(id) => {
            let step = project.phase.step_producing(id);
            step.is_some_and(|(step, own)| {
                let rehearsed = own.rehearses.as_deref().unwrap_or(step);
                !step_hooks(project, rehearsed).is_empty()
            })
        }
        _ => false,
    };
    let own = assessment.findings.iter().filter(is_early).filter(|own| !made(own));
    own.map(|finding| finding.message.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}
