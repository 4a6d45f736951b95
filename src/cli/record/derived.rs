//! Evidence that is made of runs and imported reports.

use super::Recording;
use super::body::Body;
use super::keep::{Kept, keep};
use crate::cli::Failure;
use crate::cli::args::RecordArgs;
use crate::cli::change;
use crate::cli::common::{Global, open_release, trusted_git};
use crate::cli::machine::Signer;
use crate::cli::run::environment;
use crate::cli::session::Session;
use crate::decide::assess;
use crate::definition::{EvidenceFormat, FilesKind, NativeCheck, ReportFormat};
use crate::derive::{Facts, Problem, derive, last_runs, sample_payload, stage_runs};
use crate::env::{Env, Exit};
use crate::import;
use crate::markdown::entries::format_entry;
use crate::model::{Advice, Location, Places, Sha256Digest, Stamp};
use crate::process::Redactor;
use crate::project::{Content, Release, step_hooks};
use crate::record::{Import, Run};
use crate::render::clean;
use crate::source::{RAW_LIMIT, Tree as _, matching};
use crate::write::ChangeSet;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Keys that may be typed beside what is derived, without making it typed.
const REMARKS: [&str; 5] =
    ["notes", "incidents", "planned_duration_seconds", "started_at", "finished_at"];

/// Compiles evidence from the last runs of its hooks.
pub(in crate::cli) fn compile(
    session: &mut Session,
    kind: &str,
    reopen: bool,
    signer: Option<&Signer>,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    session.lock()?;
    let args = RecordArgs { kind: kind.to_owned(), reopen, ..RecordArgs::default() };
    super::record(session, &args, None, signer, global, env)?.pass_on(session, env)
}

/// Whether evidence of this kind may be recorded now.
pub(in crate::cli) fn may_be_recorded(
    session: &Session,
    release: &Release,
    kind: &str,
    reopen: bool,
    now: Stamp,
) -> Result<(), Failure> {
    let def = session.project.phase.evidence.get(kind);
    let Some(def) = def.filter(|def| def.format != EvidenceFormat::AppendOnly) else {
        return Ok(());
    };
    let recording = Recording { session, release, kind, def };
    recording.may_be_recorded(&assess(&session.project, now), reopen)
}

/// Adds what a run measured to its log.
pub(in crate::cli) fn append_sample(
    session: &mut Session,
    kind: &str,
    run: &Run,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    session.lock()?;
    let project = &session.project;
    let release = open_release(project)?;
    let Some(def) = project.phase.evidence.get(kind) else { return Ok(Exit::Passed) };
    let recording = Recording { session, release: &release, kind, def };
    let (imports, kept) = recording.kept_of(&run.reports)?;
    let facts = Facts {
        runs: Vec::new(),
        imports: imports.into_iter().zip(kept.iter().map(Kept::report_input)).collect(),
    };
    let payload = sample_payload(project, run, &facts).map_err(|found| problems(kind, found))?;
    let now = (env.now)();
    let line = format_entry(now, &env.random_hex(8), &payload);
    let mut changes = ChangeSet::new(session.root());
    recording.add_entry(&line, Some(&run.id), now, &mut changes, env);
    session.apply(changes)?;
    if global.human() {
        let due = now.plus(project.effective().policy.health.interval);
        writeln!(
            env.out,
            "{}\nrecorded in {}; the next sample is due by {due}",
            clean(&line),
            def.path
        )?;
    }
    Ok(Exit::Passed)
}

/// What is wrong with reports, as one failure.
fn problems(kind: &str, found: Vec<Problem>) -> Failure {
    let mut failure = Failure::refused(format!("{kind} cannot be made of these reports"));
    for problem in found {
        failure = failure.note(problem.message);
        if let Some(help) = problem.help {
            failure = failure.advise(Advice::answer(help));
        }
    }
    failure
}

