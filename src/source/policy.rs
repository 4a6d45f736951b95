//! Reads `d3p.yaml` and the definitions of its phases, and chooses the phase that a command is about.

use super::project::{BrokenPolicy, Placed, broken, place, schema_faults};
use crate::definition::{Phase, PolicyPart, colliding, misplaced, parts};
use crate::project::{Content, FileEntry};
use crate::schema;
use crate::source::phase::{embedded, embedded_phases, own_phase};
use crate::source::{Loaded, PROJECT_FILE, Tree};
use crate::text::{FaultKind, yaml};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// Why a project cannot be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// The policy or a definition cannot be used.
    Broken(BrokenPolicy),
    /// It is not known which of its phases is meant.
    Choice(ChoiceError),
}

/// A phase has to be named, or is none of the project's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChoiceError {
    /// Releases of these are open.
    Several(Vec<String>),
    /// What was asked for, and what there is.
    Unknown(String, Vec<String>),
}

impl fmt::Display for ChoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Several(open) => {
                write!(f, "{} phases have an open release: which one is meant?", open.len())
            }
            Self::Unknown(wanted, _) => write!(f, "{PROJECT_FILE} follows no phase {wanted}"),
        }
    }
}

impl ChoiceError {
    /// The phases that can be named.
    pub fn phases(&self) -> &[String] {
        match self {
            Self::Several(phases) | Self::Unknown(_, phases) => phases,
        }
    }
}

impl From<BrokenPolicy> for LoadError {
    fn from(broken: BrokenPolicy) -> Self {
        Self::Broken(broken)
    }
}

impl From<ChoiceError> for LoadError {
    fn from(error: ChoiceError) -> Self {
        Self::Choice(error)
    }
}

/// A `d3p.yaml` that can be used.
#[derive(Debug)]
pub(super) struct PolicyFile {
    pub(super) entry: FileEntry,
    pub(super) parts: Vec<PolicyPart>,
}

/// The phase that a command is about.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) file: FileEntry,
    pub(super) part: PolicyPart,
    pub(super) phase: Arc<Phase>,
    /// The project's other phases.
    pub(super) others: Vec<Arc<Phase>>,
    /// Whether another is meant where no phase is named.
    pub(super) named: bool,
}

/// Chooses the phase `wanted`; where none is named, the one that has an open release, and where none
/// has, the first.
///
/// # Errors
/// When a file cannot be used, there is no such phase, or several have an open release.
pub(super) fn choose(root: &dyn Tree, wanted: Option<&str>) -> Result<Chosen, LoadError> {
    let PolicyFile { entry, parts } = load_policy(root)?;
    let ids = || parts.iter().map(|part| part.phase.clone()).collect();
    if let Some(wanted) = wanted
        && !parts.iter().any(|part| part.phase == wanted)
    {
        return Err(ChoiceError::Unknown(wanted.to_owned(), ids()).into());
    }
    let mut loaded = Vec::new();
    let mut absent = None;
    for mut part in parts {
        match definition(root, &entry, &part) {
            Ok(phase) => {
                part.keep_declared(&phase, schema::policy());
                loaded.push((part, phase));
            }
            // An archive holds what one phase needs, and another d3p may know other versions.
            Err(Undefined::Absent(why)) if wanted != Some(&part.phase) => absent = Some(why),
            Err(Undefined::Absent(why) | Undefined::Broken(why)) => return Err(why.into()),
        }
    }
    for (part, phase) in &loaded {
        undeclared(&entry, part, phase)?;
    }
    let phases: Vec<&Phase> = loaded.iter().map(|(_, phase)| &**phase).collect();
    if let Some((second, why)) = colliding(&phases) {
        let part = loaded.iter().find(|(part, _)| part.phase == second);
        let pointer = part.map_or(String::new(), |(part, _)| part.pointer("/phase"));
        return Err(at(&entry, &pointer, why).into());
    }
    let open = |phase: &Phase| phase.identity().is_some_and(|(_, def)| root.exists(&def.path));
    let open: Vec<String> =
        phases.iter().filter(|phase| open(phase)).map(|phase| phase.id.clone()).collect();
    let unsaid = match open.as_slice() {
        [] => phases.first().map(|phase| phase.id.clone()),
        [one] => Some(one.clone()),
        _ => None,
    };
    let Some(id) = wanted.map(str::to_owned).or(unsaid.clone()) else {
        return Err(match absent {
            Some(why) if loaded.is_empty() => why.into(),
            _ => ChoiceError::Several(open).into(),
        });
    };
    let named = unsaid.as_ref() != Some(&id);
    let index = loaded.iter().position(|(part, _)| part.phase == id).unwrap_or_default();
    let (part, phase) = loaded.remove(index);
    let others = loaded.into_iter().map(|(_, phase)| phase).collect();
    Ok(Chosen { file: entry, part, phase, others, named })
}

/// The phase that a command is about: only `d3p.yaml` and the definitions are read.
///
/// # Errors
/// As [`crate::source::load_phase_of`] says.
pub fn phase_of(root: &dyn Tree, phase: Option<&str>) -> Result<Arc<Phase>, LoadError> {
    choose(root, phase).map(|chosen| chosen.phase)
}

/// The phases of the project at `root` that have a definition that can be used.
pub(super) fn phases_in(root: &dyn Tree) -> Vec<Arc<Phase>> {
    let Ok(PolicyFile { entry, parts }) = load_policy(root) else { return Vec::new() };
    parts.iter().filter_map(|part| definition(root, &entry, part).ok()).collect()
}

