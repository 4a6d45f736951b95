//! What is verified: a project's directory, or a bundle.
//!
//! A bundle is read into memory and judged there, so that nothing of it is ever written to disk.

use crate::bundle::{
    Broken, Kept, LIMITS, MANIFEST, PHASE, Problem, ProblemKind, SCHEMA, SCHEMAS, Unpacked, unpack,
};
use crate::cli::bundle::is_own;
use crate::cli::common::{Global, open_at, open_root};
use crate::cli::{Code, Failure};
use crate::model::{Advice, Finding, Location, Piece, Placeholder, Rule, Sha256Digest, State};
use crate::project::{Project, release_files};
use crate::render::json::BundleView;
use crate::rules::{GL917, GL918, GL919, GL920};
use crate::source::{Given, MemoryTree, Root, find_project, load_phase_of, open_given};
use std::collections::BTreeMap;
use std::path::Path;

/// What is verified.
pub(in crate::cli) struct Target {
    /// The project's directory; for a bundle the one whose repository may have a policy.
    pub(in crate::cli) root: Root,
    /// The project.
    pub(in crate::cli) project: Project,
    /// The bundle, when it is one.
    pub(in crate::cli) bundle: Option<BundleView>,
    /// What is wrong with it.
    pub(in crate::cli) findings: Vec<Finding>,
}

impl Target {
    /// A project in its directory.
    pub(in crate::cli) const fn plain(root: Root, project: Project) -> Self {
        Self { root, project, bundle: None, findings: Vec::new() }
    }

    /// It, where it is no bundle.
    ///
    /// # Errors
    /// Wrong usage, where it is one.
    pub(in crate::cli) fn project_only(self, command: &str) -> Result<Self, Failure> {
        match &self.bundle {
            None => Ok(self),
            Some(bundle) => Err(Failure::usage(format!(
                "{} is a bundle: {command} reads directories",
                bundle.file
            ))
            .advise(Advice::d3p(["verify", "-r"]).fill(Placeholder::DIRECTORY))),
        }
    }
}

/// Opens what the user names, or the project here.
///
/// # Errors
/// When it cannot be read, or a bundle holds what must not be looked at.
pub(in crate::cli) fn open(given: Option<&Path>, global: &Global) -> Result<Target, Failure> {
    let plain = |(root, project)| Target::plain(root, project);
    let Some(path) = given else { return global.open().map(plain) };
    let path = global.directory.join(path);
    let opened = open_given(&path).map_err(|error| {
        Failure::incomplete(format!("cannot open {}: {error}", path.display())).code(Code::Io)
    })?;
    match opened {
        Given::Directory => open_at(&path, global.phase()).map(plain),
        Given::File(mut file) => {
            let name = given.unwrap_or(&path).to_string_lossy();
            bundle(&name, unpacked(&name, unpack(&mut file, &LIMITS))?, global.phase(), global)
        }
    }
}

/// Opens a bundle of a release of `phase`, and gives the files of the release besides.
///
/// # Errors
/// When it is none, cannot be read, or holds what must not be looked at.
pub(in crate::cli) fn open_whole(
    given: &Path,
    phase: &str,
    global: &Global,
) -> Result<(Target, BTreeMap<String, Kept>), Failure> {
    let (path, name) = (global.directory.join(given), given.to_string_lossy());
    let Ok(Given::File(mut file)) = open_given(&path) else {
        return Err(Failure::incomplete(format!("cannot open {} as a bundle", path.display()))
            .code(Code::Io));
    };
    let unpacked = unpacked(&name, unpack(&mut file, &LIMITS))?;
    let mut members = unpacked.members.clone();
    members.retain(|path, _| !is_own(path));
    Ok((bundle(&name, unpacked, Some(phase), global)?, members))
}

fn unpacked(name: &str, read: Result<Unpacked, Broken>) -> Result<Unpacked, Failure> {
    read.map_err(|broken| match broken {
        Broken::Io(error) => {
            Failure::incomplete(format!("cannot read {name}: {error}")).code(Code::Io)
        }
        Broken::Hostile(problem) => refused(name, &[finding(name, &problem)]),
    })
}

fn bundle(
    name: &str,
    unpacked: Unpacked,
    phase: Option<&str>,
    global: &Global,
) -> Result<Target, Failure> {
    let mut findings: Vec<Finding> =
        unpacked.problems.iter().map(|problem| finding(name, problem)).collect();
    let mut tree = MemoryTree::default();
    for (path, Kept { digest, bytes, content }) in unpacked.members {
        if !is_own(&path) {
            tree.insert(path, digest, bytes, content);
        }
    }
    let project = match load_phase_of(&tree, phase) {
        Ok(project) => project,
        Err(broken) if findings.is_empty() => return Err(broken.into()),
        Err(_) => return Err(refused(name, &findings)),
    };
    let view = BundleView {
        file: name.to_owned(),
        sha256: unpacked.digest.to_string(),
        files: unpacked.manifest.files.len() + 1,
        packed_by: unpacked.manifest.packed_by.clone(),
    };
    if findings.is_empty() {
        findings = disagreements(&unpacked.manifest, &project);
    }
    // Where a policy from outside is looked for: the project here, if there is one.
    let here = find_project(&global.directory).unwrap_or_else(|_| global.directory.clone());
    Ok(Target { root: open_root(&here)?, project, bundle: Some(view), findings })
}

