//! Everything in a release that is not as it was recorded, and where it can be had back.

use super::copies::Copies;
use super::{Copy, Damaged, Sources, ledger, logs, said};
use crate::collect::git::Git;
use crate::definition::EvidenceFormat;
use crate::model::Sha256Digest;
use crate::project::{Damage, Project};
use crate::render::json;
use crate::sign::SIGNERS_PATH;
use crate::source::{
    Laid, LoadError, PROJECT_FILE, RAW_LIMIT, Root, Snapshot, embedded, embedded_phases,
    load_phase_of,
};
use serde_json::Value;

/// What somebody who looked found.
pub(super) struct Survey {
    /// The project; `None` where its policy cannot be used.
    pub(super) project: Option<Project>,
    /// What it would be with the policy that can be had back.
    pub(super) usable: Option<Project>,
    /// What is damaged, in the order in which it is brought back.
    pub(super) damaged: Vec<Damaged>,
}

/// What is damaged, in the order in which it is brought back: the policy, without which nothing can be
/// read; the ledger, which names the rest; then everything else by path. What `paths` names is looked
/// at alone, and brought back even where an edit of it may still count.
pub(super) fn survey(
    root: &Root,
    phase: Option<&str>,
    sources: Sources<'_>,
    paths: &[String],
) -> Survey {
    match load_phase_of(root, phase) {
        Ok(project) => {
            let damaged = of_project(root, &project, sources, paths);
            Survey { project: Some(project), usable: None, damaged }
        }
        Err(LoadError::Choice(_)) => Survey { project: None, usable: None, damaged: Vec::new() },
        Err(LoadError::Broken(broken)) => {
            let why = broken.faults.first().map_or("it cannot be used", |fault| fault.1.as_str());
            let (usable, damaged) = policy(root, phase, sources.git, why);
            Survey { project: None, usable, damaged: vec![damaged] }
        }
    }
}

fn of_project(
    root: &Root,
    project: &Project,
    sources: Sources<'_>,
    paths: &[String],
) -> Vec<Damaged> {
    let wanted = |path: &str| paths.is_empty() || paths.iter().any(|own| own == path);
    let ledger = ledger::damaged(root, project, sources);
    let Some(found) = ledger.filter(|_| wanted(project.places().ledger())) else {
        return files(root, project, sources, paths);
    };
    // Once it is back, it names more than it does now.
    let rest = match &found.found {
        Some(_) if found.is_missed => Vec::new(),
        _ => files(root, project, sources, paths),
    };
    std::iter::once(found).chain(rest).collect()
}