/// The id of the phase that a command is about, with as little as that takes.
///
/// # Errors
/// As [`crate::source::load_phase_of`] says.
pub fn phase_id(root: &dyn Tree, phase: Option<&str>) -> Result<String, LoadError> {
    let parts = load_policy(root)?.parts;
    match (parts.as_slice(), phase) {
        ([only], None) => Ok(only.phase.clone()),
        (all, Some(id)) if all.iter().any(|part| part.phase == id) => Ok(id.to_owned()),
        _ => choose(root, phase).map(|chosen| chosen.phase.id.clone()),
    }
}

/// Reads and checks `d3p.yaml`.
pub(super) fn load_policy(root: &dyn Tree) -> Result<PolicyFile, BrokenPolicy> {
    match root.load(PROJECT_FILE) {
        Loaded::File(file) => {
            let parts = read_policy(&file.text)?;
            let entry = FileEntry::new(file.path, Some(file.digest), file.text, Content::None);
            Ok(PolicyFile { entry, parts })
        }
        Loaded::Faulty { fault, .. } => Err(unusable("", vec![place(fault)])),
    }
}

/// The parts of the policy that `text` says.
///
/// # Errors
/// What is wrong with it, each with its place.
pub fn read_policy(text: &str) -> Result<Vec<PolicyPart>, BrokenPolicy> {
    let (value, tree) = yaml::read(text)
        .map_err(|faults| unusable(text, faults.into_iter().map(place).collect()))?;
    let faults = schema::validate("d3p", &value).unwrap_or_default();
    if !faults.is_empty() {
        return Err(unusable(text, schema_faults(faults, &tree)));
    }
    let misplaced = misplaced(&value);
    if !misplaced.is_empty() {
        let placed = |mistake: crate::definition::Mistake| {
            (Some(tree.locate(&mistake.pointer, mistake.on_key)), mistake.message, mistake.help)
        };
        return Err(unusable(text, misplaced.into_iter().map(placed).collect()));
    }
    Ok(parts(&value))
}

fn unusable(text: &str, faults: Vec<Placed>) -> BrokenPolicy {
    BrokenPolicy { path: PROJECT_FILE.to_owned(), text: text.to_owned(), definition: false, faults }
}

fn at(file: &FileEntry, pointer: &str, why: String) -> BrokenPolicy {
    let mut broken = broken(file, why);
    broken.faults[0].0 = yaml::locate(&file.text, pointer, false);
    broken
}

/// Why a phase has no definition.
enum Undefined {
    /// It is not here.
    Absent(BrokenPolicy),
    /// It is, and cannot be used.
    Broken(BrokenPolicy),
}

impl From<BrokenPolicy> for Undefined {
    fn from(broken: BrokenPolicy) -> Self {
        Self::Broken(broken)
    }
}

/// The embedded phase, or the project's own.
fn definition(
    root: &dyn Tree,
    file: &FileEntry,
    part: &PolicyPart,
) -> Result<Arc<Phase>, Undefined> {
    let named = part.phase.as_str();
    let version = part.value.get("phase_version").and_then(Value::as_u64).unwrap_or_default();
    let at = |key: &str, why: String| at(file, &part.pointer(key), why);
    let phase = match part.value.get("definition").and_then(Value::as_str) {
        None if !embedded_phases().contains(&named) => {
            let known = embedded_phases().join(", ");
            let why = format!("phase {named} is not known; this d3p has {known}");
            return Err(Undefined::Absent(at("/phase", why)));
        }
        None => embedded(named)?,
        Some(path) => match root.load(path) {
            Loaded::File(own) => Arc::new(own_phase(root, path, &own.text)?),
            Loaded::Faulty { fault, .. } => {
                let why = at("/definition", fault.message);
                return Err(match fault.kind {
                    FaultKind::Absent => Undefined::Absent(why),
                    _ => Undefined::Broken(why),
                });
            }
        },
    };
    if named != phase.id || version != u64::from(phase.version) {
        let why = format!(
            "phase {named} version {version} is not known; this d3p has {} version {}",
            phase.id, phase.version
        );
        return Err(Undefined::Absent(at("/phase", why)));
    }
    Ok(phase)
}

/// What a phase has no default for is not part of its policy: a key that nothing uses would be
/// believed to do something.
fn undeclared(file: &FileEntry, part: &PolicyPart, phase: &Phase) -> Result<(), BrokenPolicy> {
    let is_optional = |key: &str| {
        let known = schema::document("phase");
        let optional = known.and_then(|own| own.pointer("/properties/defaults/properties"));
        optional.is_some_and(|keys| keys.get(key).is_some())
    };
    let strange: Vec<Placed> = part
        .value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key)
        .filter(|key| phase.defaults.get(key.as_str()).is_none() && is_optional(key))
        .map(|key| {
            let keys = phase.defaults.as_object().into_iter().flatten();
            let keys: Vec<&str> = keys.map(|(key, _)| key.as_str()).collect();
            let message = format!("phase {} has nothing that `{key}` decides", phase.id);
            let way = match part.shares(key) {
                true => "move it below the phase that has it",
                false => "remove it",
            };
            let help = format!("{way}; of its own the phase has {}", keys.join(", "));
            let pointer = part.pointer(&format!("/{key}"));
            (yaml::locate(&file.text, &pointer, true), message, Some(help))
        })
        .collect();
    if strange.is_empty() { Ok(()) } else { Err(unusable(&file.text, strange)) }
}
