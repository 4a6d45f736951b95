//! Loads a whole project: each file once, digest and content.

use crate::definition::{Effective, Phase, PrerequisiteDef, changes};
use crate::model::{Reason, Sha256Digest};
use crate::project::{FileEntry, Once, Project, ReadAs, Release};
use crate::record::{EntryKind, Ledger};
use crate::schema;
use crate::sign::{AllowedSigners, SIGNERS_PATH, Verifier};
use crate::source::archives::{
    baseline_archive, earlier_attempts, failed_launches, last_launch, same_commit,
};
use crate::source::policy::{Chosen, LoadError, choose};
use crate::source::raw::{cited_digests, faulty, object_digests, raw_files, unsealed};
use crate::source::{Loaded, Tree};
use crate::text::{Fault, canonical, json};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

/// A policy or definition that cannot be used: nothing can be judged.
#[derive(Debug)]
pub struct BrokenPolicy {
    /// Its path; `phase.yaml` for the embedded definition.
    pub path: String,
    /// Its text, for the snippet.
    pub text: String,
    /// Whether it is the phase definition rather than `d3p.yaml`.
    pub definition: bool,
    /// What is wrong, each with its place.
    pub faults: Vec<Placed>,
}

/// Loads the project at `root`, in the phase that has an open release.
///
/// # Errors
/// As [`load_phase_of`] says.
pub fn load_project(root: &dyn Tree) -> Result<Project, LoadError> {
    load_phase_of(root, None)
}

/// Loads the project at `root`, in the phase of that id, or the one that has an open release.
///
/// # Errors
/// [`LoadError`] when `d3p.yaml` or a phase definition cannot be used, or it is not known which phase
/// is meant. Everything else that is wrong with files is in the project.
pub fn load_phase_of(root: &dyn Tree, phase: Option<&str>) -> Result<Project, LoadError> {
    let Chosen { file: policy_file, part, phase, others, named } = choose(root, phase)?;
    let (signers_file, signers) = load_signers(root);
    let digest = signers.as_ref().map(|signers| signers.digest);
    let (roots_file, roots) = load_roots(root, &part.value).unzip();
    let current = effective(&part.value, &phase, digest, roots.as_ref())
        .map_err(|why| broken(&policy_file, why.into_text()))?;
    let mut loader = Loader { root, phase: &phase, files: BTreeMap::new() };
    let ledger = loader.ledger();
    let frozen = loader.frozen_policy(&ledger);
    let governing = frozen.as_ref().unwrap_or(&current);
    let prerequisite_paths = loader.prerequisites(governing);
    loader.phase_files();
    let mut files = loader.files;
    files.insert(policy_file.path.clone(), policy_file);
    files.insert(signers_file.path.clone(), signers_file);
    files.extend(roots_file.map(|file| (file.path.clone(), file)));
    let listed = root.list(phase.places.directory());
    let raw = raw_files(root, (&phase.places, governing), &files, &ledger, &listed.files);
    let handed_over = phase.prerequisites.iter().filter(|(_, def)| def.from.is_some());
    let handed_over = handed_over.filter_map(|(id, _)| prerequisite_paths.get(id)).collect();
    let cited = cited_digests(root, &files, &raw, &handed_over);
    let objects = object_digests(root, &phase.places, &listed.files);
    for (path, fault) in listed.faults {
        files.entry(path.clone()).or_insert_with(|| faulty(path, fault, None));
    }
    let policy_changes =
        frozen.as_ref().map_or_else(Vec::new, |frozen| policy_changes(frozen, &current));
    let mut project = Project {
        phase,
        part,
        others,
        named,
        current,
        frozen,
        policy_changes,
        files,
        prerequisite_paths,
        cited,
        raw,
        objects,
        unsealed: Vec::new(),
        listing: listed.files.into_iter().collect(),
        ledger,
        signers,
        signatures: Verifier::default(),
        kept: BTreeMap::new(),
        attested: OnceLock::new(),
        earlier: Vec::new(),
        same_commit: Vec::new(),
        baseline: None,
        asked_authors: None,
        asked_fixes: None,
        asked_change: None,
        failed_launches: Vec::new(),
        last_launch: None,
        once: Once::default(),
    };
    before(root, &mut project);
    Ok(project)
}