/// Everything but policy and ledger.
fn files(root: &Root, project: &Project, sources: Sources<'_>, paths: &[String]) -> Vec<Damaged> {
    let mut damage = project.damage();
    let named = |path: &String| damage.iter().any(|own| own.path == *path);
    let asked: Vec<Damage> =
        paths.iter().filter(|path| !named(path)).filter_map(|path| project.edited(path)).collect();
    damage.extend(asked);
    let mut said = said::paths(project);
    said.retain(|path| damage.iter().all(|own| own.path != *path));
    let own = |path: &str| paths.is_empty() || paths.iter().any(|own| own == path);
    damage.retain(|damage| own(&damage.path));
    said.retain(|path| own(path));
    let mut lost = absent(root, project, &damage);
    lost.retain(|path| own(path));
    if damage.is_empty() && said.is_empty() && lost.is_empty() {
        return Vec::new();
    }
    let asked = damage.iter().map(|own| &own.path).chain(&said).chain(&lost);
    let asked: Vec<String> = asked.cloned().collect();
    let digests: Vec<Sha256Digest> = damage.iter().filter_map(|own| own.digest).collect();
    let copies = Copies::of(root, project, sources, &asked, &digests);
    let mut found: Vec<Damaged> =
        damage.iter().filter_map(|own| file(root, project, own, &copies)).collect();
    found.extend(said.iter().map(|path| said::damaged(root, project, path, &copies)));
    found.extend(lost.iter().filter_map(|path| committed(path, sources.git)));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// One file that is not as it was recorded; `None` when it is after all, which nothing had looked at.
fn file(root: &Root, project: &Project, damage: &Damage, copies: &Copies<'_>) -> Option<Damaged> {
    let here = root.bytes(&damage.path, RAW_LIMIT);
    let denied = here.as_ref().err();
    if let Some(denied) =
        denied.and_then(|fault| Damaged::denied(fault, &damage.path, &damage.named_by))
    {
        return Some(denied);
    }
    let mut evidence = project.phase.evidence.values();
    let is_log =
        evidence.any(|def| def.path == damage.path && def.format == EvidenceFormat::AppendOnly);
    if is_log {
        let here = here.ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        return Some(logs::damaged(here, damage, copies));
    }
    let digest = damage.digest?;
    if root.digest_within(&damage.path, RAW_LIMIT).is_ok_and(|(now, _)| now == digest) {
        return None;
    }
    let found = copies.find(&damage.path, digest);
    let notes = match &found {
        Some(_) => Vec::new(),
        None => vec![format!("no copy with the digest {digest} was found")],
    };
    Some(Damaged {
        path: damage.path.clone(),
        what: damage.harm.words(),
        named_by: damage.named_by.clone(),
        found,
        denied: None,
        is_missed: true,
        notes,
    })
}

/// What people write, of a release that runs, and that is gone without anything having bound it.
fn absent(root: &Root, project: &Project, damage: &[Damage]) -> Vec<String> {
    let Some(release) = project.told_release() else { return Vec::new() };
    if ledger::is_archived(root, project.places(), &release) {
        return Vec::new();
    }
    let documents = project.phase.documents.values().map(|def| def.path.clone());
    let manifest = project.phase.identity().map(|(_, def)| def.path.clone());
    let signers = project.effective().basis.get("signers").is_some_and(|own| !own.is_null());
    let signers = signers.then(|| SIGNERS_PATH.to_owned());
    let named = |path: &String| damage.iter().any(|own| own.path == *path);
    let paths = documents.chain(manifest).chain(signers);
    paths.filter(|path| !root.exists(path) && !named(path)).collect()
}

/// A file as the newest version in git has it.
fn committed(path: &str, git: Option<&Git>) -> Option<Damaged> {
    let versions = git?.versions(&[path]).ok()?;
    let bytes = versions.into_iter().next()?.bytes;
    Some(Damaged {
        path: path.to_owned(),
        what: "is gone".to_owned(),
        named_by: "git".to_owned(),
        found: Some(Copy { bytes, from: "git".to_owned() }),
        denied: None,
        is_missed: true,
        notes: vec!["no gate bound it yet: it comes back as git had it last".to_owned()],
    })
}

/// The policy, without which nothing can be judged: the newest version in git that can be used, or else
/// what the first gate froze of it; and the project as it is with that.
fn policy(
    root: &Root,
    phase: Option<&str>,
    git: Option<&Git>,
    why: &str,
) -> (Option<Project>, Damaged) {
    let fault = root.bytes(PROJECT_FILE, RAW_LIMIT).err();
    let denied = fault.and_then(|fault| Damaged::denied(&fault, PROJECT_FILE, "every command"));
    if let Some(denied) = denied {
        return (None, denied);
    }
    let versions = git.and_then(|git| git.versions(&[PROJECT_FILE]).ok()).unwrap_or_default();
    let committed = versions.into_iter().map(|version| (version.bytes, "git".to_owned()));
    let files = Snapshot::of(root.clone());
    let usable = committed.chain(frozen(root)).find_map(|(bytes, from)| {
        let laid = Laid::Bytes(bytes.clone());
        let files = files.with([(PROJECT_FILE.to_owned(), laid)].into());
        Some((load_phase_of(&files, phase).ok()?, Copy { bytes, from }))
    });
    let note = match &usable {
        Some((_, copy)) if copy.from == "git" => {
            "it comes back as git had it last: take over what you changed since"
        }
        Some(_) => "git has no version of it that can be used: it comes back as gate 1 froze it",
        None => "neither git nor a gate has a version of it that can be used",
    };
    let (project, found) = usable.unzip();
    let damaged = Damaged {
        path: PROJECT_FILE.to_owned(),
        what: format!("cannot be used: {why}"),
        named_by: "git".to_owned(),
        found,
        denied: None,
        is_missed: true,
        notes: vec![note.to_owned()],
    };
    (project, damaged)
}

/// The policies that first gates froze, as a project's file would say them, and where they stand.
fn frozen(root: &Root) -> impl Iterator<Item = (Vec<u8>, String)> + '_ {
    let phases = embedded_phases().into_iter().filter_map(|id| embedded(id).ok());
    phases.filter_map(|phase| {
        let path = phase.places.policy().to_owned();
        let bytes = root.bytes(&path, RAW_LIMIT).ok()?;
        let record: Value = serde_json::from_slice(&bytes).ok()?;
        Some((json::pretty(record.get("policy")?).into_bytes(), path))
    })
}
