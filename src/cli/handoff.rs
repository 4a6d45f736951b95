//! `d3p handoff`: what each consumer of a release is given, as one file; and who took it (P11-5, P11-H).

use crate::bundle::OWN;
use crate::cli::args::HandoffArgs;
use crate::cli::bundle::{own_members, pack_into};
use crate::cli::change;
use crate::cli::common::{Global, files, ledger_entry, open_release};
use crate::cli::session::Session;
use crate::cli::{Code, Failure};
use crate::decide::{Assessment, assess};
use crate::decisions::not_a_person;
use crate::definition::ConsumerDef;
use crate::env::{Env, Exit};
use crate::model::{Advice, Piece, Placeholder, Sha256Digest, State};
use crate::project::{Project, Release, ReleaseFiles, release_files};
use crate::record::{Entry, EntryKind, FileDigest, Handoff};
use crate::render::{clean, handoff, json};
use crate::source::Root;
use crate::write::ChangeSet;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The list of what the release changes, in a handoff.
const CHANGES: &str = "changes.json";

pub(super) fn run(args: &HandoffArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let Some(consumer) = &args.consumer else { return list(global, env) };
    match (&args.taken_by, &args.output) {
        (Some(person), _) => taken(consumer, person, global, env),
        (None, Some(output)) => {
            let (root, project) = global.open()?;
            let release = open_release(&project)?;
            let def = known(&project, consumer)?;
            let given = given(&project, def)?;
            let (own, held) = match def.whole {
                true => (own_members(&project.phase), release_files(&project)),
                false => (
                    changed(def, &root, &project, env)?,
                    ReleaseFiles { files: given, ..ReleaseFiles::default() },
                ),
            };
            let output = global.directory.join(output);
            let (manifest, packed, _) = pack_into(&output, &root, &project, &release, &held, &own)?;
            let shown = output.display().to_string();
            if global.human() {
                let count = files(manifest.files.len());
                writeln!(
                    env.out,
                    "packed for {}: {count} in {}",
                    clean(&def.title),
                    clean(&shown)
                )?;
                writeln!(env.out, "sha256:{}", packed.sha256)?;
                let next = format!("d3p handoff {consumer} --taken-by \"FULL NAME\"");
                writeln!(env.out, "once somebody took it: {next}")?;
            } else {
                let paths: Vec<&str> = manifest.files.iter().map(|own| own.path.as_str()).collect();
                let view = json!({ "consumer": consumer, "file": shown, "sha256": packed.sha256.to_string(), "files": paths });
                env.out.write_all(json::pretty(&view).as_bytes())?;
            }
            Ok(Exit::Passed)
        }
        (None, None) => Err(Failure::usage("name the file, or who took it")
            .advise(Advice::d3p(["handoff", consumer]).fill(Placeholder::FILE))
            .advise(Advice::d3p(["handoff", consumer]).with("--taken-by", Placeholder::FULL_NAME))),
    }
}

fn known<'a>(project: &'a Project, consumer: &str) -> Result<&'a ConsumerDef, Failure> {
    project.phase.consumers.get(consumer).ok_or_else(|| {
        let known: Vec<&str> = project.phase.consumers.keys().map(String::as_str).collect();
        Failure::usage(format!("nothing is handed to `{consumer}`"))
            .note(format!("there are: {}", known.join(", ")))
    })
}

fn given(project: &Project, def: &ConsumerDef) -> Result<BTreeSet<String>, Failure> {
    let files = project.given_to(def);
    match files.is_empty() {
        false => Ok(files),
        true => Err(Failure::refused(format!("nothing that {} is given is there yet", def.title))
            .advise(Advice::d3p(["status", "--next"]))),
    }
}

