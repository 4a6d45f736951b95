//! The generated reference: commands, the keys of `d3p.yaml`, and kinds of evidence.

use super::pages::NOTE;
use d3p::testing::definition::{EvidenceDef, Obligation, Phase};
use d3p::testing::schema;
use serde_json::Value;
use std::fmt::Write as _;

/// How deep members of members are listed; schemas may refer to themselves.
const DEPTH: usize = 6;

/// `docs/commands.md`: what clap knows of each command.
pub(crate) fn commands() -> String {
    let mut out = format!("# Commands\n\n{NOTE}\n");
    out.push_str("*check lints · gate decides · verify audits · status informs.*\n\n");
    out.push_str(
        "`d3p COMMAND --help` prints the same, with examples.\n\n## For every command\n\n",
    );
    let mut root = d3p::testing::cli::command();
    root.build();
    arguments(root.get_arguments().filter(|arg| arg.is_global_set()), &mut out);
    if let Some(after) = root.get_after_help() {
        let _ = writeln!(out, "\n```text\n{after}\n```");
    }
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        command_page(command, "d3p", &mut out);
    }
    out
}

fn command_page(command: &clap::Command, parent: &str, out: &mut String) {
    let name = format!("{parent} {}", command.get_name());
    let _ = writeln!(out, "\n## {name}\n");
    if let Some(about) = command.get_long_about().or(command.get_about()) {
        let _ = writeln!(out, "{about}.\n");
    }
    arguments(command.get_arguments().filter(|arg| !arg.is_global_set()), out);
    for sub in command.get_subcommands() {
        command_page(sub, &name, out);
    }
}

fn arguments<'a>(arguments: impl Iterator<Item = &'a clap::Arg>, out: &mut String) {
    let shown: Vec<_> =
        arguments.filter(|arg| !arg.is_hide_set() && arg.get_id() != "help").collect();
    if shown.is_empty() {
        return;
    }
    out.push_str("| Argument | Meaning |\n|---|---|\n");
    for arg in shown {
        let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string);
        let choices: Vec<_> =
            arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let flag = matches!(arg.get_action(), clap::ArgAction::SetTrue);
        let choices = match choices.is_empty() || flag {
            true => String::new(),
            false => format!(" ({})", choices.join(", ")),
        };
        let help = cell(&help.unwrap_or_default());
        let _ = writeln!(out, "| `{}` | {help}{choices} |", code(&arg.to_string()));
    }
}

/// `docs/policy.md`: each key of `d3p.yaml`, from its schema and the phase's defaults.
pub(crate) fn policy() -> String {
    let phases = super::pages::phases();
    let mut out = format!("# d3p.yaml\n\n{NOTE}\n");
    out.push_str("The policy of a project, merged over the defaults of its phase.\n");
    out.push_str("`[]` stands for each item of a list, and `*` for a name of your own.\n");
    out.push_str("*Stricter* says in which direction a change tightens a key once a gate froze the policy; any change of a key without it is a loosening.\n");
    out.push_str("*Recommended* is what a key should at least be; whatever is looser stands on top of every report (GL007), and is an error with `strict: true`. `phase` stands for the value of the phase itself: its default, or the age that it gives a piece.\n");
    out.push_str("A project that follows two phases writes what belongs to one of them alone below its id, in `phases`; the keys that say *shared* stand at the top then.\n");
    out.push_str("A complete example stands in [Hooks](hooks.md).\n");
    let root = parsed("d3p");
    for (name, member) in members(&root) {
        let _ = writeln!(out, "\n## {name}\n\n{}\n", text(&root, member, "description"));
        if let Some(whose) = whose(name, member, &phases) {
            let _ = writeln!(out, "{whose}\n");
        }
        for said in defaults(name, &phases) {
            let _ = writeln!(out, "{said}\n");
        }
        let columns: [Column; 3] =
            [("Values", values), ("Stricter", stricter), ("Recommended", recommended)];
        for (title, column) in columns {
            let said = column(&root, member);
            if !said.is_empty() {
                let _ = writeln!(out, "{title}: {said}.\n");
            }
        }
        // What stands below a phase are these keys again.
        if name != "phases" {
            keys(&root, name, member, &mut out, &columns);
        }
    }
    out
}

