//! `d3p bundle create`: a release in one file, for an auditor on another machine.
//!
//! Which files belong to it is decided in `project`, for archives and bundles alike.

use crate::bundle::{
    MANIFEST, Manifest, Member, OWN, PHASE, PackError, Packed, Pieces, SCHEMA, SCHEMAS, pack, unfit,
};
use crate::cli::args::{BundleArgs, BundleCommand, BundleCreateArgs};
use crate::cli::common::{Global, files, open_at, release};
use crate::cli::{Code, Failure};
use crate::decide::{Assessment, assess, within};
use crate::definition::Phase;
use crate::definition::folder::DEFINITION;
use crate::env::{Env, Exit};
use crate::model::{Advice, Level, Location, Placeholder, Places, Sha256Digest};
use crate::project::{Project, Release, ReleaseFiles, release_files, unreadable};
use crate::render::{clean, json};
use crate::schema;
use crate::source::{Root, check_path, resolved};
use crate::write::{WriteError, create_new};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &BundleArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let BundleCommand::Create(args) = &args.command;
    create(args, global, env)
}

fn create(args: &BundleCreateArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = match &args.dir {
        Some(dir) => open_at(&global.directory.join(dir), global.phase())?,
        None => global.open()?,
    };
    let release = release(&project).map_err(|failure| {
        failure.advise(
            Advice::d3p(["bundle", "create"])
                .fill(Placeholder::FILE)
                .fill(Placeholder::DIRECTORY)
                .what(format!("pack an archived one, below {}", project.places().archives())),
        )
    })?;
    let held = release_files(&project);
    let output = global.directory.join(&args.file);
    let own = own_members(&project.phase);
    let (manifest, packed, inside) = pack_into(&output, &root, &project, &release, &held, &own)?;
    let assessment = assess(&project, (env.now)());
    let told = Summary { args, manifest: &manifest, packed, held: &held, inside };
    told.tell(&project, &assessment, global, env)?;
    Ok(Exit::Passed)
}

/// Packs these files and members into a new file; also says whether that lies in the project.
///
/// # Errors
/// A refusal where one cannot be read, or the place does not do.
pub(super) fn pack_into(
    output: &Path,
    root: &Root,
    project: &Project,
    release: &Release,
    held: &ReleaseFiles,
    own: &BTreeMap<String, Vec<u8>>,
) -> Result<(Manifest, Packed, bool), Failure> {
    let inside = place(output, root, project.places(), held)?;
    let packable = |path: &str| check_path(path).is_ok();
    if let Some((path, fault)) = unreadable(project).into_iter().find(|(path, _)| packable(path)) {
        let failure = Failure::refused(format!("{path} cannot be packed: {}", fault.message));
        return Err(match &fault.help {
            Some(help) => failure.advise(Advice::edit(Location::file(path), help.as_str())),
            None => failure,
        });
    }
    let manifest = manifest(root, project, release, held, own)?;
    let mut pieces = |path: &str| -> Result<Box<dyn Read>, crate::text::Fault> {
        match own.get(path) {
            Some(text) => Ok(Box::new(Cursor::new(text.clone()))),
            None => root.open_file(path).map(|(file, _)| Box::new(file) as Box<dyn Read>),
        }
    };
    let pieces: &mut Pieces<'_> = &mut pieces;
    let packed = create_new(output, |out| pack(&manifest, pieces, out).map_err(Stopped::Pack))?;
    Ok((manifest, packed, inside))
}

/// What of a bundle is no file of the project, by path, for readers without d3p: the definition that
/// the release follows, and every schema that it is judged by.
pub(super) fn own_members(phase: &Phase) -> BTreeMap<String, Vec<u8>> {
    let shared = schema::names().into_iter().filter_map(|name| Some((name, schema::text(name)?)));
    let member = |name: &str| format!("{SCHEMAS}{name}{SCHEMA}");
    let mut own: BTreeMap<String, Vec<u8>> = shared
        .chain(phase.folder.schemas())
        .map(|(name, text)| (member(name), text.as_bytes().to_vec()))
        .collect();
    let definition = phase.folder.text(DEFINITION).unwrap_or_default();
    own.insert(PHASE.to_owned(), definition.as_bytes().to_vec());
    own
}