/// What went before this release, and what closed it.
fn before(root: &dyn Tree, project: &mut Project) {
    project.unsealed = unsealed(root, project);
    project.earlier = earlier_attempts(root, project);
    project.baseline = baseline_archive(root, project);
    project.last_launch = last_launch(root, project);
    project.failed_launches = failed_launches(root, project);
    project.same_commit = same_commit(root, project);
}

/// Who may sign. The file is one of text: a fault of it is a finding, and nobody may sign then.
fn load_signers(root: &dyn Tree) -> (FileEntry, Option<AllowedSigners>) {
    match root.load(SIGNERS_PATH) {
        Loaded::File(file) => {
            let signers = AllowedSigners::parse(&file.text);
            let path = SIGNERS_PATH.to_owned();
            (FileEntry::read(path, file.text, file.digest, ReadAs::Raw), Some(signers))
        }
        Loaded::Faulty { fault, digest } => (faulty(SIGNERS_PATH.to_owned(), fault, digest), None),
    }
}

/// Who may vouch for the authority of time, where the policy names one: the file, and what becomes
/// part of the policy. A file that cannot be read vouches for nobody, which a rule says.
fn load_roots(root: &dyn Tree, policy: &Value) -> Option<(FileEntry, Value)> {
    let path = policy.pointer("/timestamp/roots")?.as_str()?;
    let entry = match root.load(path) {
        Loaded::File(file) => FileEntry::read(file.path, file.text, file.digest, ReadAs::Raw),
        Loaded::Faulty { fault, digest } => faulty(path.to_owned(), fault, digest),
    };
    let value = roots_value(path, entry.digest.map(|_| entry.text.as_str()));
    Some((entry, value))
}

/// What of the roots becomes part of the policy: their text, so that it can be judged without the file.
pub(super) fn roots_value(path: &str, text: Option<&str>) -> Value {
    let digest = text.map(|text| Sha256Digest::of(text.as_bytes()).to_string());
    json!({ "path": path, "pem": text, "sha256": digest })
}

/// A mistake with its place and what would be right.
pub type Placed = (Option<Range<usize>>, String, Option<String>);

impl BrokenPolicy {
    /// A phase definition, or a file beside one, that cannot be used.
    pub(super) fn of_definition(path: &str, text: &str, faults: Vec<Placed>) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), definition: true, faults }
    }
}

pub(super) fn place(fault: Fault) -> Placed {
    (fault.span, fault.message, fault.help)
}

pub(super) fn schema_faults(
    faults: Vec<schema::SchemaFault>,
    tree: &crate::text::Tree,
) -> Vec<Placed> {
    faults
        .into_iter()
        .map(|fault| (Some(tree.locate(&fault.pointer, fault.on_key)), fault.message, fault.help))
        .collect()
}

pub(super) fn broken(file: &FileEntry, why: String) -> BrokenPolicy {
    BrokenPolicy {
        path: file.path.clone(),
        text: file.text.clone(),
        definition: false,
        faults: vec![(None, why, None)],
    }
}

pub(super) fn effective(
    policy: &Value,
    phase: &Phase,
    signers: Option<Sha256Digest>,
    roots: Option<&Value>,
) -> Result<Effective, Reason> {
    let schemas: Vec<(&str, Sha256Digest)> = phase
        .evidence
        .keys()
        .filter_map(|kind| {
            let text = phase.folder.schema(kind)?;
            Some((kind.as_str(), Sha256Digest::of(text.as_bytes())))
        })
        .collect();
    let mut made =
        Effective::new(policy, phase, &schemas, signers, roots, canonical::to_canonical)?;
    made.rehearse(phase);
    Ok(made)
}

/// What differs between the frozen policy and the one that stands in `d3p.yaml` now.
pub(super) fn policy_changes(
    frozen: &Effective,
    current: &Effective,
) -> Vec<crate::definition::Change> {
    if frozen.digest == current.digest {
        return Vec::new();
    }
    let mut found = changes(&frozen.values, &current.values, schema::policy());
    if frozen.basis != current.basis {
        found.extend(changes(&frozen.basis, &current.basis, &Value::Null).into_iter().map(
            |change| crate::definition::Change {
                pointer: format!("/definition{}", change.pointer),
                ..change
            },
        ));
    }
    found
}

struct Loader<'a> {
    root: &'a dyn Tree,
    phase: &'a Phase,
    files: BTreeMap<String, FileEntry>,
}

