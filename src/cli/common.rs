//! What several commands share: opening a project, writing output.

use crate::cli::args::{Cli, Color, Output};
use crate::cli::session::Session;
use crate::cli::{Code, Failure};
use crate::collect::git::{Git, GitEnv, GitError};
use crate::decide::Assessment;
use crate::decisions::newest;
use crate::definition::Phase;
use crate::env::Env;
use crate::model::{Advice, Placeholder, Stamp, Verdict, hollow};
use crate::project::{Project, Release, release_files};
use crate::record::{Entry, EntryKind};
use crate::render::{self, Beside, Disk, Format, Report, Style, formats};
use crate::rules::{abandon, begin, restore};
use crate::source::{Root, embedded_phase, find_project, load_phase_of, phase_of};
use crate::write::{append_report, write_report};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names the phase where the command line does not; hooks are given it.
pub(super) const PHASE_VARIABLE: &str = "D3P_PHASE";

/// Insists that what somebody gave as `option`, which others will read, says something.
///
/// # Errors
/// Wrong usage, with why it says nothing.
pub(super) fn says_something(option: &str, text: &str) -> Result<(), Failure> {
    hollow(text).map_or(Ok(()), |why| {
        Err(Failure::usage(format!("{option}: {why}"))
            .note("write it in words of your own: others will rest on it"))
    })
}

/// What a command is shown in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Formats {
    /// A report: everything but tables.
    Report,
    /// A list of releases.
    List,
    /// For people, or for programs; never a file.
    Plain,
}

/// Options that every command has.
#[derive(Debug)]
pub(super) struct Global {
    /// Where the command works.
    pub(super) directory: PathBuf,
    /// The format of what is shown.
    pub(super) format: Format,
    /// Reports that are written beside it.
    pub(super) files: Vec<(Format, PathBuf)>,
    /// How human output looks.
    pub(super) style: Style,
    /// Only the result.
    pub(super) quiet: bool,
    /// The phase that the command is about, where it is named.
    pub(super) phase: Option<String>,
}

impl Global {
    /// # Errors
    /// When two formats are to be shown.
    pub(super) fn new(cli: &Cli, env: &Env<'_>) -> Result<Self, Failure> {
        let color = match cli.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                env.terminal && env.var("NO_COLOR").is_none() && env.var("TERM") != Some("dumb")
            }
        };
        let directory = cli.directory.as_ref().map_or(env.cwd.clone(), |dir| env.cwd.join(dir));
        let mut shown: Vec<Format> = Vec::new();
        let mut files = Vec::new();
        for Output { format, file } in &cli.format {
            match file {
                Some(file) => files.push((*format, directory.join(file))),
                None => shown.push(*format),
            }
        }
        shown.dedup();
        if let [first, second, ..] = shown[..] {
            return Err(Failure::usage(format!(
                "only one format is shown, and {} and {} are asked for",
                first.word(),
                second.word()
            ))
            .note(format!("write one to a file: --format {0}=FILE", second.word())));
        }
        Ok(Self {
            directory,
            format: shown.first().copied().unwrap_or(Format::Human),
            files,
            style: Style { color, verbose: cli.verbose },
            quiet: cli.quiet,
            phase: cli.phase.clone().or_else(|| env.var(PHASE_VARIABLE).map(str::to_owned)),
        })
    }

    /// Refuses a format that the command is not shown in.
    pub(super) fn only(&self, formats: Formats) -> Result<(), Failure> {
        let files = self.files.iter().map(|(format, _)| *format);
        let (command, note) = match formats {
            Formats::Report => ("this command", "csv is of d3p population; here there is json"),
            Formats::List => ("a list of releases", "there are human, json and csv"),
            Formats::Plain => (
                "this command has no report, and",
                "check, gate, status and verify have one; here there are human and json",
            ),
        };
        let fits = |format: &Format, file: bool| match (formats, format) {
            (Formats::Report, format) => *format != Format::Csv,
            (Formats::List, format) => matches!(format, Format::Human | Format::Json | Format::Csv),
            (Formats::Plain, format) => !file && matches!(format, Format::Human | Format::Json),
        };
        let mut asked = files.map(|format| (format, true)).chain([(self.format, false)]);
        match asked.find(|(format, file)| !fits(format, *file)) {
            None => Ok(()),
            Some((format, _)) => {
                Err(Failure::usage(format!("{command} has nothing to show as {}", format.word()))
                    .note(note))
            }
        }
    }

    /// The same, and one report more, in `file`.
    pub(super) fn and_to(&self, format: Format, file: &Path) -> Self {
        let more = (format, self.directory.join(file));
        let files = self.files.iter().cloned().chain([more]).collect();
        Self { files, directory: self.directory.clone(), phase: self.phase.clone(), ..*self }
    }

    /// Whether output is for people.
    pub(super) fn human(&self) -> bool {
        self.format == Format::Human
    }

    /// Opens the project that the command works in.
    pub(super) fn open(&self) -> Result<(Root, Project), Failure> {
        open_at(&self.project_dir()?, self.phase())
    }

    /// The directory of the project, of which nothing is read.
    pub(super) fn root(&self) -> Result<Root, Failure> {
        open_root(&self.project_dir()?)
    }

    /// Opens the project for a command that writes, not yet with the lock: what may take its time
    /// comes before that, such as standard input, a person, or a hook.
    pub(super) fn session(&self) -> Result<Session, Failure> {
        Session::open(&self.project_dir()?, self.phase())
    }

    /// Opens the project for a command that writes, with the lock.
    pub(super) fn session_locked(&self) -> Result<Session, Failure> {
        Session::open_locked(&self.project_dir()?, self.phase())
    }

    /// The phase that was named.
    pub(super) fn phase(&self) -> Option<&str> {
        self.phase.as_deref()
    }

    fn project_dir(&self) -> Result<PathBuf, Failure> {
        find_project(&self.directory)
            .map_err(|error| Failure::incomplete(error.to_string()).code(Code::Project))
    }
}

