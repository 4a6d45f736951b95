//! `d3p init`: scaffolds a release. Creates what is missing, keeps what is there, never overwrites.

mod agents;
mod carry;
mod ci;
mod documents;
mod from;
mod handover;
mod ignored;
mod join;
mod known;
mod opened;
mod plan;
mod proposal;
mod show;

use crate::cli::args::{ArchiveArgs, InitArgs, Outcome};
use crate::cli::common::{Global, git, open_root, trusted_git};
use crate::cli::{Failure, archive, doctor};
use crate::decide::assess;
use crate::definition::Phase;
use crate::env::{Env, Exit};
use crate::model::{Advice, Location, Placeholder, Span};
use crate::project::{Project, Release};
use crate::record::MOST_ATTEMPTS;
use crate::render::json;
use crate::rules::{begin, restore};
use crate::sign::SIGNERS_PATH;
use crate::source::{PROJECT_FILE, Root};
use crate::write::{Action, Planned};
use from::HandedOver;
use opened::{Opened, chosen, opened};
use plan::{lacking_attributes, plan};
use proposal::{Proposal, proposal};
use serde_json::Value;
use show::Done;

/// What the templates are filled with.
struct Scaffold {
    release: String,
    commit: String,
    repository: String,
    attempt: u64,
    services: Vec<String>,
    proposal: Proposal,
    /// Launches that went wrong, of which a fix has to be named.
    failed: Vec<String>,
    /// What the policy says already.
    known: Value,
}

pub(super) fn run(args: &InitArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match args.ci {
        None if args.agents => agents::run(args, &open_root(&global.directory)?, global, env),
        Some(forge) => ci::run(forge, args, &open_root(&global.directory)?, global, env),
        None => begin_release(args, global, env),
    }
}

fn begin_release(args: &InitArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let root = open_root(&global.directory)?;
    let mut opened = opened(&root, args.dry_run, global)?;
    if opened.project().is_some_and(|project| is_over(args, project, env)) {
        // Whoever closes it takes the lock.
        drop(opened);
        close(global, env)?;
        opened = self::opened(&root, args.dry_run, global)?;
    }
    let existing = opened.project();
    let phase = match existing {
        Some(project) => project.phase.clone(),
        None => chosen(global.phase(), &root)?,
    };
    let handed =
        args.from.as_deref().map(|file| from::read(file, &phase, global, env)).transpose()?;
    let scaffold = scaffold(args, &root, existing, &phase, handed.as_ref(), env)?;
    let joins = matches!(opened, Opened::Joined(_));
    let carried = match existing.filter(|own| own.release().is_none() && !joins) {
        Some(project) => carry::carried(project, &root, &scaffold),
        None => Vec::new(),
    };
    let mut changes = plan(&root, &phase, &scaffold, carried, joins)?;
    if let Some(handed) = &handed {
        handed.lay(&root, &mut changes)?;
    }
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
    let done = done((&opened, &planned, &scaffold, handed.as_ref()), args, &root, &phase, env)?;
    match global.human() {
        true => done.show(&phase, env)?,
        false => env.out.write_all(json::pretty(&done.view()).as_bytes())?,
    }
    Ok(Exit::Passed)
}

/// What was done, or would be, as it is told.
fn done<'a>(
    (opened, planned, scaffold, handed): (
        &Opened,
        &'a [Planned],
        &'a Scaffold,
        Option<&'a HandedOver>,
    ),
    args: &InitArgs,
    root: &Root,
    phase: &Phase,
    env: &Env<'_>,
) -> Result<Done<'a>, Failure> {
    let theirs = |path: &str| handed.is_some_and(|own| own.has(path));
    let paths = |action| -> Vec<&str> {
        paths(planned, action).into_iter().filter(|path| !theirs(path)).collect()
    };
    let kept: Vec<&str> = paths(Action::Keep);
    let earlier = match opened {
        Opened::Here(session) => {
            documents::earlier(session.files(), phase, &kept, &scaffold.release)
        }
        _ => documents::earlier(root, phase, &kept, &scaffold.release),
    };
    let lacking = match kept.contains(&".gitattributes") {
        true => lacking_attributes(root)?,
        false => Vec::new(),
    };
    Ok(Done {
        scaffold,
        created: paths(Action::Create),
        carried: paths(Action::Replace),
        handed,
        kept,
        earlier,
        ignored: ignored::ignored(root, phase, env),
        lacking,
        was_open: opened.project().and_then(Project::release).is_some(),
        dry_run: args.dry_run,
    })
}

