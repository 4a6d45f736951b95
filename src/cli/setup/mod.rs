//! `d3p setup`: writes what a release needs of the project into `d3p.yaml`, before a release is begun.
//!
//! Each value comes from the command line, or from what the repository, its history and the metric server
//! show; where it comes from is told. What stands in `d3p.yaml` already is kept, unless it was given.

mod found;
mod observed;
mod people;
mod rehearse;
mod signals;
mod ways;

use crate::cli::Failure;
use crate::cli::args::SetupArgs;
use crate::cli::common::{Global, git, open_root};
use crate::collect::git::Git;
use crate::definition::Phase;
use crate::env::{Env, Exit};
use crate::model::{Advice, Location, Sha256Digest};
use crate::render::{clean, json};
use crate::sign::SIGNERS_PATH;
use crate::source::{
    Loaded, PROJECT_FILE, Root, embedded_phase, load_phase_of, phase_of, read_policy,
};
use crate::text::{edit, pointer, yaml};
use crate::write::ChangeSet;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A value that is proposed for `d3p.yaml`.
pub(super) struct Proposal {
    /// Where it stands.
    keys: Vec<String>,
    value: Value,
    /// Where it comes from, for people.
    source: String,
    /// Whether it was given, and replaces what is there.
    given: bool,
    /// The file, and the line in it, that it was read from.
    file: Option<String>,
}

impl Proposal {
    fn new(keys: &[&str], value: Value, source: impl Into<String>) -> Self {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Self { keys, value, source: source.into(), given: false, file: None }
    }

    fn given(keys: &[&str], value: Value, source: impl Into<String>) -> Self {
        Self { given: true, ..Self::new(keys, value, source) }
    }

    /// Says which file it was read from, which a comment beside it will say too.
    fn at(self, file: &str) -> Self {
        Self { file: Some(file.to_owned()), ..self }
    }

    fn pointer(&self) -> String {
        self.keys.iter().fold(String::new(), |path, key| format!("{path}/{}", pointer::escape(key)))
    }
}

/// What is known before anything is proposed.
struct Known<'a> {
    root: &'a Root,
    phase: &'a Phase,
    /// The files that git tracks, or would once they are added.
    files: Vec<String>,
    /// Name and address of who wrote the last commit.
    author: (String, String),
    /// Those of everybody who wrote one lately.
    authors: Vec<(String, String)>,
    /// What stands in `d3p.yaml`.
    policy: Value,
}

impl Known<'_> {
    /// The first of these files that is there, and its text.
    fn first<'a>(&self, paths: &[&'a str]) -> Option<(&'a str, String)> {
        paths.iter().find_map(|path| Some((*path, self.text(path)?)))
    }

    fn text(&self, path: &str) -> Option<String> {
        match self.root.load(path) {
            Loaded::File(file) => Some(file.text),
            Loaded::Faulty { .. } => None,
        }
    }
}

pub(super) fn run(args: &SetupArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let root = open_root(&global.directory)?;
    let git = git(&root, env)?;
    let there = match root.load(PROJECT_FILE) {
        Loaded::File(file) => Some((file.text, file.digest)),
        Loaded::Faulty { .. } => None,
    };
    let phase = match there {
        Some(_) => phase_of(&root, global.phase())?,
        None => embedded_phase()?,
    };
    let name = git.repository_name()?;
    let text = there.as_ref().map_or_else(|| header(&name), |(text, _)| text.clone());
    let known = Known {
        root: &root,
        phase: &phase,
        files: git.files(true)?,
        author: author(&git)?,
        authors: git.who_wrote()?,
        policy: yaml::parse(&text).unwrap_or_default(),
    };
    let (proposals, signers) = proposals(args, &known, &name, env)?;
    let mut done = Vec::new();
    let (mut new, mut policy) = (text, known.policy.clone());
    for own in proposals {
        let now = policy.pointer(&own.pointer());
        let state = match now {
            Some(now) if *now == own.value => continue,
            Some(_) if !own.given => "kept",
            _ => "wrote",
        };
        if state == "wrote" {
            let keys: Vec<&str> = own.keys.iter().map(String::as_str).collect();
            new = edit::put(&new, &keys, &own.value).ok_or_else(|| by_hand(&own))?;
            policy = yaml::parse(&new).unwrap_or_default();
        }
        done.push((state, own));
    }
    let new = sourced(new, &done);
    usable(&new)?;
    let mut changes = ChangeSet::new(&root);
    let was: Option<Sha256Digest> = there.map(|(_, digest)| digest);
    changes.replace(PROJECT_FILE, new, was);
    people::sign_up(&root, &signers, &name, &mut changes)?;
    changes.apply()?;
    if global.human() || !args.rehearse {
        show(&done, &signers, &root, global, env)?;
    }
    if args.rehearse { rehearse::rehearse(&root, global, env) } else { Ok(Exit::Passed) }
}