/// Which phases have a key of the policy, and whether it is one that they share.
fn whose(name: &str, member: &Value, phases: &[Phase]) -> Option<String> {
    let of: Vec<String> = phases
        .iter()
        .filter(|phase| phase.defaults.get(name).is_some())
        .map(|phase| format!("`{}`", phase.id))
        .collect();
    let some = (!of.is_empty() && of.len() < phases.len()).then(|| of.join(", "));
    let shared = member.get("x-d3p-shared").is_some();
    match (some, shared) {
        (Some(some), true) => Some(format!("Shared; of {some} only.")),
        (Some(some), false) => Some(format!("Of {some} only.")),
        (None, true) => Some("Shared.".to_owned()),
        (None, false) => None,
    }
}

/// What a key is where a project does not write it: once where all phases agree.
fn defaults(name: &str, phases: &[Phase]) -> Vec<String> {
    let own = phases.iter().filter_map(|phase| Some((phase, phase.defaults.get(name)?)));
    let own: Vec<(&Phase, &Value)> = own.filter(|(_, value)| !is_empty(value)).collect();
    match own.as_slice() {
        [(_, first), rest @ ..] if rest.iter().all(|(_, value)| value == first) => {
            vec![format!("Default: `{first}`.")]
        }
        all => {
            let each =
                all.iter().map(|(phase, value)| format!("Default in `{}`: `{value}`.", phase.id));
            each.collect()
        }
    }
}

/// `docs/evidence.md`: each kind of evidence, from its phase and its schema.
pub(crate) fn evidence() -> String {
    let mut out = format!("# Evidence\n\n{NOTE}\n");
    out.push_str("The kinds of evidence of the shipped phases.\n");
    out.push_str("Each has a schema, which `d3p schema KIND` prints, and `d3p explain KIND` says what must hold.\n");
    for phase in super::pages::phases() {
        let _ = writeln!(out, "\nThose of `{}`, in its order:", phase.id);
        for (kind, def) in &phase.evidence {
            let again = if phase.follows.is_some() && schema::text(kind).is_some() {
                format!(" of {}", phase.title)
            } else {
                String::new()
            };
            let _ = writeln!(out, "\n## {kind}{again}\n\n{}.\n", def.title);
            facts(kind, def, &phase, &mut out);
            // The keys of one that two phases share stand at the first.
            if let Some(text) = phase.folder.schema(kind).filter(|_| again.is_empty()) {
                out.push('\n');
                let root: Value = serde_json::from_str(text).expect("the schema is JSON");
                keys(&root, "", &root, &mut out, &[("Values", values)]);
            }
        }
    }
    out
}

fn facts(kind: &str, def: &EvidenceDef, phase: &Phase, out: &mut String) {
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(out, "- {name}: {value}");
    };
    fact("lies at", format!("`{}`", def.path));
    if let Some((gate, _)) = phase.gate_of_evidence(kind) {
        fact("asked for by gate", format!("`{gate}`"));
    }
    fact("environment", def.environment.clone());
    if def.obligation != Obligation::Required {
        fact("obligation", format!("{:?}", def.obligation).to_lowercase());
    }
    if let Some(age) = def.max_age {
        fact("counts for", age.to_string());
    }
    if let Some((step, _)) = phase.step_producing(kind) {
        fact("made by", format!("`d3p run {step}`"));
    }
    if !def.after.is_empty() {
        let after: Vec<_> = def.after.iter().map(|kind| format!("`{kind}`")).collect();
        fact("cites", after.join(", "));
    }
    fact("clauses", def.clauses.join(", "));
}

