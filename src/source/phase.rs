//! Loads a phase: its definition and what lies beside it, embedded or in the project.

use super::project::{BrokenPolicy, Placed, place, schema_faults};
use crate::assets;
use crate::definition::controls::CONTROLS;
use crate::definition::folder::{
    CLAUSES, DEFINITION, Folder, example_file, schema_file, skeleton_file,
};
use crate::definition::{Phase, mistakes};
use crate::model::Reason;
use crate::project::catalogues;
use crate::schema;
use crate::source::{Loaded, Tree};
use crate::text::yaml;
use serde::Deserialize as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

/// The skeleton of `d3p.yaml`.
pub const POLICY_SKELETON: &str = "d3p.yaml";

/// The embedded phase that a release begins with: the one that follows no other.
///
/// # Errors
/// [`BrokenPolicy`] never happens for the released texts; a test holds them to that.
pub fn embedded_phase() -> Result<Arc<Phase>, BrokenPolicy> {
    let mut first = None;
    for id in assets::phases() {
        let phase = embedded(id)?;
        if phase.follows.is_none() {
            return Ok(phase);
        }
        first = first.or(Some(phase));
    }
    first.ok_or_else(|| BrokenPolicy::of_definition(DEFINITION, "", Vec::new()))
}

/// The ids of the embedded phases, sorted.
pub fn embedded_phases() -> Vec<&'static str> {
    assets::phases().collect()
}

/// The embedded phase `id`.
///
/// # Errors
/// [`BrokenPolicy`] where there is none of that name.
pub fn embedded(id: &str) -> Result<Arc<Phase>, BrokenPolicy> {
    let Some(known) = EMBEDDED.get(id) else { return released(id).map(Arc::new) };
    if let Some(phase) = known.get() {
        return Ok(Arc::clone(phase));
    }
    let phase = Arc::new(released(id)?);
    Ok(Arc::clone(known.get_or_init(|| phase)))
}

/// The embedded phases, each read when it is first needed, once in a process.
static EMBEDDED: LazyLock<BTreeMap<&str, OnceLock<Arc<Phase>>>> =
    LazyLock::new(|| assets::phases().map(|id| (id, OnceLock::new())).collect());

/// Reads the embedded phase `id`, whose definition was YAML before the program was built. A test holds
/// the shipped ones to what is demanded of a project's own.
fn released(id: &str) -> Result<Phase, BrokenPolicy> {
    let unusable =
        |why: String| BrokenPolicy::of_definition(DEFINITION, "", vec![(None, why, None)]);
    let text = assets::definition(id).ok_or_else(|| unusable(format!("there is no {id}")))?;
    let phase: Phase = serde_json::from_str(text).map_err(|error| unusable(error.to_string()))?;
    let folder = folder_of(id);
    Ok(Phase { digest: folder.digest(), folder, ..phase })
}

/// The embedded folder of a phase; an empty one where there is none.
fn folder_of(id: &str) -> Folder {
    let files = assets::files("templates").filter_map(|(path, text)| {
        let name = path.strip_prefix(id)?.strip_prefix('/')?;
        Some((name.to_owned(), text.to_owned()))
    });
    Folder::new(files.collect())
}

/// The project's own phase, defined at `path`. What its folder lacks is taken from the embedded
/// phase of the same id, where there is one.
///
/// # Errors
/// [`BrokenPolicy`] with every mistake of the definition, or of a schema beside it.
pub(super) fn own_phase(root: &dyn Tree, path: &str, text: &str) -> Result<Phase, BrokenPolicy> {
    let (value, tree) = read(path, text)?;
    let faults = schema::validate("phase", &value).unwrap_or_default();
    if !faults.is_empty() {
        return Err(BrokenPolicy::of_definition(path, text, schema_faults(faults, &tree)));
    }
    let beside = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let mut files = BTreeMap::from([(DEFINITION.to_owned(), text.to_owned())]);
    let mut paths = vec![path.to_owned()];
    for name in wanted(&value) {
        let at = join(beside, &name);
        match root.exists(&at).then(|| root.load(&at)) {
            Some(Loaded::File(file)) => {
                files.insert(name, file.text);
                paths.push(at);
            }
            Some(Loaded::Faulty { fault, .. }) => {
                return Err(BrokenPolicy::of_definition(&at, "", vec![place(fault)]));
            }
            None => {}
        }
    }
    let own = Folder::new(files);
    if let Some((name, why)) = own.unusable().into_iter().next() {
        let text = own.text(&name).unwrap_or_default();
        let pointer = why.pointer().unwrap_or_default();
        let span = yaml::locate(text, pointer, false);
        return Err(BrokenPolicy::of_definition(
            &join(beside, &name),
            text,
            vec![(span, why.to_string(), Some(why.help()))],
        ));
    }
    controls(&own, &join(beside, CONTROLS))?;
    let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
    let folder = own.over(&folder_of(id));
    let phase = parse((path, text), &value, &tree, folder)?;
    Ok(Phase { own: paths, ..phase })
}

