//! `d3p record` of an incident: begins it with what the ledger tells, and judges what people wrote.

use super::{Done, Recording};
use crate::assets;
use crate::cli::args::RecordArgs;
use crate::cli::common::{Global, report, write_findings};
use crate::cli::{Code, Failure};
use crate::decide::assess;
use crate::decisions::deployed_at;
use crate::definition::NativeCheck;
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Location, Reason, Stamp};
use crate::project::Project;
use crate::record::{Entry, EntryKind};
use crate::render::{clean, json};
use crate::write::ChangeSet;
use serde_json::{Value, json};
use tera::Context;

impl Recording<'_> {
    pub(super) fn is_incident(&self) -> bool {
        self.def.native.iter().any(|native| matches!(native, NativeCheck::Incident { .. }))
    }

    /// Makes the file where it is not there; else says what it leaves open.
    pub(super) fn incident(
        &self,
        args: &RecordArgs,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Done, Failure> {
        if args.from.is_some() {
            return Err(Failure::usage(format!(
                "{} is written by people, in {}; it takes no --from",
                self.kind, self.def.path
            )));
        }
        let exit = match self.project().present(&self.def.path) {
            None => self.begin_incident(global, env)?,
            Some(_) => self.judge_incident(global, env)?,
        };
        Ok(Done { exit, written: false, said: Vec::new() })
    }

    fn begin_incident(&self, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
        let project = self.project();
        if deployed_at(project).is_none() {
            return Err(Failure::refused(format!(
                "{} was not deployed to production: there is no incident of it",
                self.release.name()
            ))
            .advise(Advice::d3p(["status", "--next"])));
        }
        let mut context = Context::new();
        context.insert("kind", self.kind);
        context.insert("release", &self.release.version);
        context.insert("commit", &self.release.commit);
        context.insert("attempt", &self.release.attempt);
        context.insert("environment", &self.def.environment);
        let rows = timeline(project);
        let rows: Vec<Value> =
            rows.iter().map(|(at, what)| json!({ "at": at.to_string(), "what": what })).collect();
        context.insert("timeline", &rows);
        let name = self.def.template.as_deref().unwrap_or_default();
        let text = project.phase.folder.skeleton(name).or_else(|| assets::template(name));
        let made = text.ok_or_else(|| Reason::from(format!("there is no template `{name}`")));
        let made = made.and_then(|text| assets::render(text, &context));
        let text = made.map_err(|why| Failure::incomplete(why.to_string()).code(Code::Internal))?;
        let mut changes = ChangeSet::new(self.session.root());
        changes.create(self.def.path.as_str(), text);
        self.session.apply(changes)?;
        let path = &self.def.path;
        let next = Advice::edit(Location::file(path), "say what happened, its impact, the root cause, the fix before a retry, and the follow-ups")
            .or(Advice::d3p(["record", self.kind]).what("then see what is left open"));
        if global.human() {
            let count = rows.len();
            writeln!(
                env.out,
                "created {path}: its timeline has what the ledger tells ({count} rows)"
            )?;
            for way in next.ways() {
                writeln!(env.out, "help: {}", clean(&crate::render::way(way)))?;
            }
        } else {
            let view = json!({ "created": path, "timeline": rows, "next": json::advice(&next) });
            env.out.write_all(json::pretty(&view).as_bytes())?;
        }
        Ok(Exit::Passed)
    }

    fn judge_incident(&self, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
        let (project, piece) = (self.project(), self.piece());
        let now = (env.now)();
        let assessment = assess(project, now);
        let about = |finding: &Finding| finding.piece == piece && finding.state.is_some();
        let report =
            report(format!("record {}", self.kind), project, &assessment, now, None, about);
        let open = !report.findings.is_empty();
        if global.human() {
            write_findings(&report, true, global, env)?;
            let word = if open { "leaves something open" } else { "complete" };
            writeln!(env.out, "{}: {word}", self.def.path)?;
        } else {
            env.out
                .write_all(json::report(&report, &crate::render::Beside::default()).as_bytes())?;
        }
        Ok(if open { Exit::Refused } else { Exit::Passed })
    }
}

/// What the ledger tells of the launch and of what followed, by time.
fn timeline(project: &Project) -> Vec<(Stamp, String)> {
    let Some(release) = project.release().map(|release| release.name()) else { return Vec::new() };
    let from = deployed_at(project);
    let lines = project.ledger.lines.iter().filter(|line| line.entry.release == release);
    let lines = lines.filter(|line| from.is_none_or(|from| line.at >= from));
    let mut rows: Vec<(Stamp, String)> =
        lines.filter_map(|line| Some((line.at, told(project, &line.entry)?))).collect();
    if let Some(from) = from.filter(|from| rows.first().is_none_or(|(at, _)| at > from)) {
        rows.insert(0, (from, "the deployment to production began".to_owned()));
    }
    rows
}

fn told(project: &Project, entry: &Entry) -> Option<String> {
    let hook = entry.hook.as_deref().unwrap_or_default();
    match entry.kind {
        EntryKind::Began if entry.undecided => Some(format!("{hook} began, decided by nobody yet")),
        EntryKind::Began => Some(format!("{hook} began")),
        EntryKind::Ran => Some(format!("{hook} {}", entry.outcome?.words())),
        EntryKind::GatePassed | EntryKind::GateRefused => {
            let gate = entry.gate.as_deref()?;
            let how = if entry.kind == EntryKind::GatePassed { "passed" } else { "refused" };
            Some(format!("gate {gate} {how}"))
        }
        EntryKind::Recorded => {
            if let Some(decided) = &entry.decided {
                return Some(format!("{} by {}", decided.decision, decided.person));
            }
            let of = |path: &str| project.phase.evidence.values().find(|def| def.path == path);
            let def = of(&entry.digests.first()?.path)?;
            let status = match entry.status? {
                crate::record::Status::Passed => "passed",
                crate::record::Status::Failed => "failed",
            };
            Some(format!("{}: {status}", def.title))
        }
        EntryKind::Watched => {
            let (stage, found) = (entry.stage?, entry.found?);
            Some(format!("stage {stage} was watched: {}", found.word()))
        }
        EntryKind::RunRefused
        | EntryKind::Archived
        | EntryKind::Withdrew
        | EntryKind::Skipped
        | EntryKind::HandedOver
        | EntryKind::Timestamped => None,
    }
}
