//! Which files belong to a release: what its archive and its bundle hold, and what verifies it.

use crate::model::Sha256Digest;
use crate::project::{BaselineArchive, FailedLaunch, Project, declared_paths};
use crate::sign::SIGNERS_PATH;
use crate::text::{Fault, FaultKind};
use std::collections::BTreeSet;

/// A file of a closed release that is not as it was then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsealed {
    /// Its path from the project's root.
    pub path: String,
    /// What it was; `None` where that is no digest.
    pub was: Option<Sha256Digest>,
    /// Whether it is gone, or cannot be read.
    pub gone: bool,
}

/// The files of a release.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReleaseFiles {
    /// Everything that its verdict is computed from, and that is there.
    pub files: BTreeSet<String>,
    /// What lies among the evidence and counts for nothing.
    pub undeclared: BTreeSet<String>,
    /// Logs that are kept elsewhere, and are not here.
    pub detached: BTreeSet<String>,
}

/// Files outside the deployment directory that the release needs to be verified.
pub fn beside(project: &Project) -> BTreeSet<String> {
    let mut paths: BTreeSet<String> =
        BTreeSet::from(["d3p.yaml".to_owned(), SIGNERS_PATH.to_owned()]);
    paths.extend(project.current.policy.timestamp.iter().map(|own| own.roots.clone()));
    paths.extend(project.phase.documents.values().map(|def| def.path.clone()));
    paths.extend(project.prerequisite_paths.values().cloned());
    // The ledger of the phase that handed over.
    let handed = project.prerequisite_paths.iter();
    paths.extend(
        handed.filter_map(|(id, path)| project.phase.prerequisites.get(id)?.ledger_beside(path)),
    );
    // Artifacts are pinned by digest, and may be large.
    let artifacts = artifacts(project);
    let beside = |path: &&String| {
        !is_below(path, project.places().directory()) && !artifacts.contains(*path)
    };
    paths.extend(project.cited.keys().filter(beside).cloned());
    paths.extend(outside(project));
    let own = &project.phase.own;
    paths.extend(own.iter().cloned());
    paths.retain(|path| project.digest_of(path).is_some() || own.contains(path));
    // What was decided in an earlier attempt binds this one.
    let earlier = project.earlier.iter().flat_map(|attempt| attempt.files());
    let baseline = project.baseline.iter().flat_map(BaselineArchive::files);
    let failed = project.failed_launches.iter().flat_map(FailedLaunch::files);
    let archived = earlier.chain(&project.same_commit).chain(baseline).chain(failed);
    paths.extend(archived.filter(|file| file.digest.is_some()).map(|file| file.path.clone()));
    paths
}

/// Evidence that the phase wants outside of the release's directory: it is the release's all the same,
/// and goes with it.
pub fn outside(project: &Project) -> BTreeSet<String> {
    let paths = project.phase.evidence.values().map(|def| def.path.clone());
    paths.filter(|path| !is_below(path, project.places().directory())).collect()
}

/// Every file of the release.
pub fn release_files(project: &Project) -> ReleaseFiles {
    let declared = declared_paths(project);
    let artifacts = artifacts(project);
    let mut found = ReleaseFiles { files: beside(project), ..ReleaseFiles::default() };
    for path in project.listing.iter().filter(|path| !artifacts.contains(*path)) {
        if !is_accounted(project, &declared, path) {
            found.undeclared.insert(path.clone());
        } else if declared.contains(path) || !is_below(path, project.places().detached()) {
            found.files.insert(path.clone());
        }
    }
    for (_, run) in project.runs() {
        let path = &run.log.path;
        if run.log.detached.is_some() && !project.listing.contains(path) {
            found.detached.insert(path.clone());
        }
    }
    found
}

/// Whether the phase, a record or a run accounts for a file below `.artifacts/deployment/`; for an
/// earlier try, the ledger does.
pub fn is_accounted(project: &Project, declared: &BTreeSet<String>, path: &str) -> bool {
    let object = path
        .strip_prefix(project.places().objects())
        .and_then(|name| name.strip_prefix('/'))
        .is_some_and(|name| project.objects.contains_key(name));
    if project.places().is_attempt(path) && !project.cited.contains_key(path) {
        let own = project.raw.get(path).and_then(|file| file.digest);
        // What cannot be read may be one of them.
        return own.is_none_or(|digest| project.names_file(&digest.to_string()));
    }
    let ignored = path.strip_prefix(project.places().detached()) == Some("/.gitignore");
    declared.contains(path) || object || ignored
}

/// What is there in some way and could not be read, and why: without it the release would be
/// another one.
pub fn unreadable(project: &Project) -> Vec<(&str, &Fault)> {
    let artifacts = artifacts(project);
    let files = project.files.iter().chain(&project.raw);
    let files = files.filter(|(_, file)| file.digest.is_none());
    let files = files.flat_map(|(path, file)| file.faults.iter().map(move |fault| (path, fault)));
    let cited = project.cited.iter().filter(|(path, _)| !artifacts.contains(*path));
    let cited = cited.filter_map(|(path, cited)| Some((path, cited.as_ref().err()?)));
    let earlier = project.earlier.iter().flat_map(|attempt| attempt.files());
    let earlier = earlier.filter(|file| file.digest.is_none());
    let earlier = earlier.flat_map(|file| file.faults.iter().map(move |fault| (&file.path, fault)));
    files
        .chain(cited)
        .chain(earlier)
        .filter(|(_, fault)| fault.kind != FaultKind::Absent)
        .map(|(path, fault)| (path.as_str(), fault))
        .collect()
}

fn artifacts(project: &Project) -> BTreeSet<String> {
    project.release().map(|release| release.artifact_files).into_iter().flatten().collect()
}

fn is_below(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}
