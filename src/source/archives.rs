//! Earlier attempts at the same release, in the archives: an objection does not end with an attempt,
//! nor does the ledger; and the last release that was launched, which the next one is compared with.

use crate::model::Stamp;
use crate::project::{
    BaselineArchive, EarlierAttempt, FailedLaunch, FileEntry, LastLaunch, Project, ReadAs, Release,
};
use crate::record::{Ending, EntryKind, Ledger, Line, MOST_ATTEMPTS, MOST_COPIES, Status};
use crate::schema::is_version;
use crate::source::load::too_large;
use crate::source::project::strict_line;
use crate::source::raw::faulty;
use crate::source::{Loaded, Tree, limit_of};
use crate::text::json;
use serde_json::Value;

/// How a file tells that it holds an objection.
const NO_GO: &str = "NO_GO";

/// Most bytes of earlier attempts that are read.
const TOTAL_LIMIT: u64 = 256 * 1024 * 1024;

/// The decisions in archives of other versions that speak of this project's commit, or object to what they
/// are about: the same source under another name is another release, a new version does not mend what
/// somebody objected to, and what they said is worth knowing.
pub(super) fn same_commit(root: &dyn Tree, project: &Project) -> Vec<FileEntry> {
    let (Some(release), Some((_, approval))) = (project.release(), project.phase.approval()) else {
        return Vec::new();
    };
    let mut left = TOTAL_LIMIT;
    // One of another name is none of the attempts, whatever lies in it.
    let is_attempt = |name: &str| {
        let dir = format!("{}/{name}/", project.places().archives());
        project.earlier.iter().any(|attempt| attempt.ledger_file.path.starts_with(&dir))
    };
    let others =
        root.directories(project.places().archives()).into_iter().filter(|name| !is_attempt(name));
    others
        .filter_map(|name| {
            let path = format!("{}/{name}/{}", project.places().archives(), approval.path);
            let Loaded::File(file) = root.load_within(&path, left.min(limit_of(&path))) else {
                return None;
            };
            left = left.saturating_sub(file.text.len() as u64);
            // An objection binds nobody any more once a later release was launched, and stands.
            let last = project.last_launch.as_ref().map(|last| last.archive.as_str());
            let speaks = file.text.contains(&release.commit)
                || file.text.contains(NO_GO)
                    && last != Some(&format!("{}/{name}", project.places().archives()));
            speaks.then(|| FileEntry::read(file.path, file.text, file.digest, ReadAs::Json))
        })
        .collect()
}

/// The archived attempts at this project's release, in their order, where they lie now.
pub(super) fn earlier_attempts(root: &dyn Tree, project: &Project) -> Vec<EarlierAttempt> {
    let Some(release) = project.release().filter(|release| is_version(&release.version)) else {
        return Vec::new();
    };
    let Some((_, approval)) = project.phase.approval() else { return Vec::new() };
    let load = |archive: &str, path: &str, read: ReadAs| load(root, archive, path, read);
    let mut out = Vec::new();
    let mut bytes: u64 = 0;
    for attempt in 1..=MOST_ATTEMPTS {
        let mut none = true;
        for copy in 1..=MOST_COPIES {
            let archive = project.places().archive(&release.version, attempt, copy);
            if !root.exists(&archive) {
                break;
            }
            none = false;
            let mut ledger_file = load(&archive, project.places().ledger(), ReadAs::Raw);
            let approval = load(&archive, &approval.path, ReadAs::Json);
            bytes += (ledger_file.text.len() + approval.text.len()) as u64;
            if bytes > TOTAL_LIMIT {
                ledger_file = faulty(
                    ledger_file.path,
                    too_large(project.places().archives(), None, TOTAL_LIMIT),
                    None,
                );
            }
            // What cannot be read keeps the gates shut by itself; the rest would say the same.
            let enough = !ledger_file.faults.is_empty() && !ledger_file.is_absent();
            let ledger = Ledger::parse(&ledger_file.text, strict_line);
            out.push(EarlierAttempt { attempt, approval, ledger, ledger_file });
            if enough {
                return out;
            }
        }
        if none && attempt >= release.attempt {
            break;
        }
    }
    out
}

/// The archived release that the pinned baseline lies in, as far as it shows what the baseline is.
pub(super) fn baseline_archive(root: &dyn Tree, project: &Project) -> Option<BaselineArchive> {
    let pinned = project.effective().policy.validation.baseline.as_ref()?;
    let (dir, _) = project.places().in_archive(&pinned.path)?;
    let ledger_file = load(root, dir, project.places().ledger(), ReadAs::Raw);
    let gates = project.phase.gates.iter();
    let records = gates
        .map(|(id, gate)| load(root, dir, &project.places().gate(gate.number, id), ReadAs::Json))
        .filter(|file| file.digest.is_some());
    let records = records.collect();
    let ledger = Ledger::parse(&ledger_file.text, strict_line);
    let approval = project.phase.approval();
    let approval = approval.map(|(_, def)| load(root, dir, &def.path, ReadAs::Json));
    Some(BaselineArchive { dir: dir.to_owned(), ledger_file, ledger, records, approval })
}