/// Opens the project in exactly `dir`.
pub(super) fn open_at(dir: &Path, phase: Option<&str>) -> Result<(Root, Project), Failure> {
    let root = open_root(dir)?;
    let project = load_phase_of(&root, phase)?;
    Ok((root, project))
}

/// The directory of a project, or of one to be.
pub(super) fn open_root(dir: &Path) -> Result<Root, Failure> {
    Root::open(dir).map_err(|error| {
        Failure::incomplete(format!("cannot open {}: {error}", dir.display())).code(Code::Project)
    })
}

/// The release, or a refusal that says how to begin one.
pub(super) fn release(project: &Project) -> Result<Release, Failure> {
    project.release().ok_or_else(|| {
        let lost = project.told_release().is_some() || project.ledger_harm().is_some();
        let failure = Failure::refused("no release is open, or its manifest cannot be read");
        let failure = if lost { failure.advise(restore()) } else { failure };
        failure
            .advise(begin().with("--service", Placeholder::SERVICE).what("begin one"))
            .advise(Advice::d3p(["check"]).what("see what is wrong with a manifest that is there"))
    })
}

/// The release, or a refusal: where there is none, and where it is closed, for then nothing is added.
pub(super) fn open_release(project: &Project) -> Result<Release, Failure> {
    let release = release(project)?;
    match project.is_history() {
        None => Ok(release),
        Some((_, words)) => Err(Failure::refused(format!(
            "release {} {words}; nothing is added to it",
            release.name()
        ))
        .advise(Advice::d3p(["verify"]).what("see what it is worth"))
        .advise(abandon().or(begin()))),
    }
}

/// A gate by id or number.
pub(super) fn gate_id(project: &Project, name: &str) -> Result<String, Failure> {
    match project.phase.gate(name) {
        Some((id, _)) => Ok(id.to_owned()),
        None => {
            let known: Vec<String> = project
                .phase
                .gates
                .iter()
                .map(|(id, gate)| format!("{} ({})", id, gate.number))
                .collect();
            Err(Failure::usage(format!("there is no gate `{name}`"))
                .note(format!("gates: {}", known.join(", "))))
        }
    }
}

/// git, in the repository of `root`, as the PATH of whoever runs d3p finds it: for whoever trusts
/// no policy yet, and where the policy may be what is damaged. Commands by which a person decides start
/// none at all.
pub(super) fn own_git(root: &Root, env: &Env<'_>) -> Opened {
    Git::open(root.dir(), &GitEnv::from_vars(env.vars.iter().cloned()))
}

/// As [`own_git`], for a command that cannot do without.
pub(super) fn git(root: &Root, env: &Env<'_>) -> Result<Git, Failure> {
    Ok(own_git(root, env)?)
}

/// git in the repository of the project, or why it cannot be asked: opened once for all that a command
/// asks of it.
pub(super) type Opened = Result<Git, GitError>;

/// git, taken as every program is from the directories that the policy names; what is in front on
/// somebody's PATH does not say what the release is.
pub(super) fn trusted_git(root: &Root, project: &Project, env: &Env<'_>) -> Opened {
    let dirs = &project.effective().policy.run.path;
    let absolute = dirs.iter().map(String::as_str).filter(|dir| dir.starts_with('/'));
    let vars = GitEnv::from_vars(env.vars.iter().cloned());
    Git::open(root.dir(), &vars.first_in(absolute))
}

