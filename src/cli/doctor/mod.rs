//! `d3p doctor`: what of a release is not as it was recorded, and where it can be had back.
//!
//! It reads everything and judges nothing. `--restore` brings back only bytes whose digest something
//! names, and lines of the ledger that some copy holds; what lay in their place is kept. It never
//! removes a file, and never begins a ledger.

mod aside;
mod copies;
mod forgotten;
mod ledger;
mod logs;
mod machine;
mod said;
mod show;
mod survey;

use crate::cli::args::DoctorArgs;
use crate::cli::common::{Global, open_root, own_git};
use crate::cli::{Failure, lock};
use crate::collect::git::Git;
use crate::env::{Env, Exit};
use crate::model::Sha256Digest;
use crate::project::{Harm, Project};
use crate::record::Published;
use crate::source::{LoadError, PROJECT_FILE, RAW_LIMIT, Root, find_project, phase_id};
use crate::text::{Fault, FaultKind};
use crate::write::{ChangeSet, Lock};
use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::Duration;

pub(super) use forgotten::{archives_lie_here, nothing_is_lost};

/// Where what was replaced is kept.
const KEPT: &str = ".d3p/replaced";

/// Records lead to what they name: one that came back tells of more, so it is looked once more after
/// each time that something did, and at most this often.
const ROUNDS: usize = 8;

/// How long whoever takes a launch back waits for others: 5 s.
pub(super) const SHORT_WAIT: Duration = Duration::from_secs(5);

/// One thing that is not as it was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Damaged {
    /// Its path from the project's root.
    path: String,
    /// What is wrong with it, to stand behind its path.
    what: String,
    /// What names it.
    named_by: String,
    /// What belongs there, and where it was found.
    found: Option<Copy>,
    /// What lets it be read, where the system lets nobody here: then it may be as it was.
    denied: Option<String>,
    /// Whether something is wrong while it is not here; lines of another branch are nobody's matter until
    /// they are merged.
    is_missed: bool,
    /// More about it: what no copy holds, what is left out.
    notes: Vec<String>,
}

impl Damaged {
    /// A file that the system lets nobody here read; `None` when it is the file that is wrong.
    fn denied(fault: &Fault, path: &str, named_by: &str) -> Option<Self> {
        let harm = Harm::from(fault);
        let Harm::Denied(_, help) = &harm else { return None };
        Some(Self {
            path: path.to_owned(),
            what: harm.words(),
            named_by: named_by.to_owned(),
            found: None,
            denied: Some(help.clone()),
            is_missed: true,
            notes: Vec::new(),
        })
    }
}

/// Where copies are looked for, besides here.
#[derive(Clone, Copy)]
struct Sources<'a> {
    git: Option<&'a Git>,
    /// What machines published of the project's open release.
    published: &'a dyn Fn(&Project) -> Vec<Published>,
}

/// The bytes that belong somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Copy {
    bytes: Vec<u8>,
    /// Where they were found, in words.
    from: String,
}

/// What the doctor found, and did.
#[derive(Debug, Default)]
struct Found {
    damaged: Vec<Damaged>,
    restored: Vec<Restored>,
    machine: Vec<machine::Trouble>,
}

/// A file that was brought back.
#[derive(Debug)]
pub(super) struct Restored {
    pub(super) path: String,
    pub(super) from: String,
    /// Where what lay in its place is kept, if something did.
    pub(super) kept: Option<String>,
}

pub(super) fn run(args: &DoctorArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let root = open_root(&directory(global)?)?;
    let phase = global.phase();
    // A policy that cannot be read may be what is damaged; which phase is meant has to be said.
    let locked = match phase_id(&root, phase) {
        Ok(id) => Some(id),
        Err(LoadError::Broken(_)) => None,
        Err(error) => return Err(error.into()),
    };
    if args.set_aside {
        return aside::set_aside(&root, &args.paths, global, env);
    }
    let git = own_git(&root, env);
    // Asked once, of a repository that may be far away.
    let asked = OnceCell::new();
    let published =
        |own: &Project| asked.get_or_init(|| lock::published_heads(&root, own, env)).clone();
    let sources = Sources { git: git.as_ref().ok(), published: &published };
    let look = || survey::survey(&root, phase, sources, &args.paths);
    let mut found = Found::default();
    let survey = match args.restore {
        false => look(),
        true => {
            let lock = match &locked {
                Some(phase) => Lock::of_phase(&root, phase, Lock::WAIT)?,
                None => Lock::acquire(&root, Lock::WAIT)?,
            };
            let mut survey = look();
            for _ in 0..ROUNDS {
                let restored = bring_back(&root, &lock, &survey.damaged)?;
                if restored.is_empty() {
                    break;
                }
                found.restored.extend(restored);
                survey = look();
            }
            survey
        }
    };
    found.machine = machine::look(&root, survey.project.as_ref(), &git, env);
    found.damaged = survey.damaged;
    show::show(&found, args.restore, global, env)?;
    let sound = found.damaged.iter().all(|own| !own.is_missed)
        && found.machine.iter().all(|own| !own.blocks);
    Ok(if sound { Exit::Passed } else { Exit::Refused })
}

