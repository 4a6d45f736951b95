//! A project as loaded: its policy, its phase, its files, in the protocol's terms.
//!
//! Pure data. `source` fills it, `rules` and `decide` read it; nothing here touches the disk.

mod attested;
mod binding;
mod carried;
mod change;
mod controls;
mod damage;
mod earlier;
mod evidence;
mod facts;
mod file;
mod handoff;
mod hooks;
mod locate;
mod paths;
mod piece;
mod release;
mod release_files;
mod schedule;
pub(crate) mod sections;
mod wanted;

pub use attested::{Attestations, Bounds};
pub use binding::{bound_by_gate, files_bound_by, required_bindings};
pub use carried::{NOT_FROM_COMMIT, launch_input, made_output, not_from_commit, validated_input};
pub use change::ChangeRecord;
pub use controls::catalogues;
pub use damage::{Damage, Harm};
pub use earlier::{
    BaselineArchive, EarlierAttempt, FailedLaunch, LastLaunch, NO_RELEASE_BEFORE, NamedFix,
};
pub use evidence::Evidence;
pub use file::{Content, FileEntry, ReadAs};
pub use hooks::step_hooks;
pub use locate::locate;
pub use paths::{declared_paths, glob};
pub use piece::piece_of;
pub use release::{Release, short};
pub use release_files::{
    ReleaseFiles, Unsealed, beside, is_accounted, outside, release_files, unreadable,
};
pub use schedule::agreed;

use crate::definition::{Change, Effective, Phase, PolicyPart};
use crate::model::{Advice, Location, Mark, Places, Sha256Digest, Stamp};
use crate::record::{
    Authorship, CheckedChange, CheckedFix, Ending, Entry, EntryKind, Ledger, Line, Lineage, Run,
};
use crate::sign::{AllowedSigners, Verifier};
use crate::text::Fault;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// The file of the policy, relative to the project.
const POLICY_FILE: &str = "d3p.yaml";

/// Everything a verdict is computed from, except the clock.
#[derive(Debug)]
pub struct Project {
    /// The phase definition.
    pub phase: Arc<Phase>,
    /// Its part of `d3p.yaml`.
    pub part: PolicyPart,
    /// The other phases that `d3p.yaml` names.
    pub others: Vec<Arc<Phase>>,
    /// Whether commands have to name the phase: another one is meant where none is named.
    pub named: bool,
    /// The policy as `d3p.yaml` says it now.
    pub current: Effective,
    /// The policy as gate 1 froze it.
    pub frozen: Option<Effective>,
    /// What differs between the two.
    pub policy_changes: Vec<Change>,
    /// Every file that was looked at, by path; absent ones too.
    pub files: BTreeMap<String, FileEntry>,
    /// Where each prerequisite lies: its id → the path that counts.
    pub prerequisite_paths: BTreeMap<String, String>,
    /// Digests of files that evidence cites and that are not in `files`.
    pub cited: BTreeMap<String, Result<Sha256Digest, Fault>>,
    /// Raw files whose content is judged: records of runs, envelopes, imported reports, the baseline.
    pub raw: BTreeMap<String, FileEntry>,
    /// Digests of the copies in `objects/`, by file name.
    pub objects: BTreeMap<String, Sha256Digest>,
    /// What is not as it was when the release was closed.
    pub unsealed: Vec<Unsealed>,
    /// Everything that lies below `.artifacts/deployment/`.
    pub listing: BTreeSet<String>,
    /// The ledger.
    pub ledger: Ledger,
    /// Who may sign, as `.d3p/allowed_signers` says; `None` without that file.
    pub signers: Option<AllowedSigners>,
    /// The signatures of people that were verified so far: each once, whoever asks.
    pub signatures: Verifier,
    /// What a verifier had seen, by digest, and when (`--expect-head`); see [`Self::witnessed`].
    pub kept: BTreeMap<Sha256Digest, Stamp>,
    /// Made when it is first asked for; see [`Self::attested`].
    pub(crate) attested: OnceLock<Attestations>,
    /// Archived attempts at the same release.
    pub earlier: Vec<EarlierAttempt>,
    /// Decisions in archives of other versions that speak of this commit.
    pub same_commit: Vec<FileEntry>,
    /// The archived release that the pinned baseline lies in, if it lies in one.
    pub baseline: Option<BaselineArchive>,
    /// Who wrote the release, where git was asked just now; see `decisions::authorship`.
    pub asked_authors: Option<Authorship>,
    /// What git was asked just now about the fixes that the manifest names.
    pub asked_fixes: Option<Vec<CheckedFix>>,
    /// What git was asked just now about what the release changes.
    pub asked_change: Option<CheckedChange>,
    /// Archived releases that were launched since the last launch that stands, and went wrong.
    pub failed_launches: Vec<FailedLaunch>,
    /// The last release that was launched and is archived; `None` for the first.
    pub last_launch: Option<LastLaunch>,
    /// What is made of all this when it is first asked for.
    pub(crate) once: Once,
}

