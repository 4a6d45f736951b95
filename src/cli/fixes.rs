//! Whether the commits that a manifest calls fixes are: asked of git at the first gate, and again where a
//! launch is cleared.

use crate::cli::common::Opened;
use crate::collect::git::GitError;
use crate::model::{Advice, Finding, State};
use crate::project::Project;
use crate::record::CheckedFix;
use crate::rules::GL533;

/// What git says now of each commit that the manifest names for a launch that went wrong.
pub(super) fn asked(git: &Opened, project: &Project) -> Vec<CheckedFix> {
    let Some(release) = project.release() else { return Vec::new() };
    let named = project.named_fixes().into_iter();
    let places = project.places();
    // What is written about a release mends nothing of what is launched.
    let documents = project.phase.documents.values().map(|own| own.path.as_str());
    let papers: Vec<&str> = documents.chain([places.directory(), places.archives()]).collect();
    let each = named.filter_map(|fix| {
        let failed = project.failed_launches.iter().find(|own| own.release.name() == fix.of)?;
        let commit = fix.commit?;
        let (from, to) = (&failed.release.commit, &release.commit);
        let adds = git.as_ref().ok().map(|git| {
            Ok::<_, GitError>(git.adds(from, to, &commit)? && git.changes_beside(&commit, &papers)?)
        });
        let new = adds.is_some_and(|adds| adds.unwrap_or(false));
        Some(CheckedFix { of: fix.of, commit, new })
    });
    each.collect()
}

/// What the first gate was told of fixes, and git says otherwise now.
pub(super) fn differ(git: &Opened, project: &Project) -> Vec<Finding> {
    let Some((kind, _)) = project.phase.identity() else { return Vec::new() };
    let Some(manifest) = project.evidence(kind) else { return Vec::new() };
    let not_new = asked(git, project).into_iter().filter(|own| !own.new);
    let found = not_new.map(|own| {
        let message = format!(
            "commit {} is not one that changes something, and that this release has and {} had not",
            own.commit, own.of
        );
        Finding::new(&GL533, manifest.piece(), manifest.at("/fixes"), message)
            .state(State::Failed)
            .advise(Advice::edit(manifest.at("/fixes"), "name the commit that fixes it"))
    });
    found.collect()
}