type Column = (&'static str, fn(&Value, &Value) -> String);

/// A table of the members of `node`, and of their members.
fn keys(root: &Value, name: &str, node: &Value, out: &mut String, columns: &[Column]) {
    let mut rows = Vec::new();
    collect(root, name, node, 0, &mut rows);
    if rows.is_empty() {
        return;
    }
    let titles: Vec<_> = columns.iter().map(|(title, _)| *title).collect();
    let _ = writeln!(out, "| Key | Meaning | {} |", titles.join(" | "));
    let _ = writeln!(out, "|---|---|{}", "---|".repeat(columns.len()));
    for (path, node) in rows {
        let mut cells = vec![format!("`{path}`"), text(root, node, "description")];
        cells.extend(columns.iter().map(|(_, column)| column(root, node)));
        let cells: Vec<_> = cells.iter().map(|text| cell(text)).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

fn collect<'a>(
    root: &'a Value,
    path: &str,
    node: &'a Value,
    depth: usize,
    rows: &mut Vec<(String, &'a Value)>,
) {
    if depth > DEPTH {
        return;
    }
    let mut add = |path: String, member: &'a Value| {
        rows.push((path.clone(), member));
        collect(root, &path, member, depth + 1, rows);
    };
    let node = resolve(root, node);
    for (key, member) in members(node) {
        add(if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }, member);
    }
    if let Some(any) = node.get("additionalProperties").filter(|any| any.is_object()) {
        let inner = resolve(root, any);
        if inner.get("properties").is_some() {
            collect(root, &format!("{path}.*"), inner, depth + 1, rows);
        }
    }
    if let Some(items) = node.get("items") {
        let items = resolve(root, items);
        if items.get("properties").is_some() {
            collect(root, &format!("{path}[]"), items, depth + 1, rows);
        }
    }
}

fn parsed(name: &str) -> Value {
    let text = schema::text(name).expect("the schema is embedded");
    serde_json::from_str(text).expect("the schema is JSON")
}

fn members(node: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = node.get("properties").and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, member)| (key.as_str(), member))
}

/// The definition in this schema that `node` refers to, or itself.
fn resolve<'a>(root: &'a Value, node: &'a Value) -> &'a Value {
    let local = node.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
    local.and_then(|pointer| root.pointer(pointer)).unwrap_or(node)
}

/// A definition of another schema that `node` refers to.
fn elsewhere(node: &Value) -> Option<Value> {
    let (file, pointer) = node.get("$ref")?.as_str()?.split_once('#')?;
    parsed(file.strip_suffix(".v1.schema.json")?).pointer(pointer).cloned()
}

fn text(root: &Value, node: &Value, key: &str) -> String {
    let own = node.get(key).or_else(|| resolve(root, node).get(key)).cloned();
    let own = own.or_else(|| elsewhere(node)?.get(key).cloned());
    own.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What may stand there, in the schema's own words where it has some.
fn values(root: &Value, node: &Value) -> String {
    let expected = text(root, node, "x-d3p-expected");
    if !expected.is_empty() {
        return expected;
    }
    let node = elsewhere(node).unwrap_or_else(|| resolve(root, node).clone());
    if let Some(words) = node.get("enum").and_then(Value::as_array) {
        let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        return words.join(", ");
    }
    if let Some(only) = node.get("const") {
        return format!("`{only}`");
    }
    match (node.get("format").and_then(Value::as_str), node.get("type").and_then(Value::as_str)) {
        (Some("d3p-span"), _) => "a duration such as `24h`, `30m` or `14d`".to_owned(),
        (Some("d3p-percent"), _) => "a percentage such as `\"1%\"`".to_owned(),
        (_, Some("object") | None) => String::new(),
        (_, Some("array")) => match node.get("items").map(|items| values(root, items)) {
            Some(items) if !items.is_empty() => format!("list: {items}"),
            _ => "list".to_owned(),
        },
        (_, Some(kind)) => kind.to_owned(),
    }
}

fn stricter(root: &Value, node: &Value) -> String {
    text(root, node, "x-d3p-stricter")
}

fn recommended(root: &Value, node: &Value) -> String {
    let own = node.get("x-d3p-recommended");
    match own.or_else(|| resolve(root, node).get("x-d3p-recommended")) {
        Some(Value::Number(fewest)) => format!("at least {fewest} entry"),
        Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        None => String::new(),
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}

/// Text as it may stand in a cell.
fn cell(text: &str) -> String {
    code(text).replace('<', "&lt;")
}

/// Text as it may stand in a cell between backquotes, where no entity is read.
fn code(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
