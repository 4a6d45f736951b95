//! What became of the release between commits: the ledger only grew, what it names stayed, and a gate
//! was passed in a commit that had what it bound (`--history BASE..HEAD`).
//!
//! Each commit is compared with each of its parents, so a merge that drops what one side had is found
//! as well. Whoever rewrote all of it together rewrote the ids: the base is what a verifier kept.

use crate::cli::args::VerifyArgs;
use crate::cli::common::git;
use crate::cli::{Failure, lock};
use crate::collect::git::{GitError, History};
use crate::definition::EvidenceFormat;
use crate::env::Env;
use crate::model::{Advice, Finding, Location, Piece, Rule, Sha256Digest, Stamp, State};
use crate::project::{Project, short};
use crate::record::{Entry, EntryKind};
use crate::rules::{GL923, GL924, GL925, restore};
use crate::source::Root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What of the release lay in one commit.
#[derive(Default)]
struct Lay {
    /// Lines of ledgers, by digest.
    lines: BTreeMap<Sha256Digest, String>,
    /// Digests of all files.
    files: BTreeSet<String>,
}

struct Looked<'a> {
    history: History<'a>,
    project: &'a Project,
    /// Digest and text of what was read, by git's id; only ledgers and records keep their text.
    read: HashMap<String, (String, Option<String>)>,
    found: Vec<Finding>,
}

/// What git's history and the repository of the launch lock say otherwise, where they are asked.
pub(super) fn of_others(
    args: &VerifyArgs,
    root: &Root,
    project: &Project,
    now: Stamp,
    env: &Env<'_>,
) -> Result<Vec<Finding>, Failure> {
    let mut found = Vec::new();
    if let Some(range) = &args.history {
        found.extend(compared(range, root, project, env)?);
    }
    if args.remote && project.effective().policy.launch_lock.is_none() {
        return Err(Failure::usage("--remote: d3p.yaml names no launch_lock to ask"));
    }
    if args.remote {
        found.extend(lock::compared(root, project, now, env));
    }
    Ok(found)
}

/// Compares the commits of `range` with their parents.
///
/// # Errors
/// When the range is none, or git cannot give it.
fn compared(
    range: &str,
    root: &Root,
    project: &Project,
    env: &Env<'_>,
) -> Result<Vec<Finding>, Failure> {
    let wrong =
        || Failure::usage(format!("--history {range}: expected BASE..HEAD, such as v1.3.0..HEAD"));
    let (base, head) =
        range.split_once("..").filter(|(base, _)| !base.is_empty()).ok_or_else(wrong)?;
    let head = if head.is_empty() { "HEAD" } else { head };
    let git = git(root, env)?;
    let id = |name: &str| {
        git.commit_of(name)?
            .ok_or_else(|| Failure::incomplete(format!("--history {range}: no commit {name} here")))
    };
    let (base, head) = (id(base)?, id(head)?);
    let history = git.history(&base, &head)?;
    let mut own = Looked { history, project, read: HashMap::new(), found: Vec::new() };
    for commit in own.history.commits.clone() {
        let after = own.lay(&commit)?;
        let mut before = Vec::new();
        for parent in own.history.parents(&commit)? {
            let lay = own.lay(&parent)?;
            own.gone(&commit, &lay, &after);
            before.push(lay);
        }
        own.passed(&commit, &before, &after)?;
    }
    let there = own.lay(&head)?;
    own.not_here(&there);
    Ok(own.found)
}