impl Recording<'_> {
    /// A body of what runs and reports make and what was typed besides.
    pub(super) fn derived(
        &self,
        args: &RecordArgs,
        typed: Map<String, Value>,
        global: &Global,
        env: &Env<'_>,
    ) -> Result<Body, Failure> {
        let given = self.given(args, global, env)?;
        let step = self.project().phase.step_producing(self.kind);
        let hooks = step.map_or(Vec::new(), |(step, _)| step_hooks(self.project(), step));
        let runs = step.map_or(Vec::new(), |(step, _)| last_runs(self.project(), step));
        let complete = !hooks.is_empty() && runs.len() == hooks.len();
        if typed.is_empty() && given.is_empty() && !complete {
            return Err(
                self.nothing_given(&hooks.iter().map(|(name, _)| *name).collect::<Vec<_>>())
            );
        }
        let mut runs = if complete { runs } else { Vec::new() };
        if let Some((step, _)) = step.filter(|_| complete) {
            runs.extend(stage_runs(self.project(), step));
        }
        let reports: Vec<Import> =
            runs.iter().flat_map(|(_, run)| run.reports.iter().cloned()).collect();
        let (mut imports, mut kept) = self.kept_of(&reports)?;
        if complete {
            for (import, text) in self.configuration(env)? {
                imports.push(import);
                kept.push(Kept::Bytes(text.into_bytes()));
            }
        }
        let compares = |native: &NativeCheck| matches!(native, NativeCheck::Performance { .. });
        let measures = self.def.native.iter().any(compares);
        let pinned = self.project().effective().policy.validation.baseline.as_ref();
        if let Some(pinned) = pinned.filter(|_| measures && (complete || !given.is_empty())) {
            let (import, text) =
                self.file(ReportFormat::Baseline, &pinned.path, "validation.baseline")?;
            imports.push(import);
            kept.push(Kept::Bytes(text.into_bytes()));
        }
        let (more, own): (Vec<Import>, Vec<Kept>) = given.into_iter().unzip();
        imports.extend(more);
        kept.extend(own);
        self.changed_since(&imports, env)?;
        let facts = Facts {
            runs,
            imports: imports.iter().cloned().zip(kept.iter().map(Kept::report_input)).collect(),
        };
        let derived =
            derive(self.project(), self.def, &facts).map_err(|found| problems(self.kind, found))?;
        if let Some(key) = typed.keys().find(|key| derived.members.contains_key(*key)) {
            return Err(Failure::refused(format!(
                "the body carries `{key}`, which d3p makes of runs and reports itself"
            ))
            .advise(Advice::answer(format!("remove `{key}` from the body"))));
        }
        let remark = |key: &String| REMARKS.contains(&key.as_str()) || key.starts_with("x-");
        let origin =
            if facts.is_empty() || !typed.keys().all(remark) { "typed" } else { facts.origin() };
        let runs = facts.runs.iter().map(|(file, _)| file.clone()).collect();
        let mut members = derived.members;
        members.extend(typed);
        Ok(Body { origin, members, told: derived.told, runs, imports, kept, ..Body::default() })
    }

    /// Files that are shown as changed differ from the release before, as git says.
    fn changed_since(&self, imports: &[Import], env: &Env<'_>) -> Result<(), Failure> {
        let shows = |import: &&Import| {
            let part = import.name.as_ref().and_then(|id| self.def.parts.get(id));
            part.is_some_and(|own| own.files == Some(FilesKind::Changed))
        };
        let mut shown = imports.iter().filter(shows).peekable();
        if shown.peek().is_none() {
            return Ok(());
        }
        let (since, changed) = change::paths(self.session.root(), self.project(), env)?;
        let Some(same) = shown.find(|own| !changed.contains(&own.source)) else { return Ok(()) };
        let part = same.name.as_deref().and_then(|id| self.def.parts.get(id));
        let word = part.and_then(|own| own.at.as_deref()).unwrap_or_default();
        let word = word.trim_start_matches('/').replace('/', ".");
        Err(Failure::refused(format!(
            "{} is as it was at {}: nothing of it was changed for this release",
            same.source,
            since.unwrap_or_default()
        ))
        .advise(Advice::answer(format!(
            "name the files that this release changes, or let a person say in the body, at {word}, that there is nothing to change"
        ))))
    }

    fn nothing_given(&self, hooks: &[&str]) -> Failure {
        if hooks.is_empty() {
            return Failure::usage(format!("{} needs a body: --from FILE", self.kind)).advise(
                Advice::d3p(["record", self.kind, "--example"]).what("see what a body looks like"),
            );
        }
        let ran = self.project().runs();
        let open = hooks.iter().filter(|name| !ran.iter().any(|(_, run)| run.hook == **name));
        let mut failure =
            Failure::refused(format!("{} is made of runs that are not there", self.kind));
        for name in open {
            failure = failure.advise(Advice::d3p(["run", name]));
        }
        failure
    }

    /// Reports that lie in the project already.
    fn kept_of(&self, imports: &[Import]) -> Result<(Vec<Import>, Vec<Kept>), Failure> {
        let kept = imports.iter().map(|import| {
            let file = self.project().raw.get(&import.path);
            if let Some(Content::Report(read)) = file.map(|file| &file.content) {
                return Ok(Kept::There(Arc::clone(read)));
            }
            let bytes = self.session.files().bytes(&import.path, RAW_LIMIT).map_err(|fault| {
                Failure::refused(fault.message)
                    .advise(Advice::restore(&import.path).what("restore it, or run the hook again"))
            })?;
            let text = import::decode(bytes)
                .map_err(|error| Failure::refused(format!("{}: {}", import.path, error.message)))?;
            Ok(Kept::Bytes(text.into_bytes()))
        });
        Ok((imports.to_vec(), kept.collect::<Result<_, Failure>>()?))
    }

    /// The configuration files that the policy declares.
    fn configuration(&self, env: &Env<'_>) -> Result<Vec<(Import, String)>, Failure> {
        let compared = self
            .def
            .native
            .iter()
            .any(|native| matches!(native, NativeCheck::ConfigurationParity { .. }));
        let mut found = Vec::new();
        let files = &self.project().effective().policy.configuration.files;
        for files in files.iter().filter(|_| compared) {
            for (environment, source) in
                [("staging", &files.staging), ("production", &files.production)]
            {
                let (mut import, text) =
                    self.committed(ReportFormat::Configuration, source, env)?;
                import.name = Some(files.name.clone());
                import.environment = Some(environment.to_owned());
                found.push((import, text));
            }
        }
        Ok(found)
    }

    /// A file, as the release's commit has it.
    fn committed(
        &self,
        format: ReportFormat,
        source: &str,
        env: &Env<'_>,
    ) -> Result<(Import, String), Failure> {
        let bytes = match &self.session.tree {
            Some(tree) => tree.bytes(source, RAW_LIMIT).ok(),
            None => {
                let git = trusted_git(self.session.root(), self.project(), env)?;
                git.blob(&self.release.commit, source)?
            }
        };
        let bytes = bytes.ok_or_else(|| {
            Failure::refused(format!("the release's commit has no {source}")).advise(
                Advice::d3p(["pin"]).what(
                    "commit the file and set the release to that commit, or correct its path",
                ),
            )
        })?;
        let text = import::decode(bytes)
            .map_err(|error| Failure::refused(format!("{source}: {}", error.message)))?;
        Ok((copy(self.project().places(), format, source, &text), text))
    }

    /// A file that the policy names under `key`, to be copied.
    fn file(
        &self,
        format: ReportFormat,
        source: &str,
        key: &str,
    ) -> Result<(Import, String), Failure> {
        let bytes = self.session.files().bytes(source, RAW_LIMIT).map_err(|fault| {
            Failure::refused(fault.message).advise(Advice::edit(
                Location::pointer("d3p.yaml", format!("/{}", key.replace('.', "/"))),
                "correct the path",
            ))
        })?;
        let text = import::decode(bytes)
            .map_err(|error| Failure::refused(format!("{source}: {}", error.message)))?;
        Ok((copy(self.project().places(), format, source, &text), text))
    }

    /// The reports that the command line names.
    fn given(
        &self,
        args: &RecordArgs,
        global: &Global,
        env: &Env<'_>,
    ) -> Result<Vec<(Import, Kept)>, Failure> {
        let policy = &self.project().effective().policy.run;
        let redactor = Redactor::new(&environment::secrets(policy, env));
        let mut found = Vec::new();
        for (format, patterns) in [
            (ReportFormat::Junit, &args.junit),
            (ReportFormat::Sarif, &args.sarif),
            (ReportFormat::Performance, &args.performance),
            (ReportFormat::Prometheus, &args.prometheus),
            (ReportFormat::Health, &args.health),
            (ReportFormat::Promtool, &args.promtool),
            (ReportFormat::File, &args.file),
        ] {
            for given in patterns {
                let (label, pattern) = match given.split_once('=') {
                    Some((label, pattern))
                        if [ReportFormat::Junit, ReportFormat::File].contains(&format) =>
                    {
                        (Some(label.to_owned()), pattern)
                    }
                    _ => (None, given.as_str()),
                };
                let pattern = self.below_project(pattern, global);
                let sources = matching(self.session.root(), &pattern);
                if sources.is_empty() {
                    return Err(Failure::refused(format!(
                        "--{} {given}: no file of the project matches",
                        format.word()
                    ))
                    .note(
                        "patterns are relative to the project: reports/*.xml, reports/**/*.xml",
                    ));
                }
                for source in sources {
                    if format == ReportFormat::File {
                        let (mut import, text) = self.committed(format, &source, env)?;
                        import.name = label.clone();
                        found.push((import, Kept::Bytes(text.into_bytes())));
                        continue;
                    }
                    let root = self.session.root();
                    let (mut import, kept) = keep(format, &source, root, root, &redactor)
                        .map_err(|fault| Failure::refused(fault.message))?;
                    import.path = copy_path(self.project().places(), &import);
                    let services = &self.project().effective().policy.services;
                    match &label {
                        Some(label) if services.contains(label) => {
                            import.service = Some(label.clone());
                        }
                        _ => import.suite = label.clone(),
                    }
                    found.push((import, kept));
                }
            }
        }
        Ok(found)
    }

    /// A pattern of the command line, from the project's root.
    fn below_project(&self, pattern: &str, global: &Global) -> String {
        let here = crate::source::resolved(&global.directory);
        let inside =
            here.as_deref().and_then(|here| here.strip_prefix(self.session.root().dir()).ok());
        let prefix = inside.map(|inside| inside.to_string_lossy().replace('\\', "/"));
        let pattern = pattern.trim_start_matches("./");
        match prefix.as_deref() {
            None | Some("") => pattern.to_owned(),
            Some(prefix) => format!("{prefix}/{pattern}"),
        }
    }
}

/// The name of a report's copy: the report's own, without what a path had better not hold.
pub(in crate::cli) fn copy_name(source: &str) -> String {
    let name = source.rsplit('/').next().unwrap_or(source);
    let kept = |c: char| c.is_alphanumeric() || "._-+@ ()=,".contains(c);
    name.chars().map(|c| if kept(c) { c } else { '-' }).collect()
}

/// A copy that is named after its content.
fn copy(places: &Places, format: ReportFormat, source: &str, text: &str) -> Import {
    let sha256 = Sha256Digest::of(text.as_bytes()).to_string();
    let (format, source) = (format.word().to_owned(), source.to_owned());
    let mut import = Import { format, source, sha256, ..Import::default() };
    import.path = copy_path(places, &import);
    import
}

/// Where the copy of a report lies that no run wrote.
fn copy_path(places: &Places, import: &Import) -> String {
    format!("{}/{}-{}", places.imports(), &import.sha256[..16], copy_name(&import.source))
}
