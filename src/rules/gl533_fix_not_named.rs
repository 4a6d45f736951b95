//! GL533: fix-not-named.

use super::Context;
use crate::model::{Advice, Finding, State};
use crate::project::{Evidence, FailedLaunch, NamedFix, Project};

rule! {
    /// A launch went wrong, and the next release does not say what was changed since.
    ///
    /// ## What it checks
    /// For each archived release that was launched since the last launch that stands, and that has an
    /// incident, whatever its version and commit, the manifest names a fix (`fixes`): a commit that this
    /// release contains and that one did not, and that changes more than the papers of releases, as git
    /// told the first gate and tells again before the launch; or a reason, which whoever says GO signs with the manifest.
    ///
    /// ## Why it matters
    /// What is launched again unchanged fails again; and a new version number changes nothing.
    ///
    /// ## How to fix
    /// Say it in the front matter of the manifest:
    /// `fixes: [{ of: v1.4.0+1, commit: 3f2c… }]`, or `reason:` instead of `commit:`.
    GL533 "fix-not-named" Error since "0.1.0" clauses ["P8-3", "DLC-7", "DLC-9", "OPS-4"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let Some(manifest) = manifest.filter(|own| own.value().is_some()) else { return };
    let fixes = project.named_fixes();
    for failed in project.failed_launches.iter().filter(|own| !own.incident.is_absent()) {
        let named = fixes.iter().find(|fix| fix.of == failed.release.name());
        out.extend(match named {
            None => Some(not_named(&manifest, failed)),
            Some(fix) => not_new(project, &manifest, fix),
        });
    }
}

fn not_named(manifest: &Evidence<'_>, failed: &FailedLaunch) -> Finding {
    let name = failed.release.name();
    let message = format!(
        "{name} was launched {} and went wrong, and the manifest names no fix of it",
        failed.at
    );
    let line = format!(
        "add below fixes: - {{ of: {name}, commit: SHA }}, or reason: why it may be launched without; what happened stands in {}",
        failed.incident.path
    );
    Finding::new(&GL533, manifest.piece(), manifest.at("/fixes"), message)
        .state(State::Missing)
        .clauses(&manifest.def.clauses)
        .advise(Advice::edit(manifest.at("/fixes"), line))
}

/// A commit that git was not asked about, or that is none.
fn not_new(project: &Project, manifest: &Evidence<'_>, fix: &NamedFix) -> Option<Finding> {
    let commit = fix.commit.as_ref()?;
    // Before the first gate nobody has asked git.
    let told = project.told_fixes()?;
    let own = told.iter().find(|own| own.of == fix.of && own.commit == *commit);
    if own.is_some_and(|own| own.new) {
        return None;
    }
    let place = manifest.at(format!("/fixes/{}/commit", fix.index));
    let message = format!(
        "commit {commit} is not one that changes something, and that this release has and {} had not, as far as git told the first gate",
        fix.of
    );
    Some(
        Finding::new(&GL533, manifest.piece(), place.clone(), message)
            .state(State::Failed)
            .clauses(&manifest.def.clauses)
            .advise(Advice::edit(place, "name the commit that fixes it, by its full id; the release's own commit has to contain it (d3p pin)")),
    )
}