/// Lists every member with its digest, and holds what was judged against what lies there.
fn manifest(
    root: &Root,
    project: &Project,
    release: &Release,
    held: &ReleaseFiles,
    own: &BTreeMap<String, Vec<u8>>,
) -> Result<Manifest, Failure> {
    if let Some((path, why)) = unfit(held.files.iter().map(String::as_str)) {
        return Err(Failure::refused(format!("{path:?} cannot be packed: its path {why}")).advise(
            Advice::answer("rename it where it is named, and collect again what cites it"),
        ));
    }
    let mut listed = Vec::new();
    for (path, bytes) in own {
        let (sha256, bytes) = (Sha256Digest::of(bytes), bytes.len() as u64);
        listed.push(Member { path: path.clone(), bytes, sha256 });
    }
    for path in &held.files {
        let (sha256, bytes) = root
            .digest(path)
            .map_err(|fault| Failure::refused(format!("cannot be packed: {}", fault.message)))?;
        if project.digest_of(path).is_some_and(|judged| judged != sha256) {
            return Err(Stopped::Pack(PackError::Changed(path.clone())).into());
        }
        listed.push(Member { path: path.clone(), bytes, sha256 });
    }
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    let manifest = Manifest {
        packed_by: env!("CARGO_PKG_VERSION").to_owned(),
        release: release.name(),
        commit: release.commit.clone(),
        heads: project.ledger.heads(),
        files: listed,
    };
    match manifest.fault() {
        None => Ok(manifest),
        Some(why) => Err(Failure::refused(format!("no bundle can hold this release: it {why}"))
            .advise(Advice::d3p(["check"]).what("see what is wrong with the release manifest"))
            .note(
                "large logs are kept out of git, and may be sent beside: d3p verify FILE --raw DIR",
            )),
    }
}

/// Whether the output lies inside the project.
///
/// # Errors
/// A refusal when it lies among what is packed: it would be a part of the next bundle, or of the
/// archive.
fn place(
    output: &Path,
    root: &Root,
    places: &Places,
    held: &ReleaseFiles,
) -> Result<bool, Failure> {
    let name = output.file_name().map(PathBuf::from);
    let parent = output.parent().map_or(PathBuf::from("."), Path::to_path_buf);
    let shown = output.display();
    let (Some(dir), Some(_)) = (resolved(&parent), name) else {
        return Err(Failure::incomplete(format!(
            "{shown} cannot be written: {} is not there",
            parent.display()
        ))
        .advise(Advice::answer("make the directory, or name another")));
    };
    let Ok(inside) = dir.strip_prefix(root.dir()) else { return Ok(false) };
    let inside: Vec<&str> = inside.iter().filter_map(|part| part.to_str()).collect();
    let inside = inside.join("/");
    let archived = root.dir().parent().is_some_and(|dir| dir.ends_with(places.archives()));
    let (below, directory) = (format!("{inside}/"), places.directory());
    let among = format!("{directory}/").starts_with(&below)
        || below.starts_with(&format!("{directory}/"))
        || held.files.iter().any(|path| path.starts_with(&below));
    if archived || among {
        return Err(Failure::refused(format!("{shown} would lie among the files that it packs"))
            .advise(Advice::answer("name a file elsewhere, such as /tmp/release.tar.gz")));
    }
    Ok(true)
}

/// What keeps a bundle from being written.
enum Stopped {
    Pack(PackError),
    Write(WriteError),
}

impl From<WriteError> for Stopped {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Write(error) if error.kind == crate::write::WriteErrorKind::Exists => {
                Self::refused(error.message).code(Code::Conflict).advise(*error.advice)
            }
            Stopped::Write(error) => {
                Self::incomplete(error.message).code(Code::Io).advise(*error.advice)
            }
            Stopped::Pack(error @ PackError::Changed(_)) => Self::incomplete(error.to_string())
                .advise(Advice::wait(
                    "wait until nothing writes there, then run the command again",
                )),
            Stopped::Pack(error) => Self::incomplete(error.to_string()).note("nothing was written"),
        }
    }
}