impl Looked<'_> {
    fn lay(&mut self, commit: &str) -> Result<Lay, GitError> {
        let places = self.project.places();
        let (ledger, dirs) = (places.ledger(), [places.directory(), places.archives()]);
        let mut lay = Lay::default();
        for dir in dirs {
            for (path, id) in self.history.files(commit, dir)? {
                let is_ledger = path.ends_with(ledger) || path.ends_with(file_name(ledger));
                let keeps = is_ledger || path.ends_with(".json");
                let (digest, text) = self.file(&id, keeps)?;
                lay.files.insert(digest);
                for line in text.iter().filter(|_| is_ledger).flat_map(|text| text.lines()) {
                    lay.lines.insert(Sha256Digest::of(line.as_bytes()), line.to_owned());
                }
            }
        }
        Ok(lay)
    }

    fn file(&mut self, id: &str, keep: bool) -> Result<(String, Option<String>), GitError> {
        if let Some(known) = self.read.get(id) {
            return Ok(known.clone());
        }
        let bytes = self.history.bytes(id)?;
        let digest = Sha256Digest::of(&bytes).to_string();
        let text = if keep { String::from_utf8(bytes).ok() } else { None };
        self.read.insert(id.to_owned(), (digest.clone(), text.clone()));
        Ok((digest, text))
    }

    fn find(&mut self, rule: &'static Rule, message: String) {
        let place = Location::file(self.project.places().ledger());
        let finding = Finding::new(rule, Piece::Ledger, place, message).state(State::Invalid);
        let look = Advice::answer(
            "find out who made that commit, and why; what it took away lies in its parent",
        );
        self.found.push(finding.advise(restore().or(look)));
    }

    /// What a parent had and the commit has not.
    fn gone(&mut self, commit: &str, before: &Lay, after: &Lay) {
        let lost = before.lines.iter().filter(|(digest, _)| !after.lines.contains_key(digest));
        let lost: Vec<String> = lost.map(|(_, line)| told(line)).collect();
        if let Some(first) = lost.first() {
            let (commit, more) = (short(commit), lost.len() - 1);
            let message =
                format!("commit {commit} took a line of the ledger away, {first}, and {more} more");
            self.find(&GL923, message);
        }
        let entries =
            before.lines.values().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        let gone: BTreeSet<(String, String)> = entries
            .flat_map(|entry| entry.digests.into_iter().chain(entry.record))
            .filter(|file| {
                before.files.contains(&file.sha256) && !after.files.contains(&file.sha256)
            })
            .map(|file| (file.path, file.sha256))
            .collect();
        if let Some((path, sha256)) = gone.first() {
            let (commit, more) = (short(commit), gone.len() - 1);
            let message = format!(
                "commit {commit} took away what the ledger names, {path} (sha256 {sha256}), and {more} more"
            );
            self.find(&GL924, message);
        }
    }

    /// Gates that were passed in a commit that had not what they bound.
    fn passed(&mut self, commit: &str, before: &[Lay], after: &Lay) -> Result<(), GitError> {
        let known = |digest: &Sha256Digest| before.iter().any(|lay| lay.lines.contains_key(digest));
        let new = after.lines.iter().filter(|(digest, _)| !known(digest));
        let new: Vec<Entry> = new.filter_map(|(_, line)| serde_json::from_str(line).ok()).collect();
        let texts: HashMap<&str, &str> = self
            .read
            .values()
            .filter_map(|(digest, text)| Some((digest.as_str(), text.as_deref()?)))
            .collect();
        // A log may have grown since it was bound.
        let phase = &self.project.phase;
        let is_log = |path: &str| {
            let mut logs = phase.evidence.values();
            logs.any(|def| def.path == path && def.format == EvidenceFormat::AppendOnly)
        };
        let mut told = Vec::new();
        for entry in new.iter().filter(|entry| entry.kind == EntryKind::GatePassed) {
            let (Some(record), Some(gate)) = (&entry.record, &entry.gate) else { continue };
            let is_there = |sha256: &str| after.files.contains(sha256);
            let text = texts.get(record.sha256.as_str()).filter(|_| is_there(&record.sha256));
            let lacks = match text {
                None => Some(record.path.clone()),
                Some(text) => {
                    let lacking =
                        |(path, sha256): &(String, String)| !is_log(path) && !is_there(sha256);
                    bound(text).into_iter().find(lacking).map(|(path, _)| path)
                }
            };
            if let Some(path) = lacks {
                told.push(format!(
                    "gate {gate} was passed in commit {}, which has not what it bound: {path}",
                    short(commit)
                ));
            }
        }
        told.into_iter().for_each(|message| self.find(&GL925, message));
        Ok(())
    }

    /// What the last commit had, and what lies here has not.
    fn not_here(&mut self, there: &Lay) {
        let here: BTreeSet<Sha256Digest> = self
            .project
            .ledgers()
            .iter()
            .flat_map(|own| own.lines.iter().map(|line| line.digest))
            .collect();
        // Archives of other releases are not read here, and stay in the commit.
        let release = self.project.release().map(|release| release.name()).unwrap_or_default();
        let own = |line: &str| {
            serde_json::from_str::<Entry>(line).is_ok_and(|entry| entry.release == release)
        };
        let lost = there.lines.iter().filter(|(digest, line)| !here.contains(digest) && own(line));
        let lost: Vec<String> = lost.map(|(_, line)| told(line)).collect();
        if let Some(first) = lost.first() {
            let more = lost.len() - 1;
            let message = format!(
                "what lies here lacks a line of the ledger that is committed, {first}, and {more} more"
            );
            self.find(&GL923, message);
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a line is about, in words.
fn told(line: &str) -> String {
    match serde_json::from_str::<Entry>(line) {
        Ok(entry) => {
            let kind = serde_json::to_value(entry.kind).ok();
            let kind = kind.as_ref().and_then(Value::as_str).unwrap_or("a line").to_owned();
            let what = entry
                .gate
                .or(entry.hook)
                .or(entry.decided.map(|own| format!("{} by {}", own.decision, own.person)));
            format!("{kind} {} of {}, {}", what.unwrap_or_default(), entry.release, entry.at)
        }
        Err(_) => "one that cannot be read".to_owned(),
    }
}

/// The files that a gate's record bound, by digest: what is itself bound as a log may have grown.
fn bound(record: &str) -> Vec<(String, String)> {
    let value: Value = serde_json::from_str(record).unwrap_or_default();
    let list = value.pointer("/predicate/inputAttestations").and_then(Value::as_array);
    let read = |own: &Value| {
        let path = own.get("uri")?.as_str()?.to_owned();
        Some((path, own.pointer("/digest/sha256")?.as_str()?.to_owned()))
    };
    list.into_iter().flatten().filter_map(read).collect()
}