impl Loader<'_> {
    /// Loads a file once, and reads it as what `format` says.
    fn load(&mut self, path: &str, format: ReadAs) -> &FileEntry {
        let root = self.root;
        self.files.entry(path.to_owned()).or_insert_with(|| match root.load(path) {
            Loaded::Faulty { fault, digest } => faulty(path.to_owned(), fault, digest),
            Loaded::File(file) => FileEntry::read(file.path, file.text, file.digest, format),
        })
    }

    /// The policy that the first gate froze, when it is in canonical form. What lies there before that
    /// gate governs nothing.
    fn frozen_policy(&mut self, ledger: &Ledger) -> Option<Effective> {
        let file = self.load(self.phase.places.policy(), ReadAs::Json);
        let value = file.value()?;
        if canonical::to_canonical(value) != file.text {
            return None;
        }
        let mut frozen = Effective::from_frozen(value, &file.text).ok()?;
        frozen.rehearse(self.phase);
        let (first, _) = self.phase.first_gate()?;
        ledger.last_pass(first).map(|_| frozen)
    }

    /// Loads each prerequisite from the first of its paths that exists; tells which path counts.
    fn prerequisites(&mut self, policy: &Effective) -> BTreeMap<String, String> {
        let mut paths = BTreeMap::new();
        let identity = self.phase.identity().map(|(_, def)| def);
        let identity = identity.map(|def| self.load(&def.path, ReadAs::from(def.format)));
        let release = identity.and_then(|file| Release::read(file.value()?));
        for (id, def) in &self.phase.prerequisites {
            let own = policy.policy.prerequisites.get(id).and_then(|own| own.path.clone());
            let version = release.as_ref().map(|release| release.version.as_str());
            let path = own.unwrap_or_else(|| where_it_lies(self.root, def, version));
            let markdown = path.ends_with(".md");
            self.load(&path, if markdown { ReadAs::FrontMatter } else { ReadAs::Json });
            if let Some(ledger) = def.ledger_beside(&path) {
                self.load(&ledger, ReadAs::Raw);
            }
            paths.insert(id.clone(), path);
        }
        paths
    }

    fn phase_files(&mut self) {
        for def in self.phase.documents.values() {
            self.load(&def.path, ReadAs::Document);
        }
        for def in self.phase.evidence.values() {
            self.load(&def.path, ReadAs::from(def.format));
        }
        for (id, gate) in &self.phase.gates {
            self.load(&self.phase.places.gate(gate.number, id), ReadAs::Json);
        }
        self.load(self.phase.places.waivers(), ReadAs::Json);
    }

    fn ledger(&mut self) -> Ledger {
        let file = self.load(self.phase.places.ledger(), ReadAs::Raw);
        let ledger = Ledger::parse(&file.text, strict_line);
        if ledger.lines.iter().any(|line| line.entry.kind == EntryKind::Archived) {
            self.load(self.phase.places.contents(), ReadAs::Json);
        }
        ledger
    }
}

/// Where a prerequisite lies: in the last archive of this version by the phase that wrote it, else at
/// the first of its paths that exists.
pub fn where_it_lies(root: &dyn Tree, def: &PrerequisiteDef, version: Option<&str>) -> String {
    let archived = def.from.as_ref().zip(version).and_then(|(from, version)| {
        let prefix = format!("{version}+");
        let number = |name: &String| -> Option<(u64, u64)> {
            let rest = name.strip_prefix(&prefix)?;
            let (attempt, copy) = rest.split_once('.').unwrap_or((rest, "1"));
            Some((attempt.parse().ok()?, copy.parse().ok()?))
        };
        let names = root.directories(&from.archives).into_iter();
        let mut found: Vec<((u64, u64), String)> =
            names.filter_map(|name| Some((number(&name)?, name))).collect();
        found.sort_unstable();
        let paths = found.into_iter().rev();
        paths
            .map(|(_, name)| format!("{}/{name}/{}", from.archives, def.path))
            .find(|path| root.exists(path))
    });
    archived.unwrap_or_else(|| {
        let known = std::iter::once(&def.path).chain(&def.aliases);
        known.into_iter().find(|path| root.exists(path)).unwrap_or(&def.path).clone()
    })
}

/// One line of a ledger, read strictly.
pub(super) fn strict_line(line: &str) -> Result<Value, Reason> {
    json::parse(line).map_err(|faults| {
        faults.into_iter().next().map_or_else(String::new, |fault| fault.message).into()
    })
}