/// What is made of a project when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct Once {
    /// See [`Project::lineage`].
    lineage: OnceLock<Lineage>,
    /// Where the records of runs lie, in their order; see [`Project::runs`].
    runs: OnceLock<Vec<String>>,
    /// The digests of files that lines of the ledger name.
    named_files: OnceLock<BTreeSet<String>>,
}

/// A run that began.
#[derive(Clone, Copy, Debug)]
pub struct Began<'a> {
    /// Its hook.
    pub hook: &'a str,
    /// The line that says so; its id is the run's.
    pub line: &'a Line,
}

impl Project {
    /// The policy that verdicts are computed with: the frozen one once there is one.
    pub fn effective(&self) -> &Effective {
        self.frozen.as_ref().unwrap_or(&self.current)
    }

    /// Where its releases lie.
    pub fn places(&self) -> &Places {
        &self.phase.places
    }

    /// Turns a place in the policy into the one where it stands in the file.
    pub fn place(&self, location: &mut Location) {
        if location.path == POLICY_FILE
            && let Mark::Pointer(pointer) | Mark::Key(pointer) = &mut location.mark
        {
            *pointer = self.part.pointer(pointer);
        }
    }

    /// Names the phase in a command where another would be meant without it.
    pub fn name_phase(&self, advice: &mut Advice) {
        if self.named {
            advice.name_phase(&self.phase.id);
        }
    }

    /// A file that was looked at.
    pub fn file(&self, path: &str) -> Option<&FileEntry> {
        let earlier = || self.earlier.iter().flat_map(EarlierAttempt::files);
        let failed = || self.failed_launches.iter().flat_map(FailedLaunch::files);
        let archived =
            || earlier().chain(&self.same_commit).chain(failed()).find(|file| file.path == path);
        self.files.get(path).or_else(archived)
    }

    /// A file that is there, whatever it is worth.
    pub fn present(&self, path: &str) -> Option<&FileEntry> {
        self.file(path).filter(|file| !file.is_absent())
    }

