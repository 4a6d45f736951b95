//! `d3p init`: scaffolds a release. Creates what is missing, keeps what is there, never overwrites.

mod documents;
mod handover;
mod ignored;
mod join;
mod opened;
mod proposal;

use crate::assets;
use crate::cli::args::InitArgs;
use crate::cli::common::{Global, git, open_root};
use crate::cli::{Code, Failure};
use crate::definition::Phase;
use crate::env::{Env, Exit};
use crate::model::{Advice, Location, Placeholder};
use crate::project::Project;
use crate::record::MOST_ATTEMPTS;
use crate::render::{clean, json};
use crate::rules::{begin, restore};
use crate::sign::SIGNERS_PATH;
use crate::source::{Loaded, POLICY_SKELETON, PROJECT_FILE, Root};
use crate::write::{Action, ChangeSet};
use opened::{Opened, chosen, opened};
use proposal::{Proposal, proposal};
use serde_json::json;
use tera::Context;

/// What the templates are filled with.
struct Scaffold {
    release: String,
    commit: String,
    repository: String,
    attempt: u64,
    services: Vec<String>,
    proposal: Proposal,
}

pub(super) fn run(args: &InitArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let root = open_root(&global.directory)?;
    let opened = opened(&root, args.dry_run, global)?;
    let existing = opened.project();
    let phase = match existing {
        Some(project) => project.phase.clone(),
        None => chosen(global.phase(), &root)?,
    };
    let scaffold = scaffold(args, &root, existing, &phase, env)?;
    let joins = matches!(opened, Opened::Joined(_));
    let mut changes = plan(&root, &phase, &scaffold, joins)?;
    if let Opened::Joined(joined) = &opened {
        let (text, was) = &joined.policy;
        changes.replace(PROJECT_FILE, text.clone(), *was);
    }
    if handover::takes_over(&phase) && existing.and_then(Project::release).is_none() {
        let begun = opened.with(&changes, &root, &phase)?;
        handover::refuse_unfinished(&begun, &scaffold.release, env)?;
    }
    let planned = changes.plan();
    if !args.dry_run {
        opened.apply(changes)?;
    }
    let created: Vec<&str> = paths(&planned, Action::Create);
    let kept: Vec<&str> = paths(&planned, Action::Keep);
    let ignored = ignored::ignored(&root, &phase, env);
    let earlier = match &opened {
        Opened::Here(session) => {
            documents::earlier(session.files(), &phase, &kept, &scaffold.release)
        }
        _ => documents::earlier(&root, &phase, &kept, &scaffold.release),
    };
    if !global.human() {
        let view = json!({
            "release": scaffold.release, "commit": scaffold.commit, "attempt": scaffold.attempt,
            "created": created, "kept": kept,
            "of_another_release": earlier.iter().map(documents::Earlier::view).collect::<Vec<_>>(),
            "ignored_by_git": ignored.iter().map(|found| json!({
                "path": found.path, "by": found.source, "line": found.line, "pattern": found.pattern,
            })).collect::<Vec<_>>(), "dry_run": args.dry_run,
        });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(Exit::Passed);
    }
    let done = if args.dry_run { "would create" } else { "created" };
    for path in &created {
        writeln!(env.out, "{done}  {}", clean(path))?;
    }
    for path in &kept {
        writeln!(env.out, "kept     {}", clean(path))?;
    }
    for line in documents::advice(&earlier, &scaffold.release) {
        writeln!(env.out, "{}", clean(&line))?;
    }
    for line in ignored::advice(&ignored, &phase) {
        writeln!(env.out, "{}", clean(&line))?;
    }
    let lacking = lacking_attributes(&root)?;
    if kept.contains(&".gitattributes") && !lacking.is_empty() {
        writeln!(
            env.out,
            "help: .gitattributes was kept; add these lines, or line endings will change digests:"
        )?;
        for line in lacking {
            writeln!(env.out, "  {line}")?;
        }
    }
    writeln!(
        env.out,
        "\nrelease {} attempt {} at {}",
        clean(&scaffold.release),
        scaffold.attempt,
        clean(&scaffold.commit)
    )?;
    if existing.and_then(Project::release).is_some() {
        writeln!(
            env.out,
            "it was open already; to release another commit: d3p archive --outcome superseded --reason WHY, then d3p init --release {}",
            clean(&scaffold.release)
        )?;
    }
    writeln!(env.out, "next: commit these files, then d3p status --next")?;
    Ok(Exit::Passed)
}

fn paths(planned: &[crate::write::Planned], action: Action) -> Vec<&str> {
    planned
        .iter()
        .filter(|planned| planned.action == action)
        .map(|planned| planned.path.as_str())
        .collect()
}

