//! `-r DIR…`: many releases in one process, each judged as by itself, one line for each and a sum.
//!
//! They are judged on all cores and told in the order of their names, each as soon as all before it
//! are. One that cannot be read is told as such, and keeps nobody from being judged.

mod told;

pub(super) use told::count;

use crate::cli::args::{CheckArgs, VerifyArgs};
use crate::cli::common::{Global, JOB_SUMMARY, disk, open_root, report};
use crate::cli::verify::target::{self, Target};
use crate::cli::verify::{self, Shown};
use crate::cli::{Code, Failure, check};
use crate::decide::{Account, assess, next};
use crate::env::{Env, Exit, Watcher};
use crate::model::{Advice, Placeholder, Stamp};
use crate::process::in_order;
use crate::project::Project;
use crate::render::formats::many::{self, Document, Part};
use crate::render::formats::{Disk, Sum};
use crate::render::{Beside, Format, Report, clean};
use crate::source::{LoadError, ReleaseDir, ReleaseDirs, load_phase_of};
use crate::write::{append_report, write_report};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What is asked about each release.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    /// `check`.
    Check(&'a CheckArgs),
    /// `status`.
    Status,
    /// `verify`.
    Verify(&'a VerifyArgs),
}

impl Asked<'_> {
    const fn command(self) -> &'static str {
        match self {
            Self::Check(_) => "check -r",
            Self::Status => "status -r",
            Self::Verify(_) => "verify -r",
        }
    }
}

/// What was found of one release.
struct One {
    exit: Exit,
    line: String,
    /// What it adds to each document.
    parts: Vec<Part>,
    account: Option<Account>,
    bytes: Option<u64>,
    /// What its policy and signers were held against.
    trust: Option<String>,
}

/// The world of one thread: what a command that reads may know of it.
struct Outside {
    cwd: PathBuf,
    now: Stamp,
    vars: Vec<(OsString, OsString)>,
}