/// Nothing of the bundle is judged.
pub(in crate::cli) fn refused(name: &str, findings: &[Finding]) -> Failure {
    Failure::refused(format!("nothing in {name} was judged")).findings(findings)
}

fn finding(name: &str, problem: &Problem) -> Finding {
    let rule: &'static Rule = match problem.kind {
        ProblemKind::Unlisted => &GL917,
        ProblemKind::Missing => &GL918,
        ProblemKind::Altered => &GL919,
        ProblemKind::Malformed => &GL920,
    };
    at(rule, problem.member.as_deref().unwrap_or(name), problem.message.clone())
}

fn at(rule: &'static Rule, path: &str, message: String) -> Finding {
    Finding::new(rule, Piece::File(path.to_owned()), Location::file(path), message)
        .state(State::Invalid)
        .advise(
            Advice::d3p(["bundle", "create"])
                .fill(Placeholder::FILE)
                .what("get the bundle from whoever packed it, or pack it anew"),
        )
}

/// Where the manifest and the bundle's own members say something else than the release.
fn disagreements(manifest: &crate::bundle::Manifest, project: &Project) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut differs = |what: &str, said: &str, found: &str| {
        if said != found {
            out.push(at(&GL919, MANIFEST, format!("says {what} {said}; the files say {found}")));
        }
    };
    if let Some(release) = project.release() {
        differs("release", &manifest.release, &release.name());
        differs("commit", &manifest.commit, &release.commit);
    }
    let list = |heads: &[Sha256Digest]| {
        let mut heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
        heads.sort();
        if heads.is_empty() { "none".to_owned() } else { heads.join(", ") }
    };
    differs("ledger heads", &list(&manifest.heads), &list(&project.ledger.heads()));
    let held = release_files(project);
    // Among the evidence another rule (GL909) names what nothing declares.
    let strange = |path: &str| {
        !is_own(path)
            && !path.starts_with(project.places().directory())
            && !held.files.contains(path)
    };
    for file in manifest.files.iter().filter(|file| strange(&file.path)) {
        out.push(at(&GL917, &file.path, "nothing in the release needs this member".to_owned()));
    }
    out.extend(own_members(manifest, project));
    out
}

/// Schemas and phase definition, as this d3p has them. Another one's may be others, which only that
/// one can tell; but no d3p packs anything else.
fn own_members(manifest: &crate::bundle::Manifest, project: &Project) -> Vec<Finding> {
    let mut out = Vec::new();
    if manifest.packed_by != env!("CARGO_PKG_VERSION") {
        let strange =
            |path: &str| path != PHASE && !(path.starts_with(SCHEMAS) && path.ends_with(SCHEMA));
        for file in manifest.files.iter().filter(|file| is_own(&file.path) && strange(&file.path)) {
            let message = "no d3p packs this member".to_owned();
            out.push(at(&GL917, &file.path, message));
        }
        // Which schemas it has only that one knows; that it packs some, and a definition, is sure.
        let has =
            |wanted: &dyn Fn(&str) -> bool| manifest.files.iter().any(|file| wanted(&file.path));
        if !has(&|path| path == PHASE) {
            out.push(at(&GL918, PHASE, "every bundle has this member".to_owned()));
        }
        if !has(&|path| path.starts_with(SCHEMAS)) {
            let dir = SCHEMAS.trim_end_matches('/');
            out.push(at(&GL918, dir, "every bundle has schemas".to_owned()));
        }
        return out;
    }
    let mut wanted = crate::cli::bundle::own_members(&project.phase);
    for file in manifest.files.iter().filter(|file| is_own(&file.path)) {
        let digest = match wanted.remove(&file.path) {
            Some(text) => Sha256Digest::of(&text),
            None => {
                let message = "no bundle of this d3p has this member".to_owned();
                out.push(at(&GL917, &file.path, message));
                continue;
            }
        };
        if digest != file.sha256 {
            let message = format!("is not that of d3p {}", manifest.packed_by);
            out.push(at(&GL919, &file.path, message));
        }
    }
    out.extend(wanted.into_keys().map(|path| {
        at(&GL918, &path, format!("a bundle of d3p {} has this member", manifest.packed_by))
    }));
    out
}
