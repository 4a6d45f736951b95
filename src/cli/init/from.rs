//! `d3p init --from`: the release that the phase before handed over, as one file. It is laid among the
//! archives, where a release of the same repository would lie.

use crate::bundle::Kept;
use crate::cli::common::Global;
use crate::cli::verify::target;
use crate::cli::{Code, Failure};
use crate::decide::assess;
use crate::definition::Phase;
use crate::env::Env;
use crate::model::{Advice, Finding, Level, Placeholder, Sha256Digest};
use crate::project::Release;
use crate::source::Root;
use crate::write::ChangeSet;
use std::collections::BTreeMap;
use std::path::Path;

/// What was handed over.
pub(super) struct HandedOver {
    /// The release.
    pub(super) release: Release,
    /// What it consists of.
    pub(super) services: Vec<String>,
    /// What was read of it, for people.
    pub(super) told: String,
    /// Where it is laid.
    pub(super) place: String,
    files: BTreeMap<String, Kept>,
}

/// Reads what was handed over.
///
/// # Errors
/// When the phase begins with nothing of another's, or the release in the bundle did not pass all of
/// its gates as it lies there.
pub(super) fn read(
    file: &Path,
    phase: &Phase,
    global: &Global,
    env: &Env<'_>,
) -> Result<HandedOver, Failure> {
    let Some(from) = phase.prerequisites.values().find_map(|def| def.from.as_ref()) else {
        return Err(Failure::usage(format!("{} takes over nothing from another phase", phase.id))
            .note("--from goes with a phase that follows another: d3p init --phase PHASE"));
    };
    let name = file.display().to_string();
    let (target, files) = target::open_whole(file, &from.phase, global)?;
    let project = target.project;
    let assessment = assess(&project, (env.now)());
    let wrong: Vec<Finding> = target
        .findings
        .into_iter()
        .chain(assessment.findings)
        .filter(|finding| finding.level == Level::Error)
        .collect();
    let open = assessment.gates.iter().find(|gate| !gate.is_valid());
    let (Some(release), None, true) = (project.release(), open, wrong.is_empty()) else {
        let which = open.map_or(String::new(), |gate| format!(": gate {} is not passed", gate.id));
        return Err(Failure::refused(format!("{name} hands over no completed release{which}"))
            .code(Code::Refused)
            .findings(&wrong)
            .advise(
                Advice::d3p(["verify"])
                    .fill(Placeholder::FILE)
                    .what("see what is wrong, and ask whoever packed it for another"),
            ));
    };
    let place = format!("{}/{}", from.archives, release.name());
    let bundle = target.bundle.map(|own| own.sha256).unwrap_or_default();
    let told = format!("taken over: {} of {name}, sha256:{bundle}, in {place}", release.name());
    let services = project.effective().policy.services.clone();
    Ok(HandedOver { release, services, told, place, files })
}

impl HandedOver {
    /// Whether a file is one of it.
    pub(super) fn has(&self, path: &str) -> bool {
        path.strip_prefix(&self.place).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Lays its files where they belong.
    ///
    /// # Errors
    /// When something else lies there, or a file is too large to be kept in a bundle's memory.
    pub(super) fn lay(&self, root: &Root, changes: &mut ChangeSet) -> Result<(), Failure> {
        for (path, kept) in &self.files {
            let path = format!("{}/{path}", self.place);
            if root.exists(&path) {
                self.is_same(root, &path, kept.digest)?;
                changes.keep(path);
                continue;
            }
            let Some(content) = &kept.content else {
                return Err(Failure::incomplete(format!(
                    "{path} is too large to be taken over from a bundle ({} bytes)",
                    kept.bytes
                ))
                .code(Code::Io));
            };
            changes.create(path, content.clone());
        }
        Ok(())
    }

    fn is_same(&self, root: &Root, path: &str, wanted: Sha256Digest) -> Result<(), Failure> {
        match root.digest(path) {
            Ok((digest, _)) if digest == wanted => Ok(()),
            _ => Err(Failure::refused(format!("{path} is there, and is not that of the bundle"))
                .code(Code::Conflict)
                .note(format!("{} is what another release here was closed as", self.place))),
        }
    }
}