/// The phase that the project defines at `path`.
///
/// # Errors
/// [`BrokenPolicy`] when it cannot be read or used.
pub fn own_phase_at(root: &dyn Tree, path: &str) -> Result<Phase, BrokenPolicy> {
    match root.load(path) {
        Loaded::File(own) => own_phase(root, path, &own.text),
        Loaded::Faulty { fault, .. } => {
            Err(BrokenPolicy::of_definition(path, "", vec![place(fault)]))
        }
    }
}

/// Refuses controls that are not of their schema, or that name clauses which the folder does not describe.
fn controls(own: &Folder, path: &str) -> Result<(), BrokenPolicy> {
    let Some(text) = own.text(CONTROLS) else { return Ok(()) };
    let refuse = |placed: Vec<Placed>| Err(BrokenPolicy::of_definition(path, text, placed));
    let (value, tree) = match yaml::read(text) {
        Ok(read) => read,
        Err(faults) => return refuse(faults.into_iter().map(place).collect()),
    };
    let faults = schema::validate("controls", &value).unwrap_or_default();
    if !faults.is_empty() {
        return refuse(schema_faults(faults, &tree));
    }
    let known = own.clauses().unwrap_or_default();
    for (at, catalogue) in catalogues(own).iter().enumerate() {
        for (index, control) in catalogue.controls.iter().enumerate() {
            let unknown = control.clauses.iter().position(|clause| !known.contains(clause));
            if let Some(number) = unknown {
                let pointer = format!("/{at}/controls/{index}/clauses/{number}");
                let message = format!(
                    "`{}` is no clause of {CLAUSES} beside this file",
                    control.clauses[number]
                );
                let span = yaml::locate(text, &pointer, false);
                return refuse(vec![(span, message, None)]);
            }
        }
    }
    Ok(())
}

fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}

/// The files that a definition may have beside it, by their names in the folder.
fn wanted(definition: &Value) -> Vec<String> {
    let members = |key: &str| definition.get(key).and_then(Value::as_object).into_iter().flatten();
    let pieces = || members("documents").chain(members("evidence"));
    let templates = pieces().filter_map(|(_, def)| def.get("template")?.as_str());
    let kinds = || members("evidence").map(|(kind, _)| kind);
    templates
        .chain([POLICY_SKELETON])
        .map(skeleton_file)
        .chain(kinds().map(|kind| schema_file(kind)))
        .chain(kinds().map(|kind| example_file(kind)))
        .chain([CLAUSES, CONTROLS].map(str::to_owned))
        .collect()
}

/// Reads the definition and the schemas of a project's own phase through `read`, for its digest.
///
/// # Errors
/// What `read` says, or that there is no definition.
pub(super) fn own_digest(
    path: &str,
    read: &mut dyn FnMut(&str) -> Result<Option<String>, Reason>,
) -> Result<crate::model::Sha256Digest, Reason> {
    let text = read(path)?.ok_or_else(|| format!("it has no {path}"))?;
    let beside = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let definition = yaml::parse(&text).unwrap_or(Value::Null);
    let kinds = definition.get("evidence").and_then(Value::as_object);
    let mut files = BTreeMap::from([(DEFINITION.to_owned(), text)]);
    for name in kinds.into_iter().flatten().map(|(kind, _)| schema_file(kind)) {
        if let Some(schema) = read(&join(beside, &name))? {
            files.insert(name, schema);
        }
    }
    let id = definition.get("id").and_then(Value::as_str).unwrap_or_default();
    Ok(Folder::new(files).over(&folder_of(id)).digest())
}

fn read(path: &str, text: &str) -> Result<(Value, crate::text::Tree), BrokenPolicy> {
    yaml::read(text).map_err(|faults| {
        BrokenPolicy::of_definition(path, text, faults.into_iter().map(place).collect())
    })
}

fn parse(
    (path, text): (&str, &str),
    value: &Value,
    tree: &crate::text::Tree,
    folder: Folder,
) -> Result<Phase, BrokenPolicy> {
    let unusable = |faults: Vec<Placed>| BrokenPolicy::of_definition(path, text, faults);
    let mut phase = Phase::deserialize(value)
        .map_err(|error| unusable(vec![(None, error.to_string(), None)]))?;
    phase.digest = folder.digest();
    phase.folder = folder;
    phase.custom = true;
    let found = mistakes(&phase, value);
    if !found.is_empty() {
        let placed = found
            .into_iter()
            .map(|mistake| {
                (Some(tree.locate(&mistake.pointer, mistake.on_key)), mistake.message, mistake.help)
            })
            .collect();
        return Err(unusable(placed));
    }
    Ok(phase)
}