/// What the release changes of the kinds that a consumer is told of, as the commit has it.
fn changed(
    def: &ConsumerDef,
    root: &Root,
    project: &Project,
    env: &Env<'_>,
) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut out = BTreeMap::new();
    if def.changes.is_empty() {
        return Ok(out);
    }
    let changed = change::files_of(root, project, &def.changes, env)?;
    let mut listed = Vec::new();
    for (path, bytes) in changed.files {
        let sha256 = bytes.as_ref().map(|bytes| Sha256Digest::of(bytes).to_string());
        listed.push(json!({ "path": path, "sha256": sha256 }));
        if let Some(bytes) = bytes {
            out.insert(format!("{OWN}changed/{path}"), bytes);
        }
    }
    let list = json!({ "since": changed.since, "commit": changed.commit, "kinds": def.changes, "files": listed });
    out.insert(format!("{OWN}{CHANGES}"), json::pretty(&list).into_bytes());
    Ok(out)
}

/// Records who took it; nobody takes what is not there or did not pass.
fn taken(
    consumer: &str,
    person: &str,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if let Some(why) = not_a_person(person) {
        return Err(Failure::usage(format!("--taken-by: {} is no person: {why}", clean(person))));
    }
    let mut session = global.session_locked()?;
    let release = open_release(&session.project)?;
    let now = (env.now)();
    {
        let project = &session.project;
        let def = known(project, consumer)?;
        let assessment = assess(project, now);
        if let Some(why) = lacking(project, &assessment, def) {
            return Err(Failure::refused(format!("{} takes nothing yet: {why}", def.title))
                .code(Code::Refused)
                .advise(Advice::d3p(["status", "--next"])));
        }
        let entry = entry(&session, &release, consumer, person, now, env)?;
        let mut changes = ChangeSet::new(session.root());
        changes.append_line(project.places().ledger(), entry.to_line());
        session.apply(changes)?;
    }
    session.reread()?;
    let project = &session.project;
    let assessment = assess(project, now);
    if global.human() {
        let title = clean(&project.phase.consumers[consumer].title);
        writeln!(env.out, "taken: {title}, by {}", clean(person))?;
        write!(env.out, "{}", handoff(project, &assessment))?;
    } else {
        let view = json!({ "consumer": consumer, "taken_by": person });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(Exit::Passed)
}

fn entry(
    session: &Session,
    release: &Release,
    consumer: &str,
    person: &str,
    now: crate::model::Stamp,
    env: &Env<'_>,
) -> Result<Entry, Failure> {
    let project = &session.project;
    let paths = given(project, known(project, consumer)?)?;
    let digests = paths.into_iter().filter_map(|path| {
        let sha256 = project.digest_of(&path)?.to_string();
        Some(FileDigest { path, sha256 })
    });
    Ok(Entry {
        digests: digests.collect(),
        handoff: Some(Handoff { consumer: consumer.to_owned(), taken_by: person.to_owned() }),
        ..ledger_entry(project, EntryKind::HandedOver, release, now, env)
    })
}

/// What of the evidence of a consumer is demanded and did not pass.
fn lacking(project: &Project, assessment: &Assessment, def: &ConsumerDef) -> Option<String> {
    def.evidence.iter().find_map(|kind| {
        let own = project.evidence(kind)?;
        let absent = own.file.is_absent();
        if absent && project.is_optional(own.def) {
            return None;
        }
        let state = assessment.states.get(&Piece::Evidence(kind.clone())).copied();
        let passed = state.is_some_and(State::satisfies);
        (!passed).then(|| format!("{kind} is {}", state.map_or("missing", |state| state.word())))
    })
}

/// Who is given what, and who took it.
fn list(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let view: Vec<Value> = project
        .phase
        .consumers
        .iter()
        .map(|(id, def)| {
            let taken = project.taken(id).map(|own| own.taken_by.as_str());
            json!({ "consumer": id, "title": def.title, "files": project.given_to(def), "changes": def.changes, "taken_by": taken })
        })
        .collect();
    if !global.human() {
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(Exit::Passed);
    }
    for (id, def) in &project.phase.consumers {
        let taken = project.taken(id).map(|own| format!("taken by {}", own.taken_by));
        let taken = taken.unwrap_or_else(|| "not taken".to_owned());
        writeln!(env.out, "{id}: {} ({})", clean(&def.title), clean(&taken))?;
        for path in project.given_to(def) {
            writeln!(env.out, "  {}", clean(&path))?;
        }
        for kind in &def.changes {
            writeln!(env.out, "  what the release changes of {}", clean(kind))?;
        }
    }
    Ok(Exit::Passed)
}