pub(super) fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// A ledger line that joins all heads. A clock that is behind the newest line does not put it before
/// that: it has that line's time, and says what the clock said.
pub(super) fn ledger_entry(
    project: &Project,
    kind: EntryKind,
    release: &Release,
    at: Stamp,
    env: &Env<'_>,
) -> Entry {
    let id = env.random_hex(8);
    let newest = newest(project, at, None).map(|line| line.at).filter(|newest| at < *newest);
    let actor = env.actor();
    let name = release.name();
    let entry = Entry::new(id, newest.unwrap_or(at), actor, kind, name, &project.heads());
    Entry { clock: newest.map(|_| at.to_string()), ..entry }
}

/// A report over all findings of an assessment that `keep` lets through.
pub(super) fn report<'a>(
    command: impl Into<String>,
    project: &'a Project,
    assessment: &'a Assessment,
    now: Stamp,
    verdict: Option<Verdict>,
    keep: impl Fn(&crate::model::Finding) -> bool,
) -> Report<'a> {
    let findings: Vec<_> = assessment.findings.iter().filter(|finding| keep(finding)).collect();
    let not_due = assessment.findings.len() - findings.len();
    Report { command: command.into(), project, now, verdict, findings, not_due, assessment }
}

/// Writes a report in every format that was asked for, files first. Whether it was shown: if not,
/// people still wait for it.
pub(super) fn emit(
    report: &Report<'_>,
    beside: Beside<'_>,
    root: &Root,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<bool, Failure> {
    let prefix = root.place_in_repository();
    let beside = Beside { prefix: &prefix, ..beside };
    for (format, path) in &global.files {
        let text = formats::document(*format, report, &beside);
        write_report(path, &text, format.openings()).map_err(|error| {
            Failure::from(error).note(format!(
                "--format {}=FILE replaces only a report of its own kind",
                format.word()
            ))
        })?;
    }
    if global.human() {
        return Ok(false);
    }
    env.out.write_all(formats::document(global.format, report, &beside).as_bytes())?;
    if let (Format::Github, Some(path)) = (global.format, env.var(JOB_SUMMARY)) {
        append_report(Path::new(path), &formats::summary(report, &beside))?;
    }
    Ok(true)
}

/// The directory that was named, where only one can be.
///
/// # Errors
/// Wrong usage, where several were.
pub(super) fn only_one<'a>(
    command: &str,
    dirs: &'a [PathBuf],
) -> Result<Option<&'a Path>, Failure> {
    match dirs {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(Failure::usage(format!("{command} takes one directory; -r takes many"))
            .advise(Advice::d3p([command, "-r"]).fill(Placeholder::DIRECTORY))),
    }
}

/// How much of the disk the files of a release take.
pub(super) fn disk(root: &Root, project: &Project) -> Disk {
    let files = release_files(project).files;
    let sizes = files.iter().filter_map(|path| Some(root.find(path).ok()?.metadata.len()));
    sizes.fold(Disk { files: 0, bytes: 0 }, |all, bytes| Disk {
        files: all.files + 1,
        bytes: all.bytes + bytes,
    })
}

/// Where GitHub says that a job's page is to be written.
pub(super) const JOB_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Writes the banner and the findings, for people.
pub(super) fn write_findings(
    report: &Report<'_>,
    every_place: bool,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    env.out.write_all(render::banner(report.project).as_bytes())?;
    env.out.write_all(render::waived(&report.assessment.waivers).as_bytes())?;
    if global.quiet {
        env.out.write_all(render::lines(&report.findings).as_bytes())?;
        return Ok(());
    }
    writeln!(env.out)?;
    let text = render::grouped(report.project, &report.findings, global.style, every_place);
    env.out.write_all(text.as_bytes())?;
    Ok(())
}

/// The phase of the project here, or the one that a release begins with where there is no project.
pub(super) fn phase_here(global: &Global) -> Result<Arc<Phase>, Failure> {
    let project = find_project(&global.directory).ok().and_then(|dir| Root::open(&dir).ok());
    match project.map(|root| phase_of(&root, global.phase())) {
        Some(Ok(phase)) => Ok(phase),
        _ => Ok(embedded_phase()?),
    }
}

/// What a gate bound, once production was deployed: nothing is written over it.
pub(super) fn is_history(gate: &str, path: &str) -> Failure {
    Failure::refused(format!(
        "gate {gate} bound {path}, and production was deployed: it is history"
    ))
    .advise(restore())
    .advise(Advice::d3p(["diff"]).what("see what differs from it"))
    .advise(abandon().what("close the release, which frees the file for the next one"))
}