impl Outside {
    /// Does `work` in a world in which nothing is written, waited for or asked.
    fn lend<R>(&self, work: impl FnOnce(&mut Env<'_>) -> R) -> R {
        let now = || self.now;
        let mut env = Env {
            cwd: self.cwd.clone(),
            now: &now,
            sleep: &|_| {},
            watcher: Watcher::Here,
            interrupted: &|| false,
            random: &|_| {},
            vars: self.vars.clone(),
            terminal: false,
            stdin_terminal: false,
            stdin: &mut std::io::empty(),
            out: &mut std::io::sink(),
            err: &mut std::io::sink(),
        };
        work(&mut env)
    }
}

/// Judges every release below `dirs`, and tells of each.
///
/// # Errors
/// When there is none, or nothing can be told.
pub(super) fn run(
    asked: Asked<'_>,
    dirs: &[PathBuf],
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let command = asked.command();
    let now = (env.now)();
    let formats = formats(global);
    if formats.contains(&Format::Html) {
        return Err(Failure::usage("html is a page about one release")
            .advise(Advice::d3p(["verify"]).fill(Placeholder::DIRECTORY).what("name it")));
    }
    let mut documents: Vec<Document> =
        formats.iter().map(|format| Document::new(*format, command, now)).collect();
    let mut texts: Vec<String> = documents.iter().map(Document::opening).collect();
    let mut summary = String::new();
    let mut sum = Sum::default();
    let mut trust: BTreeMap<String, usize> = BTreeMap::new();
    let mut worst = Exit::Passed;
    let work =
        |name: &str, opened, env: &mut Env<'_>| one(asked, name, opened, &formats, global, env);
    each((dirs, now), global, env, work, |one, env| {
        worst = if one.exit.code() > worst.code() { one.exit } else { worst };
        count(&mut sum, one.exit, one.account.as_ref(), one.bytes);
        *trust.entry(one.trust.unwrap_or_default()).or_default() += 1;
        for (index, part) in one.parts.into_iter().enumerate() {
            let text = documents[index].add(part);
            texts[index].push_str(&text);
        }
        // What goes to a file is written at its end, since only whole reports replace one.
        match global.human() {
            true if !global.quiet => env.out.write_all(one.line.as_bytes())?,
            true => {}
            false => {
                let shown = std::mem::take(&mut texts[0]);
                if global.format == Format::Github {
                    summary.push_str(&one.line);
                }
                env.out.write_all(shown.as_bytes())?;
            }
        }
        // A reader sees what is known so far.
        Ok(env.out.flush()?)
    })?;
    for (document, text) in documents.iter().zip(&mut texts) {
        text.push_str(&document.closing(&sum));
    }
    write_files(&texts, global)?;
    if global.human() {
        told::end(&sum, &trust, env)?;
        return Ok(worst);
    }
    env.out.write_all(texts[0].as_bytes())?;
    if let (Format::Github, Some(path)) = (global.format, env.var(JOB_SUMMARY)) {
        append_report(Path::new(path), &told::page(command, &summary, &sum))?;
    }
    Ok(worst)
}

/// Writes the documents that go to files, whose texts follow that of what is shown.
fn write_files(texts: &[String], global: &Global) -> Result<(), Failure> {
    let shown = usize::from(!global.human());
    for ((format, path), text) in global.files.iter().zip(&texts[shown..]) {
        write_report(path, text, format.openings())?;
    }
    Ok(())
}

/// The formats that are written: the one that is shown first, if it is none for people.
fn formats(global: &Global) -> Vec<Format> {
    let shown = (!global.human()).then_some(global.format);
    shown.into_iter().chain(global.files.iter().map(|(format, _)| *format)).collect()
}

/// Opens every release below `dirs`, does `work` with it on all cores, all of it at the moment `now`, and
/// gives what comes of it to `take`, in the order of their names.
///
/// # Errors
/// When there is none, a directory cannot be reached, or what `take` says.
pub(super) fn each<R: Send>(
    (dirs, now): (&[PathBuf], Stamp),
    global: &Global,
    env: &mut Env<'_>,
    work: impl Fn(&str, Result<Target, Failure>, &mut Env<'_>) -> R + Sync,
    mut take: impl FnMut(R, &mut Env<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let here = [PathBuf::from(".")];
    let dirs = if dirs.is_empty() { &here } else { dirs };
    let mut below = ReleaseDirs::default();
    for dir in dirs {
        below.look(&global.directory, dir).map_err(|error| {
            Failure::incomplete(format!("cannot open {}: {error}", dir.display()))
                .code(Code::Project)
        })?;
    }
    let mut found: Vec<(String, Result<ReleaseDir, String>)> =
        below.found.into_iter().map(|(name, dir)| (name, Ok(dir))).collect();
    let unlisted = below.unlisted.into_iter();
    found.extend(unlisted.map(|(name, error)| (name, Err(error.to_string()))));
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let outside = Outside { cwd: env.cwd.clone(), now, vars: env.vars.clone() };
    let open = |(name, dir): &(String, Result<ReleaseDir, String>)| -> Vec<R> {
        let opened = match dir {
            Ok(dir) => open(dir, global),
            Err(why) => vec![Err(
                Failure::incomplete(format!("cannot list {name}: {why}")).code(Code::Project)
            )],
        };
        opened.into_iter().map(|opened| outside.lend(|env| work(name, opened, env))).collect()
    };
    let mut none = true;
    in_order(&found, open, |results| {
        none &= results.is_empty();
        results.into_iter().try_for_each(|result| take(result, env))
    })?;
    if none {
        let names: Vec<String> = dirs.iter().map(|dir| dir.display().to_string()).collect();
        return Err(Failure::incomplete(format!("no release lies below {}", names.join(", ")))
            .code(Code::Project)
            .note("a release is what is open in a project, or lies in its archives"));
    }
    Ok(())
}

/// The releases in one directory: none of a project that is between two, and one for each phase that
/// has one open.
fn open(dir: &ReleaseDir, global: &Global) -> Vec<Result<Target, Failure>> {
    if dir.path.is_file() {
        return vec![target::open(Some(&dir.path), global)];
    }
    let root = match open_root(&dir.path) {
        Ok(root) => root,
        Err(failure) => return vec![Err(failure)],
    };
    let wanted = global.phase();
    let one = |project: Project| -> Option<Result<Target, Failure>> {
        let other = wanted.is_some_and(|wanted| project.phase.id != wanted);
        let begun = verify::is_begun(&project) || dir.archived;
        (begun && !other).then(|| Ok(Target::plain(root.clone(), project)))
    };
    // An archive is of one phase, which it tells itself.
    match load_phase_of(&root, wanted.filter(|_| !dir.archived)) {
        Ok(project) => one(project).into_iter().collect(),
        Err(LoadError::Choice(_)) if wanted.is_some() => Vec::new(),
        Err(LoadError::Choice(choice)) => {
            let load = |phase: &String| match load_phase_of(&root, Some(phase)) {
                Ok(project) => one(project),
                Err(error) => Some(Err(error.into())),
            };
            choice.phases().iter().filter_map(load).collect()
        }
        Err(error) => vec![Err(error.into())],
    }
}

fn one(
    asked: Asked<'_>,
    name: &str,
    opened: Result<Target, Failure>,
    formats: &[Format],
    global: &Global,
    env: &mut Env<'_>,
) -> One {
    let judged = opened.and_then(|target| judge(asked, name, target, formats, global, env));
    judged.unwrap_or_else(|failure| {
        let view = failure.view();
        let code = failure.exit().code();
        let part = |format: &Format| many::failed(*format, &view, name, code);
        One {
            exit: failure.exit(),
            line: told::failed(name, &view),
            parts: formats.iter().map(part).collect(),
            account: None,
            bytes: None,
            trust: None,
        }
    })
}

/// Judges one release, as its command does.
fn judge(
    asked: Asked<'_>,
    name: &str,
    target: Target,
    formats: &[Format],
    global: &Global,
    env: &mut Env<'_>,
) -> Result<One, Failure> {
    let prefix = match target.root.place_in_repository() {
        place if place.is_empty() && name != "." => format!("{name}/"),
        place => place,
    };
    let tell = |report: &Report<'_>, beside: Beside<'_>, exit: Exit, line: String| {
        let beside = Beside { prefix: &prefix, ..beside };
        let part = |format: &Format| many::part(*format, report, &beside, name, exit.code());
        One {
            exit,
            line,
            parts: formats.iter().map(part).collect(),
            account: Some(Account::of(report.project, report.assessment)),
            bytes: beside.disk.map(|disk| disk.bytes),
            trust: None,
        }
    };
    let now = (env.now)();
    let mut made = None;
    match asked {
        Asked::Verify(args) => {
            verify::of(args, target, global, env, &mut |shown: &Shown<'_>, _| {
                let Shown { report, audit, exit, .. } = shown;
                let beside = Beside { audit: Some(audit), ..Beside::default() };
                let line = told::judged(name, report, *exit, global);
                let one = tell(report, beside, *exit, line);
                made = Some(One { trust: Some(clean(&audit.trust).into_owned()), ..one });
                Ok(())
            })?;
        }
        Asked::Check(args) => {
            let Target { project, .. } = target.project_only("check")?;
            let assessment = assess(&project, now);
            let (report, exit, _) = check::linted(args, Vec::new(), &project, &assessment, now)?;
            let line = told::judged(name, &report, exit, global);
            made = Some(tell(&report, Beside::default(), exit, line));
        }
        Asked::Status => {
            let Target { root, project, .. } = target.project_only("status")?;
            let assessment = assess(&project, now);
            let advice: Advice = next(&project, &assessment, now);
            let report = report("status", &project, &assessment, now, None, |_| true);
            let disk: Disk = disk(&root, &project);
            let line = told::status(name, &report, &advice, disk);
            let beside = Beside { next: Some(&advice), disk: Some(disk), ..Beside::default() };
            made = Some(tell(&report, beside, Exit::Passed, line));
        }
    }
    made.ok_or_else(|| Failure::incomplete("nothing was judged").code(Code::Internal))
}