/// The text with a comment behind each line that was read from a file: which one, and where in it.
fn sourced(text: String, done: &[(&str, Proposal)]) -> String {
    let mut behind: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (_, own) in done.iter().filter(|(state, _)| *state == "wrote") {
        let range = yaml::locate(&text, &own.pointer(), false);
        let (Some(file), Some(range)) = (&own.file, range) else { continue };
        let last = range.start + text[range.clone()].trim_end().len();
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        if !text[last..end].contains('#') {
            behind.entry(end).or_default().push(file);
        }
    }
    let mut new = text.clone();
    for (end, files) in behind.iter().rev() {
        new.insert_str(*end, &format!(" # {}", files.join(", ")));
    }
    if yaml::parse(&new).ok() == yaml::parse(&text).ok() { new } else { text }
}

fn header(name: &str) -> String {
    format!(
        "# What a release of {name} must show. `d3p schema d3p` describes every key, `d3p explain KEY` one.\n"
    )
}

fn author(git: &Git) -> Result<(String, String), Failure> {
    Ok(git.last_author()?.unwrap_or_default())
}

/// Everything that is proposed, in the order in which it is written, and the keys of persons.
fn proposals(
    args: &SetupArgs,
    known: &Known<'_>,
    name: &str,
    env: &Env<'_>,
) -> Result<(Vec<Proposal>, Vec<people::Signer>), Failure> {
    let new = known.policy.get("project").is_none();
    let mut all = Vec::new();
    if new {
        all.push(Proposal::new(&["phase"], json!(known.phase.id), "the phase for going live"));
        all.push(Proposal::new(&["phase_version"], json!(known.phase.version), "its version"));
        all.push(Proposal::new(&["project"], json!(name), "the repository"));
    }
    let services = found::services(args, known, name);
    let list = services.value.clone();
    all.push(services);
    let (persons, signers) = people::persons(args, known, env)?;
    all.extend(persons);
    all.extend(people::without(args, known)?);
    all.extend(found::hooks(known, &list));
    all.extend(found::programs(env));
    all.extend(found::configuration(known, &list));
    all.extend(signals::health(args)?);
    let asked = signals::metrics(args, known)?;
    let observed = observed::observed(known, &asked);
    all.extend(asked);
    all.extend(observed);
    Ok((all, signers))
}

fn by_hand(own: &Proposal) -> Failure {
    Failure::refused(format!("{PROJECT_FILE} is written so that a program cannot change it"))
        .advise(Advice::edit(
            Location::key(PROJECT_FILE, own.pointer()),
            format!("write {}: {}", own.keys.join("."), edit::flow(&own.value)),
        ))
        .note("nothing was written")
}

/// Insists that what is written can be read.
fn usable(text: &str) -> Result<(), Failure> {
    read_policy(text).map(|_| ()).map_err(|broken| {
        Failure::from(broken).note("nothing was written: what was given does not fit")
    })
}

fn show(
    done: &[(&str, Proposal)],
    signers: &[people::Signer],
    root: &Root,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let project = load_phase_of(root, global.phase())?;
    let lacking = found::lacking(&project, (env.now)());
    if !global.human() {
        let keys = done.iter().map(|(state, own)| {
            json!({ "key": own.keys.join("."), "value": own.value, "source": own.source, "state": state })
        });
        let lacking: Vec<Value> = lacking.iter().map(|line| json!(line)).collect();
        let view = json!({ "keys": keys.collect::<Vec<_>>(), "lacking": lacking });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(());
    }
    for (state, own) in done {
        let value = edit::flow(&own.value);
        writeln!(env.out, "{state:<5} {}: {}", own.keys.join("."), clean(&value))?;
        writeln!(env.out, "        from {}", clean(&own.source))?;
    }
    for signer in signers {
        writeln!(env.out, "signs {} with {}", clean(&signer.principal), signer.fingerprint)?;
    }
    for line in &lacking {
        writeln!(env.out, "lacks {}", clean(line))?;
    }
    writeln!(
        env.out,
        "\nread {PROJECT_FILE} and {SIGNERS_PATH}: whoever writes them says who may approve"
    )?;
    writeln!(
        env.out,
        "next: git add --all; git commit --message \"how we release\"; d3p init --release VERSION"
    )?;
    Ok(())
}