/// Whether the release that is open is completed, and another one is to begin: nothing is left to do
/// about it but to close it.
fn is_over(args: &InitArgs, project: &Project, env: &Env<'_>) -> bool {
    let Some(open) = project.release().filter(|_| project.is_history().is_none()) else {
        return false;
    };
    let another = args.release.as_ref().is_some_and(|wanted| *wanted != open.version);
    // Who took what is handed over is told before; what nobody took keeps nothing open.
    let passed = || assess(project, (env.now)()).gates.iter().all(|gate| gate.is_valid());
    !args.dry_run && another && passed()
}

/// Closes the completed release.
fn close(global: &Global, env: &mut Env<'_>) -> Result<(), Failure> {
    let done = ArchiveArgs { outcome: Outcome::Completed, reason: None };
    match global.human() {
        true => archive::run(&done, global, env)?,
        false => archive::run(&done, global, &mut env.telling(&mut std::io::sink()))?,
    };
    Ok(())
}

fn paths(planned: &[Planned], action: Action) -> Vec<&str> {
    planned
        .iter()
        .filter(|planned| planned.action == action)
        .map(|planned| planned.path.as_str())
        .collect()
}

/// The services of the policy; else those that are named, or that were handed over.
fn services(
    args: &InitArgs,
    existing: Option<&Project>,
    handed: Option<&HandedOver>,
) -> Vec<String> {
    match (existing, handed) {
        (Some(project), _) => project.current.policy.services.clone(),
        (None, Some(handed)) if args.services.is_empty() => handed.services.clone(),
        _ => args.services.clone(),
    }
}

/// Which release is scaffolded; refuses over another one that is open.
fn scaffold(
    args: &InitArgs,
    root: &Root,
    existing: Option<&Project>,
    phase: &Phase,
    handed: Option<&HandedOver>,
    env: &Env<'_>,
) -> Result<Scaffold, Failure> {
    let open = existing.and_then(Project::release);
    not_over(open.as_ref(), args, root, existing)?;
    let services = services(args, existing, handed);
    if existing.is_some() && !args.services.is_empty() && args.services != services {
        return Err(Failure::refused("the services given differ from those in d3p.yaml").advise(
            Advice::edit(
                Location::key("d3p.yaml", "/services"),
                "change `services`; init never overwrites it",
            ),
        ));
    }
    if let Some(open) = open {
        let known = known::known(existing, (&open.version, &open.commit), None, None, (env.now)());
        return Ok(Scaffold {
            release: open.version,
            commit: open.commit,
            repository: open.repository,
            attempt: open.attempt,
            services,
            proposal: Proposal::default(),
            failed: Vec::new(),
            known,
        });
    }
    if let Some(project) = existing {
        let git = trusted_git(root, project, env);
        doctor::nothing_is_lost(&git, root, project)?;
        doctor::archives_lie_here(&git, root, project)?;
    }
    let release = named(args, &services, handed)?;
    let git = git(root, env)?;
    let head = git.head()?;
    let repository = match existing {
        Some(project) => project.current.policy.project.clone(),
        None => git.repository_name()?,
    };
    let attempt = free_attempt(args.attempt, &release, root, phase)?;
    not_told_otherwise(existing, &release, attempt)?;
    let commit = handed.map(|own| own.release.commit.clone());
    let commit = commit.or_else(|| handover::commit(phase, root, &release)).unwrap_or(head.commit);
    let own = own_places(phase);
    let proposal =
        proposal(args, root, &git, (&release, &commit), carry::previous(existing), &own)?;
    let failed = existing.map_or(&[][..], |project| &project.failed_launches);
    let failed = failed.iter().filter(|own| !own.incident.is_absent());
    let failed = failed.map(|own| own.release.name()).collect();
    let window = args.window.as_deref().map(|text| {
        Span::parse(text).map_err(|why| Failure::usage(format!("--window {text}: {why}")))
    });
    let known = known::known(
        existing,
        (&release, &commit),
        proposal.previous.as_deref(),
        window.transpose()?,
        (env.now)(),
    );
    Ok(Scaffold { release, commit, repository, attempt, services, proposal, failed, known })
}

