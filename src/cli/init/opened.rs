//! The project that a release begins in: a new one, one that follows the phase, or one that is to follow
//! it too.

use super::join;
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::cli::session::Session;
use crate::definition::Phase;
use crate::model::Sha256Digest;
use crate::project::Project;
use crate::source::{
    Laid, Loaded, PROJECT_FILE, Root, Snapshot, Tree as _, embedded, embedded_phase,
    embedded_phases, load_phase_of, own_phase_at, read_policy,
};
use crate::write::{ChangeSet, Lock};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The project that a release begins in.
pub(super) enum Opened {
    /// There is none. There is nothing to read that another writer could change, and a refusal leaves
    /// nothing behind.
    New,
    /// It follows the phase.
    Here(Box<Session>),
    /// It is to follow the phase too.
    Joined(Box<Joined>),
}

/// A project that is to follow a phase more.
pub(super) struct Joined {
    /// As it will be.
    pub(super) project: Project,
    /// Its new `d3p.yaml`, and the digest of the one that is there.
    pub(super) policy: (String, Option<Sha256Digest>),
    pub(super) files: Snapshot,
    /// The lock of the phase, and that of what all phases share.
    pub(super) locks: Option<[Lock; 2]>,
}

pub(super) fn opened(root: &Root, dry_run: bool, global: &Global) -> Result<Opened, Failure> {
    if !root.exists(PROJECT_FILE) {
        return Ok(Opened::New);
    }
    let files = Snapshot::of(root.clone());
    let parts = match files.load(PROJECT_FILE) {
        Loaded::File(file) => read_policy(&file.text)?,
        Loaded::Faulty { .. } => Vec::new(),
    };
    let follows = |id: &str| parts.is_empty() || parts.iter().any(|part| part.phase == id);
    let joining = match global.phase() {
        Some(id) if !follows(id) => Some(chosen(Some(id), root)?),
        _ => None,
    };
    let Some(joining) = joining.filter(|phase| !follows(&phase.id)) else {
        let id = match global.phase() {
            Some(id) if !follows(id) => Some(chosen(Some(id), root)?.id.clone()),
            named => named.map(str::to_owned),
        };
        let session = Session::of_files(files, id.as_deref(), !dry_run)?;
        return Ok(Opened::Here(Box::new(session)));
    };
    let take = || -> Result<[Lock; 2], Failure> {
        let shared = Lock::acquire(root, Lock::WAIT)?;
        Ok([Lock::of_phase(root, &joining.id, Lock::WAIT)?, shared])
    };
    let locks = if dry_run { None } else { Some(take()?) };
    files.refresh();
    let Loaded::File(file) = files.load(PROJECT_FILE) else { return Ok(Opened::New) };
    let text = join::joined(&file.text, &read_policy(&file.text)?, &joining)?;
    let laid = BTreeMap::from([(PROJECT_FILE.to_owned(), Laid::Bytes(text.clone().into_bytes()))]);
    let project = load_phase_of(&files.with(laid), Some(&joining.id))?;
    let policy = (text, Some(file.digest));
    Ok(Opened::Joined(Box::new(Joined { project, policy, files, locks })))
}

impl Opened {
    pub(super) fn project(&self) -> Option<&Project> {
        match self {
            Self::New => None,
            Self::Here(session) => Some(&session.project),
            Self::Joined(joined) => Some(&joined.project),
        }
    }

    /// The project as it would be with `changes`.
    pub(super) fn with(
        &self,
        changes: &ChangeSet,
        root: &Root,
        phase: &Phase,
    ) -> Result<Project, Failure> {
        let load = |files: &Snapshot| -> Result<Project, Failure> {
            Ok(load_phase_of(&files.with(changes.laid_over(files)), Some(&phase.id))?)
        };
        match self {
            Self::New => load(&Snapshot::of(root.clone())),
            Self::Here(session) => session.with(changes),
            Self::Joined(joined) => load(&joined.files),
        }
    }

    pub(super) fn apply(&self, changes: ChangeSet) -> Result<(), Failure> {
        match self {
            Self::New => changes.apply().map(|_| ())?,
            Self::Here(session) => session.apply(changes)?,
            Self::Joined(joined) => {
                if let Some([_, shared]) = &joined.locks {
                    changes.apply_under(shared)?;
                }
            }
        }
        Ok(())
    }
}

/// The phase that a new project is to follow: an embedded one by its id, one of its own by the path
/// of its definition, or the one that a release begins with.
pub(super) fn chosen(wanted: Option<&str>, root: &Root) -> Result<Arc<Phase>, Failure> {
    match wanted {
        None => Ok(embedded_phase()?),
        Some(id) if embedded_phases().contains(&id) => Ok(embedded(id)?),
        Some(path) if root.exists(path) => Ok(Arc::new(own_phase_at(root, path)?)),
        Some(name) => Err(Failure::usage(format!("--phase {name}: there is no such phase"))
            .note(format!("phases: {}", embedded_phases().join(", ")))
            .note("or the path of a phase.yaml of your own, below the project")),
    }
}