/// Which release is scaffolded; refuses over another one that is open.
fn scaffold(
    args: &InitArgs,
    root: &Root,
    existing: Option<&Project>,
    phase: &Phase,
    env: &Env<'_>,
) -> Result<Scaffold, Failure> {
    let open = existing.and_then(Project::release);
    if let (Some(open), Some(wanted)) = (&open, &args.release)
        && (open.version != *wanted || args.attempt.is_some_and(|attempt| open.attempt != attempt))
    {
        return Err(Failure::refused(format!(
            "release {} attempt {} is open",
            open.version, open.attempt
        ))
        .advise(Advice::d3p(["status"]).what("see where it stands"))
        .advise(Advice::d3p(["archive"]).what("close it; then begin the next one")));
    }
    let manifest =
        existing.and_then(|project| project.phase.identity()).map(|(_, def)| def.path.clone());
    if let (None, Some(path)) = (&open, manifest.filter(|path| root.exists(path))) {
        return Err(Failure::refused(format!(
            "{path} is there, and does not say which release it is"
        ))
        .advise(Advice::d3p(["check", &path])));
    }
    let services = match existing {
        Some(project) => project.current.policy.services.clone(),
        None => args.services.clone(),
    };
    if existing.is_some() && !args.services.is_empty() && args.services != services {
        return Err(Failure::refused("the services given differ from those in d3p.yaml").advise(
            Advice::edit(
                Location::key("d3p.yaml", "/services"),
                "change `services`; init never overwrites it",
            ),
        ));
    }
    if let Some(open) = open {
        return Ok(Scaffold {
            release: open.version,
            commit: open.commit,
            repository: open.repository,
            attempt: open.attempt,
            services,
            proposal: Proposal::default(),
        });
    }
    let release = args.release.clone().ok_or_else(|| {
        Failure::usage("which release?")
            .advise(begin().with("--service", Placeholder::SERVICE).what("name both"))
    })?;
    if services.is_empty() {
        return Err(Failure::usage("which services are released? name each one").advise(
            Advice::d3p(["init", "--release", &release])
                .with("--service", Placeholder::SERVICE)
                .what("name each service"),
        ));
    }
    check_names(&release, &services)?;
    let git = git(root, env)?;
    let head = git.head()?;
    let repository = match existing {
        Some(project) => project.current.policy.project.clone(),
        None => git.repository_name()?,
    };
    let places = &phase.places;
    let archived = |attempt: &u64| root.exists(&places.archive(&release, *attempt, 1));
    let next = (1..=MOST_ATTEMPTS).find(|attempt| !archived(attempt)).ok_or_else(|| {
        Failure::refused(format!("{release} has no free attempt in {}", places.archives())).advise(
            Advice::answer("make it a directory that can be read, or name another version")
                .at(Location::file(places.archives())),
        )
    })?;
    let attempt = args.attempt.unwrap_or(next);
    if archived(&attempt) {
        return Err(Failure::refused(format!("attempt {attempt} of {release} is archived"))
            .advise(Advice::d3p(["init", "--release", &release, "--attempt", &next.to_string()])));
    }
    if let Some(told) = existing.and_then(Project::told_release)
        && told != format!("{release}+{attempt}")
    {
        let (version, _) = told.rsplit_once('+').unwrap_or((&told, ""));
        return Err(Failure::refused(format!(
            "the ledger here is that of {told}, which is not closed, and its manifest is gone"
        ))
        .advise(restore())
        .advise(
            Advice::d3p(["init", "--release", version])
                .what("where nobody has the manifest any more, write it anew"),
        ));
    }
    let commit = handover::commit(phase, root, &release).unwrap_or(head.commit);
    let proposal = proposal(args, root, &git, &release, &commit)?;
    Ok(Scaffold { release, commit, repository, attempt, services, proposal })
}

/// Names that would break the files they are written into are refused before anything is written.
fn check_names(release: &str, services: &[String]) -> Result<(), Failure> {
    let plain = |text: &str| {
        !text.is_empty()
            && text.len() <= 100
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
            && !text.starts_with(['.', '-', '+'])
    };
    if !plain(release) {
        return Err(Failure::usage(format!("`{release}` is not a version"))
            .note("letters, digits, and . _ + - after the first: v1.4.0, 2026.11.21, 1.0.0-rc.1"));
    }
    let lower =
        |name: &&String| plain(name) && !name.chars().any(|c| c.is_ascii_uppercase() || c == '+');
    if let Some(name) = services.iter().find(|name| !lower(name)) {
        return Err(Failure::usage(format!("`{name}` is not a service name"))
            .note("lower-case letters, digits, and . _ - after the first: api, web-shop"));
    }
    let mut seen = services.to_vec();
    seen.sort();
    seen.dedup();
    if seen.len() < services.len() {
        return Err(Failure::usage("a service is named twice"));
    }
    Ok(())
}

fn plan(
    root: &Root,
    phase: &Phase,
    scaffold: &Scaffold,
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
    context.insert("previous", scaffold.proposal.previous.as_deref().unwrap_or("v1.3.2"));
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
    for def in phase.evidence.values() {
        if let Some(template) = &def.template {
            files.push((def.path.clone(), render(template, skeleton(template), &context)?));
        }
    }
    let mut changes = ChangeSet::new(root);
    for (path, text) in files {
        if root.exists(&path) {
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
fn lacking_attributes(root: &Root) -> Result<Vec<String>, Failure> {
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

fn render(name: &str, text: Option<&str>, context: &Context) -> Result<String, Failure> {
    let text = text.ok_or_else(|| {
        Failure::incomplete(format!("there is no template `{name}`")).code(Code::Internal)
    })?;
    assets::render(text, context).map_err(|why| {
        Failure::incomplete(format!("template {name} cannot be rendered: {why}"))
            .code(Code::Internal)
    })
}
