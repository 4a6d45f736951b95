//! Which files `init` creates, made of the phase's skeletons.

use super::Scaffold;
use super::carry::Carried;
use crate::assets;
use crate::cli::{Code, Failure};
use crate::definition::{EvidenceDef, Obligation, Phase};
use crate::markdown::placeholder;
use crate::sign::SIGNERS_PATH;
use crate::source::{Loaded, POLICY_SKELETON, PROJECT_FILE, Root};
use crate::write::ChangeSet;
use serde_json::json;
use tera::Context;

/// What is created and what is kept; where another phase `joins`, the policy is changed elsewhere.
pub(super) fn plan(
    root: &Root,
    phase: &Phase,
    scaffold: &Scaffold,
    mut carried: Vec<Carried>,
    joins: bool,
) -> Result<ChangeSet, Failure> {
    let mut context = Context::new();
    context.insert("release", &scaffold.release);
    context.insert("commit", &scaffold.commit);
    context.insert("repository", &scaffold.repository);
    context.insert("project", &scaffold.repository);
    context.insert("attempt", &scaffold.attempt);
    context.insert("environment", "production");
    context.insert("services", &scaffold.services);
    context.insert("artifacts", &scaffold.proposal.artifacts);
    context.insert("scope", &scaffold.proposal.scope);
    context.insert("failed", &scaffold.failed);
    context.insert("previous", &scaffold.proposal.previous);
    context.insert("known", &scaffold.known);
    let checkpoints: Vec<_> =
        phase.checkpoints.iter().map(|checkpoint| json!({ "title": checkpoint.title })).collect();
    context.insert("checkpoints", &checkpoints);
    context.insert("phase", &phase.id);
    context.insert("phase_version", &phase.version);
    context.insert("definition", &phase.own.first());
    let skeleton = |name: &str| phase.folder.skeleton(name).or_else(|| assets::template(name));
    let mut files: Vec<(String, String)> = vec![
        (PROJECT_FILE.to_owned(), render(POLICY_SKELETON, skeleton(POLICY_SKELETON), &context)?),
        (".gitattributes".to_owned(), gitattributes()?),
        (SIGNERS_PATH.to_owned(), shared("allowed_signers", &context)?),
        (
            ".d3p/.gitignore".to_owned(),
            "/lock\n/*.lock\n/run-*.log\n/replaced/\n/*.json\n".to_owned(),
        ),
    ];
    for def in phase.documents.values() {
        files.push((def.path.clone(), render(&def.template, skeleton(&def.template), &context)?));
    }
    // What may never be needed is made when it is.
    let begun = |def: &&EvidenceDef| def.obligation != Obligation::Optional;
    for def in phase.evidence.values().filter(begun) {
        if let Some(template) = &def.template {
            files.push((def.path.clone(), render(template, skeleton(template), &context)?));
        }
    }
    let mut changes = ChangeSet::new(root);
    for (path, text) in files {
        let open = text.contains(placeholder::MARKER);
        let is_carried =
            |own: &Carried| own.path == path && (!own.if_open || open && !root.exists(&path));
        if let Some(at) = carried.iter().position(is_carried) {
            let own = carried.swap_remove(at);
            changes.replace(path, own.text, own.was);
        } else if root.exists(&path) {
            // A policy that another phase joins is replaced, not kept.
            if path != PROJECT_FILE || !joins {
                changes.keep(path);
            }
        } else {
            changes.create(path, text);
        }
    }
    Ok(changes)
}

/// Lines that `.gitattributes` should hold and does not, however they are spaced.
pub(super) fn lacking_attributes(root: &Root) -> Result<Vec<String>, Failure> {
    let there = match root.load(".gitattributes") {
        Loaded::File(file) => file.text,
        Loaded::Faulty { .. } => String::new(),
    };
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let held: Vec<Vec<String>> = there.lines().map(words).collect();
    let wanted = gitattributes()?;
    let counts = |line: &&str| !line.starts_with('#') && !line.is_empty();
    let lacking = wanted.lines().filter(counts).filter(|line| !held.contains(&words(line)));
    Ok(lacking.map(str::to_owned).collect())
}

fn gitattributes() -> Result<String, Failure> {
    shared("gitattributes", &Context::new())
}

/// Renders a template that no phase owns.
fn shared(name: &str, context: &Context) -> Result<String, Failure> {
    render(name, assets::template(name), context)
}

pub(super) fn render(name: &str, text: Option<&str>, context: &Context) -> Result<String, Failure> {
    let text = text.ok_or_else(|| {
        Failure::incomplete(format!("there is no template `{name}`")).code(Code::Internal)
    })?;
    assets::render(text, context).map_err(|why| {
        Failure::incomplete(format!("template {name} cannot be rendered: {why}"))
            .code(Code::Internal)
    })
}
