//! GL246: returns-nowhere.

use super::Context;
use super::support::doubts::for_go;
use crate::definition::{NativeCheck, RollbackWay};
use crate::model::{Finding, Location, State, is_later_version, names_version, same_version};
use crate::project::{NO_RELEASE_BEFORE, Project};

rule! {
    /// A rollback would end at no release, at this one, or at a later one.
    ///
    /// ## What it checks
    /// Where a launch is taken back by returning to the release before (`rollback: return`, the default), the
    /// manifest names that release in `previous_release`: another one than this, and no later one. The first
    /// release of all says `previous_release: none`; after a launch that stands in an archive, that
    /// waits for whoever says GO, and so do a later version and a way back that names this release and not
    /// the one before.
    ///
    /// ## Why it matters
    /// A rollback to the release that just failed is reported as done, and changes nothing.
    ///
    /// ## How to fix
    /// Write the version that runs now into the manifest, or `none` where nothing does.
    GL246 "returns-nowhere" Error since "0.1.0" clauses ["DLC-6", "P8-3", "P11-1.2", "OPS-6"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let Some(manifest) = manifest.filter(|own| own.value().is_some()) else { return };
    let Some(release) = project.release() else { return };
    if project.effective().policy.rollback != RollbackWay::Return {
        return;
    }
    let place = manifest.at("/previous_release");
    let fault = |state: State, message: String| {
        Finding::new(&GL246, manifest.piece(), place.clone(), message)
            .state(state)
            .clauses(&manifest.def.clauses)
            .edit("name the release that runs now; the first release of all says none")
    };
    let doubt = |message: String| for_go(project, &GL246, place.clone(), message);
    let said = manifest.text_at("/previous_release");
    match project.previous_release() {
        None if said.is_none() => out.push(fault(
            State::Missing,
            "the manifest names no previous_release, to which a rollback would return".to_owned(),
        )),
        None => out.extend(project.last_launch.as_ref().and_then(|last| {
            let name = last.release.name();
            doubt(format!(
                "previous_release is {NO_RELEASE_BEFORE}, and {name} was launched before"
            ))
        })),
        Some(previous) if same_version(previous, &release.version) => out.push(fault(
            State::Failed,
            format!("previous_release is {previous}, which is this release: a rollback would return to what failed"),
        )),
        Some(previous) if is_later_version(previous, &release.version) => {
            out.extend(doubt(format!(
                "previous_release is {previous}, which is later than {}",
                release.version
            )));
        }
        Some(previous) => {
            if let Some(path) = leads_to_itself(project, previous, &release.version) {
                let message = format!(
                    "{path} names {}, which is this release, and not {previous}: does it lead back?",
                    release.version
                );
                out.extend(for_go(project, &GL246, Location::file(path), message));
            }
        }
    }
}

/// What people wrote of the way back, where it names this release and not the one before.
fn leads_to_itself<'a>(project: &'a Project, previous: &str, version: &str) -> Option<&'a str> {
    let natives = project.phase.evidence.values().flat_map(|def| &def.native);
    let covered = natives.filter_map(|native| match native {
        NativeCheck::Rollback { covers, .. } => Some(covers),
        _ => None,
    });
    let files = covered.flatten().filter_map(|kind| project.evidence(kind));
    let bare = |version: &str| version.trim_start_matches('v').to_owned();
    let (previous, version) = (bare(previous), bare(version));
    let body = |text: &'a str| text.split_once("\n---\n").map_or(text, |(_, body)| body);
    let found = files.into_iter().find(|own| {
        let Some(text) = project.present(&own.def.path).map(|file| body(&file.text)) else {
            return false;
        };
        names_version(text, &version)
            && !names_version(text, &previous)
            && !text.contains("{previous}")
    });
    found.map(|own| own.def.path.as_str())
}