/// Where policy, documents and records lie: a commit that touches nothing else is no change of the
/// release.
fn own_places(phase: &Phase) -> Vec<String> {
    let top = |path: &str| path.split_once('/').map_or(path, |(dir, _)| dir).to_owned();
    let places = [phase.places.directory(), phase.places.archives(), SIGNERS_PATH];
    let documents = phase.documents.values().map(|def| def.path.as_str());
    let mut all: Vec<String> = places.into_iter().chain(documents).map(top).collect();
    all.extend([PROJECT_FILE, ".gitattributes"].map(str::to_owned));
    all.sort();
    all.dedup();
    all
}

/// Refuses where another release is open, or where a manifest does not say of which one it is.
fn not_over(
    open: Option<&Release>,
    args: &InitArgs,
    root: &Root,
    existing: Option<&Project>,
) -> Result<(), Failure> {
    if let (Some(open), Some(wanted)) = (open, &args.release)
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
    if let (None, Some(path)) = (open, manifest.filter(|path| root.exists(path))) {
        return Err(Failure::refused(format!(
            "{path} is there, and does not say which release it is"
        ))
        .advise(Advice::d3p(["check", &path])));
    }
    Ok(())
}

/// The release that is asked for; its name and those of its services can be written into files.
fn named(
    args: &InitArgs,
    services: &[String],
    handed: Option<&HandedOver>,
) -> Result<String, Failure> {
    let over = handed.map(|own| own.release.version.clone());
    if let (Some(over), Some(wanted)) = (&over, &args.release)
        && over != wanted
    {
        return Err(Failure::refused(format!("{over} was handed over, and not {wanted}"))
            .advise(Advice::d3p(["init", "--release", over]).with("--from", Placeholder::FILE)));
    }
    let release = args.release.clone().or(over).ok_or_else(|| {
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
    check_names(&release, services)?;
    Ok(release)
}

/// The first attempt of `release` that no archive holds, or the one that is asked for.
fn free_attempt(
    asked: Option<u64>,
    release: &str,
    root: &Root,
    phase: &Phase,
) -> Result<u64, Failure> {
    let places = &phase.places;
    let archived = |attempt: &u64| root.exists(&places.archive(release, *attempt, 1));
    let next = (1..=MOST_ATTEMPTS).find(|attempt| !archived(attempt)).ok_or_else(|| {
        Failure::refused(format!("{release} has no free attempt in {}", places.archives())).advise(
            Advice::answer("make it a directory that can be read, or name another version")
                .at(Location::file(places.archives())),
        )
    })?;
    let attempt = asked.unwrap_or(next);
    if archived(&attempt) {
        return Err(Failure::refused(format!("attempt {attempt} of {release} is archived"))
            .advise(Advice::d3p(["init", "--release", release, "--attempt", &next.to_string()])));
    }
    Ok(attempt)
}

/// Refuses where the ledger here is that of another release, which nobody closed.
fn not_told_otherwise(
    existing: Option<&Project>,
    release: &str,
    attempt: u64,
) -> Result<(), Failure> {
    let told = existing.and_then(Project::told_release);
    let Some(told) = told.filter(|told| *told != format!("{release}+{attempt}")) else {
        return Ok(());
    };
    let (version, _) = told.rsplit_once('+').unwrap_or((&told, ""));
    Err(Failure::refused(format!(
        "the ledger here is that of {told}, which is not closed, and its manifest is gone"
    ))
    .advise(restore())
    .advise(
        Advice::d3p(["init", "--release", version])
            .what("where nobody has the manifest any more, write it anew"),
    ))
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