/// The project here; where its policy is gone, the directory that this was asked for.
pub(super) fn directory(global: &Global) -> Result<PathBuf, Failure> {
    match find_project(&global.directory) {
        Ok(dir) => Ok(dir),
        Err(_) => Ok(open_root(&global.directory)?.dir().to_path_buf()),
    }
}

/// Whether copies of the ledger hold more than lies here.
pub(super) fn can_mend_ledger(root: &Root, project: &Project, env: &Env<'_>) -> bool {
    let git = own_git(root, env);
    let published = |own: &Project| lock::published_heads(root, own, env);
    let sources = Sources { git: git.as_ref().ok(), published: &published };
    ledger::damaged(root, project, sources).is_some_and(|own| own.found.is_some())
}

/// Brings back what a command needs that is in nobody's way: the policy, and the manifest that names
/// the release. What lay in their place is kept.
///
/// # Errors
/// When something else is written meanwhile for too long, or nothing can be written.
pub(super) fn bring_back_for(
    root: &Root,
    phase: Option<&str>,
    wants: impl Fn(&Project) -> bool,
    env: &Env<'_>,
) -> Result<Vec<Restored>, Failure> {
    let git = own_git(root, env);
    // Neither policy nor manifest is published.
    let sources = Sources { git: git.as_ref().ok(), published: &|_| Vec::new() };
    let (mut restored, mut lock) = (Vec::new(), None);
    // The manifest is looked for by what the policy says.
    for _ in 0..2 {
        let mut survey = survey::survey(root, phase, sources, &[]);
        let project = match &survey.project {
            Some(project) => Some(project),
            None => survey.usable.as_ref(),
        };
        let Some(project) = project.filter(|project| wants(project)) else { break };
        let manifest = project.phase.identity().map(|(_, def)| def.path.clone());
        let own = |path: &String| path == PROJECT_FILE || Some(path) == manifest.as_ref();
        survey.damaged.retain(|damaged| own(&damaged.path));
        let held = match lock.take() {
            Some(held) => held,
            None => Lock::of_phase(root, &project.phase.id, SHORT_WAIT)?,
        };
        restored.extend(bring_back(root, &held, &survey.damaged)?);
        lock = Some(held);
    }
    Ok(restored)
}

/// Where a file that is replaced or taken away is kept.
fn kept_name(path: &str, bytes: &[u8]) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    format!("{KEPT}/{:.16}-{name}", Sha256Digest::of(bytes).to_string())
}

/// Brings back what was found, and keeps what lies in its place.
fn bring_back(root: &Root, lock: &Lock, damaged: &[Damaged]) -> Result<Vec<Restored>, Failure> {
    let (mut changes, mut restored) = (ChangeSet::new(root), Vec::new());
    for own in damaged {
        let Some(copy) = &own.found else { continue };
        let old = match root.bytes(&own.path, RAW_LIMIT) {
            Ok(old) => Some(old),
            Err(fault) if fault.kind == FaultKind::Absent => None,
            Err(fault) if fault.kind == FaultKind::Empty => Some(Vec::new()),
            // A directory or a link in its place is nobody's to take away.
            Err(_) => continue,
        };
        let kept = old.as_ref().filter(|old| !old.is_empty()).map(|old| {
            let kept = kept_name(&own.path, old);
            if !root.exists(&kept) {
                changes.create(kept.as_str(), old.clone());
            }
            kept
        });
        let digest = old.as_ref().map(|old| Sha256Digest::of(old));
        changes.replace(own.path.as_str(), copy.bytes.clone(), digest);
        restored.push(Restored { path: own.path.clone(), from: copy.from.clone(), kept });
    }
    if !restored.is_empty() {
        changes.apply_under(lock)?;
    }
    Ok(restored)
}