/// What was packed, and what is to be said about it.
struct Summary<'a> {
    args: &'a BundleCreateArgs,
    manifest: &'a Manifest,
    packed: Packed,
    held: &'a ReleaseFiles,
    inside: bool,
}

impl Summary<'_> {
    fn tell(
        &self,
        project: &Project,
        assessment: &Assessment,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<(), Failure> {
        let passed = passed(project, assessment);
        let all = passed.len() == assessment.gates.len();
        if !global.human() {
            env.out.write_all(json::pretty(&self.view(&passed, all)).as_bytes())?;
            return Ok(());
        }
        if global.quiet {
            writeln!(env.out, "sha256:{}", self.packed.sha256)?;
            return Ok(());
        }
        self.human(&passed, assessment.gates.len(), env.out)
    }

    fn next(&self, passed: &[&str], all: bool) -> String {
        let file = self.args.file.display();
        match passed.last() {
            Some(gate) if !all => format!("d3p verify {file} --through {gate}"),
            _ => format!("d3p verify {file}"),
        }
    }

    fn view(&self, passed: &[&str], all: bool) -> Value {
        let Self { args, manifest, packed, held, .. } = self;
        json!({
            "bundle": args.file.display().to_string(),
            "sha256": packed.sha256.to_string(),
            "bytes": packed.bytes,
            "files": manifest.files.len() + 1,
            "release": manifest.release,
            "commit": manifest.commit,
            "passed": passed,
            "complete": all,
            "left_out": held.undeclared,
            "kept_elsewhere": held.detached,
            "next": self.next(passed, all),
        })
    }

    fn human(
        &self,
        passed: &[&str],
        gates: usize,
        out: &mut dyn std::io::Write,
    ) -> Result<(), Failure> {
        let Self { args, manifest, packed, held, inside } = self;
        let file = args.file.display().to_string();
        let all = passed.len() == gates;
        writeln!(
            out,
            "packed {} into {}: {}, {} bytes",
            clean(&manifest.release),
            clean(&file),
            files(manifest.files.len() + 1),
            packed.bytes
        )?;
        writeln!(out, "sha256:{}", packed.sha256)?;
        match passed.last() {
            Some(_) if all => writeln!(out, "gates: all passed")?,
            Some(gate) => writeln!(
                out,
                "gates: passed through {} ({} of {}); the release is not finished, or no longer valid",
                clean(gate),
                passed.len(),
                gates
            )?,
            None => writeln!(out, "gates: NONE is passed; d3p status --next says what is next")?,
        }
        for path in &held.undeclared {
            writeln!(out, "left out, since nothing declares it: {}", clean(path))?;
        }
        for path in &held.detached {
            writeln!(out, "not here, and not packed: {}", clean(path))?;
        }
        if !held.detached.is_empty() {
            writeln!(out, "send these logs beside it: d3p verify {} --raw DIR", clean(&file))?;
        }
        if *inside && !all {
            writeln!(
                out,
                "note: it lies in the project; unless git ignores it, move it away before evidence is collected"
            )?;
        }
        writeln!(out, "next: {}", clean(&self.next(passed, all)))?;
        Ok(())
    }
}

/// The gates that `verify --through` would call passed, in order, up to the first that is not.
fn passed<'a>(project: &Project, assessment: &'a Assessment) -> Vec<&'a str> {
    let errors: Vec<_> =
        assessment.findings.iter().filter(|finding| finding.level == Level::Error).collect();
    let holds = |gate: &&crate::decide::GateAssessment| {
        gate.is_valid() && !errors.iter().any(|finding| within(project, finding, gate.number))
    };
    assessment.gates.iter().take_while(holds).map(|gate| gate.id.as_str()).collect()
}

/// Whether a member is the bundle's own and not a file of the project.
pub(super) fn is_own(path: &str) -> bool {
    path == MANIFEST || path.starts_with(OWN)
}