/// The archived releases that were launched after the last launch that stands, and went wrong: whose
/// report says so, or that somebody wrote an incident about. The latest first.
pub(super) fn failed_launches(root: &dyn Tree, project: &Project) -> Vec<FailedLaunch> {
    let phase = &project.phase;
    let (Some((_, launch)), Some((_, incident))) = (phase.launch(), phase.incident()) else {
        return Vec::new();
    };
    let (Some((_, manifest)), Some((_, rollback))) = (phase.identity(), phase.taken_back(false))
    else {
        return Vec::new();
    };
    let last = project.last_launch.as_ref();
    let mut out = Vec::new();
    for name in root.directories(project.places().archives()) {
        let archive = format!("{}/{name}", project.places().archives());
        if last.is_some_and(|last| last.archive == archive) {
            continue;
        }
        let launch = load(root, &archive, &launch.path, ReadAs::Json);
        let told = root.exists(&format!("{archive}/{}", incident.path));
        let said = |file: &FileEntry, key: &str| {
            file.value().and_then(|value| value.get(key)?.as_str().map(str::to_owned))
        };
        if !told && said(&launch, "status").as_deref() != Some("failed") {
            continue;
        }
        let incident = load(root, &archive, &incident.path, ReadAs::Document);
        let at = said(&launch, "started_at").or_else(|| said(&incident, "finished_at"));
        let at = at.and_then(|at| Stamp::parse(&at).ok());
        let manifest = load(root, &archive, &manifest.path, ReadAs::FrontMatter);
        let release = manifest.value().and_then(Release::read);
        let (Some(at), Some(release)) = (at, release) else { continue };
        if last.is_some_and(|last| at <= last.launched_at) {
            continue;
        }
        let rollback = load(root, &archive, &rollback.path, ReadAs::Json);
        out.push(FailedLaunch { archive, release, at, manifest, launch, rollback, incident });
    }
    out.sort_by(|a, b| (b.at, &b.archive).cmp(&(a.at, &a.archive)));
    out
}

fn load(root: &dyn Tree, archive: &str, path: &str, read: ReadAs) -> FileEntry {
    let path = format!("{archive}/{path}");
    match root.load(&path) {
        Loaded::File(file) => FileEntry::read(file.path, file.text, file.digest, read),
        Loaded::Faulty { fault, digest } => faulty(path, fault, digest),
    }
}

/// The archived release that was launched last and not taken back since; `None` when there is none.
/// Reports of launches are small, and only where one is gone, and of the last ones, the ledger is
/// read.
pub(super) fn last_launch(root: &dyn Tree, project: &Project) -> Option<LastLaunch> {
    let (_, def) = project.phase.launch()?;
    let mut left = TOTAL_LIMIT;
    let mut launches: Vec<(Stamp, String)> = Vec::new();
    for name in root.directories(project.places().archives()) {
        let archive = format!("{}/{name}", project.places().archives());
        let mut load = |path: &str| {
            let path = format!("{archive}/{path}");
            let Loaded::File(file) = root.load_within(&path, left.min(limit_of(&path))) else {
                return None;
            };
            left = left.saturating_sub(file.text.len() as u64);
            Some(file.text)
        };
        let at = match load(&def.path).and_then(|report| json::parse(&report).ok()) {
            Some(report) => {
                let text = |key: &str| report.get(key).and_then(Value::as_str).unwrap_or_default();
                Stamp::parse(text("started_at")).ok().filter(|_| text("status") == "passed")
            }
            // A report that is gone takes no launch back.
            None => load(project.places().ledger()).and_then(|ledger| {
                reported(&Ledger::parse(&ledger, strict_line), &def.path).map(|line| line.at)
            }),
        };
        launches.extend(at.map(|at| (at, archive)));
    }
    launches.sort_by(|a, b| b.cmp(a));
    launches.into_iter().find_map(|(at, archive)| launch(root, project, archive, at))
}

/// The last line that says that a launch was reported at `path`, and went well.
fn reported<'a>(ledger: &'a Ledger, path: &str) -> Option<&'a Line> {
    ledger.lines.iter().rev().find(|line| {
        line.entry.kind == EntryKind::Recorded
            && line.entry.status == Some(Status::Passed)
            && line.entry.digests.iter().any(|file| file.path == path)
    })
}

/// What an archive tells of its launch, where its ledger knows of it and of no rollback since.
fn launch(
    root: &dyn Tree,
    project: &Project,
    archive: String,
    launched_at: Stamp,
) -> Option<LastLaunch> {
    let phase = &project.phase;
    let read = |path: &str, how: ReadAs| match root.load(&format!("{archive}/{path}")) {
        Loaded::File(file) => Some(FileEntry::read(file.path, file.text, file.digest, how)),
        Loaded::Faulty { .. } => None,
    };
    let manifest = read(&phase.identity()?.1.path, ReadAs::FrontMatter)?;
    let release = Release::read(manifest.value()?)?;
    let policy = read(project.places().policy(), ReadAs::Json)?.value()?.get("policy")?.clone();
    let ledger = Ledger::parse(&read(project.places().ledger(), ReadAs::Raw)?.text, strict_line);
    let own = || ledger.lines.iter().filter(|line| line.entry.release == release.name());
    let known = reported(&ledger, &phase.launch()?.1.path)
        .is_some_and(|line| line.entry.release == release.name());
    let back = phase.steps.iter().filter(|(_, step)| step.takes_back()).map(|(id, _)| id.as_str());
    let back: Vec<&str> = back.collect();
    let serves = |hook: &str| {
        let step = policy.pointer(&format!("/hooks/{hook}/step")).and_then(Value::as_str);
        back.contains(&step.unwrap_or(hook))
    };
    let taken_back = own().any(|line| {
        line.entry.kind == EntryKind::Ran
            && line.entry.hook.as_deref().is_some_and(serves)
            && line.entry.outcome.is_some_and(Ending::succeeded)
            && line.at >= launched_at
    });
    if !known || taken_back {
        return None;
    }
    let approval = read(&phase.approval()?.1.path, ReadAs::Json)?;
    Some(LastLaunch { archive, release, launched_at, policy, approval })
}