    /// A piece of evidence by kind, there or not.
    pub fn evidence(&self, kind: &str) -> Option<Evidence<'_>> {
        let (kind, def) = self.phase.evidence.get_key_value(kind)?;
        Some(Evidence { kind, def, file: self.files.get(&def.path)? })
    }

    /// All evidence, in the phase's order.
    pub fn all_evidence(&self) -> impl Iterator<Item = Evidence<'_>> {
        self.phase.evidence.keys().filter_map(|kind| self.evidence(kind))
    }

    /// The release's identity, from the manifest's front matter.
    pub fn release(&self) -> Option<Release> {
        let (kind, _) = self.phase.identity()?;
        Release::read(self.evidence(kind)?.value()?)
    }

    /// When the launch began, once there was one: from then on what was approved is history. That is a
    /// fact of the ledger, which no file takes back: a report of it was recorded, or a hook that
    /// launches ended well. A report that lies there says when; else the line does. One that somebody
    /// laid there by hand is believed to tell of a launch, too.
    pub fn launched_at(&self) -> Option<Stamp> {
        let (kind, _) = self.phase.launch()?;
        let reported = self.evidence(kind).and_then(|launch| launch.started());
        reported.or_else(|| self.launch_told())
    }

    /// When the launch began, by the first line of the ledger that tells of one.
    fn launch_told(&self) -> Option<Stamp> {
        let (kind, def) = self.phase.launch()?;
        let release = self.release()?.name();
        let step = self.phase.step_producing(kind).map(|(step, _)| step);
        let hooks = step.map_or(Vec::new(), |step| step_hooks(self, step));
        let serves = |entry: &Entry| {
            hooks.iter().any(|(name, _)| entry.hook.as_deref() == Some(*name))
                && entry.outcome.is_some_and(Ending::succeeded)
        };
        let reports = |entry: &Entry| entry.digests.iter().any(|file| file.path == def.path);
        let line = self.ledger.lines.iter().find(|line| {
            let entry = &line.entry;
            entry.release == release
                && match entry.kind {
                    EntryKind::Recorded => reports(entry),
                    EntryKind::Ran => serves(entry),
                    _ => false,
                }
        })?;
        let record = line.entry.digests.first().map(|file| file.path.as_str());
        let begun = self.began().into_iter().find(|began| {
            record
                == Some(
                    format!("{}.json", self.places().run(began.hook, &began.line.entry.id))
                        .as_str(),
                )
        });
        Some(begun.map_or(line.at, |began| began.line.at))
    }

    /// Whether the ledger names a decision with this exact text as recorded for this release.
    pub fn names_decision(&self, text: &str) -> bool {
        let digest = Sha256Digest::of(text.as_bytes()).to_string();
        self.release().is_some_and(|release| {
            let mut decisions = self.ledger.decisions();
            decisions.any(|(line, decided)| {
                line.entry.release == release.name() && decided.statement == digest
            })
        })
    }

    /// Whether the ledger says that `path` was recorded for this release: then it must be there.
    pub fn was_recorded(&self, path: &str) -> bool {
        !self.recorded(path).is_empty()
    }

    /// The lines that say so, and the digest that each names, in the ledger's order.
    pub fn recorded(&self, path: &str) -> Vec<(&Entry, &str)> {
        let Some(release) = self.release().map(|release| release.name()) else {
            return Vec::new();
        };
        let lines = self.ledger.lines.iter().map(|line| &line.entry);
        let digest = |entry: &'_ Entry| entry.digests.iter().position(|file| file.path == path);
        lines
            .filter(|entry| entry.release == release)
            .filter_map(|entry| Some((entry, entry.digests[digest(entry)?].sha256.as_str())))
            .collect()
    }

    /// The runs of hooks for this release, commit and attempt, by path: those whose record is
    /// there as the ledger names it. One that was put there by hand is no run.
    pub fn runs(&self) -> Vec<(&str, &Run)> {
        let paths = self.once.runs.get_or_init(|| self.paths_of_runs()).iter();
        paths.filter_map(|path| Some((path.as_str(), self.raw.get(path)?.run()?))).collect()
    }

    fn paths_of_runs(&self) -> Vec<String> {
        let Some(release) = self.release() else { return Vec::new() };
        let known = self.known_runs();
        let runs = self.raw.iter().filter_map(|(path, file)| {
            if !self.places().is_run(path) || !known.contains(&(path.as_str(), file.digest?)) {
                return None;
            }
            let run = file.run()?;
            let ours = run.release == release.version
                && run.commit == release.commit
                && run.attempt == release.attempt;
            ours.then_some((path.as_str(), run))
        });
        let mut runs: Vec<(&str, &Run)> = runs.collect();
        runs.sort_by(|(path, a), (other, b)| {
            (&a.hook, a.number, path).cmp(&(&b.hook, b.number, other))
        });
        runs.iter().map(|(path, _)| (*path).to_owned()).collect()
    }

    /// The runs of hooks that began for this release and attempt, as the ledger says.
    pub fn began(&self) -> Vec<Began<'_>> {
        let Some(name) = self.release().map(|release| release.name()) else { return Vec::new() };
        let lines = self.ledger.lines.iter();
        lines
            .filter(|line| line.entry.kind == EntryKind::Began && line.entry.release == name)
            .filter_map(|line| Some(Began { hook: line.entry.hook.as_deref()?, line }))
            .collect()
    }

    /// The run that measured each entry of a log, by the entry's digest, as the ledger says.
    pub fn measured_by(&self) -> BTreeMap<&str, &str> {
        let lines = self.ledger.lines.iter().map(|line| &line.entry);
        lines
            .filter_map(|entry| {
                Some((entry.digests.first()?.sha256.as_str(), entry.run.as_deref()?))
            })
            .collect()
    }

    /// Whether a gate was passed for this release, be the pass still valid or not.
    pub fn was_passed(&self, gate: &str, release: &Release) -> bool {
        self.ledger.last_pass(gate).is_some_and(|line| line.entry.release == release.name())
    }

    /// The line that says that this release was closed, if it was: an archive that lies where it was
    /// laid, or one that somebody copied back.
    pub fn closed(&self) -> Option<&Line> {
        let name = self.release()?.name();
        let closes =
            |line: &&Line| line.entry.kind == EntryKind::Archived && line.entry.release == name;
        self.ledger.lines.iter().find(closes)
    }

    /// Where it says that this release is history, and in what words: it was closed, or an archive of
    /// this very attempt lies there, of which this is a copy.
    pub fn is_history(&self) -> Option<(Location, String)> {
        if let Some(line) = self.closed() {
            let place = Location::span(self.places().ledger(), line.range.clone());
            return Some((place, format!("was closed {}", line.at)));
        }
        let attempt = self.release()?.attempt;
        let archive = self.earlier.iter().find(|earlier| earlier.attempt == attempt)?;
        let dir =
            archive.ledger_file.path.strip_suffix(self.places().ledger())?.trim_end_matches('/');
        Some((Location::file(&archive.ledger_file.path), format!("lies closed in {dir}")))
    }

    /// What the ledger names where it says that a hook was run: records, logs and reports.
    pub fn known_runs(&self) -> BTreeSet<(&str, Sha256Digest)> {
        let ran = self.ledger.lines.iter().filter(|line| line.entry.kind == EntryKind::Ran);
        ran.flat_map(|line| &line.entry.digests)
            .filter_map(|file| Some((file.path.as_str(), Sha256Digest::parse(&file.sha256)?)))
            .collect()
    }

    /// Whether a line of the ledger names a file with this digest.
    pub fn names_file(&self, sha256: &str) -> bool {
        let read = || {
            let files = self.ledger.lines.iter().flat_map(|line| &line.entry.digests);
            files.map(|file| file.sha256.clone()).collect()
        };
        self.once.named_files.get_or_init(read).contains(sha256)
    }

    /// The digest that `path` has now: of a loaded file, a cited file, or neither.
    pub fn digest_of(&self, path: &str) -> Option<Sha256Digest> {
        match self.files.get(path) {
            Some(file) => file.digest,
            None => match self.raw.get(path) {
                Some(file) => file.digest,
                None => self.cited.get(path)?.as_ref().ok().copied(),
            },
        }
    }

    /// A section title or column heading in the author's language.
    pub fn translated<'a>(&'a self, title: &'a str) -> &'a str {
        self.effective().policy.titles.get(title).map_or(title, String::as_str)
    }

    /// How old a piece of evidence may be.
    pub fn max_age(&self, kind: &str) -> Option<crate::model::Span> {
        let policy = self.effective().policy.evidence.get(kind).and_then(|policy| policy.max_age);
        policy.or_else(|| self.phase.evidence.get(kind)?.max_age)
    }
}
