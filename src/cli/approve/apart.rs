//! Signing without a clone: a bundle of the release goes out, a signature comes back.
//!
//! What is signed elsewhere is judged there as here, by the same code over the same files; here it is
//! judged once more, over what lies here by now.

use super::sign::{Wanted, keep, separate};
use crate::cli::args::SignArgs;
use crate::cli::common::{Global, open_release};
use crate::cli::verify::target::{self, Target};
use crate::cli::{Failure, record};
use crate::decide::assess;
use crate::decisions::{
    ApprovalDecision, Current, Decision, Unsigned, person_of, signatures_on, signer,
};
use crate::env::{Env, Exit};
use crate::model::{Actor, Advice, Placeholder};
use crate::project::{Project, Release};
use crate::record::Signed;
use crate::render::clean;
use crate::source::{Loaded, load_given};
use crate::text::shell;
use crate::write::create_new;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Most bytes of a decision and its signature.
const MOST: u64 = 4 * 1024 * 1024;

/// Decides over a bundle, and writes decision and signature beside it.
pub(super) fn sign(
    file: &Path,
    args: &SignArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let Target { root, project, bundle, findings } = target::open(Some(file), global)?;
    if bundle.is_none() {
        return Err(Failure::usage(format!("{} is no bundle", file.display())).advise(
            Advice::d3p(["bundle", "create"])
                .fill(Placeholder::FILE)
                .what("in the clone, pack one"),
        ));
    }
    if !findings.is_empty() {
        return Err(target::refused(&file.to_string_lossy(), &findings));
    }
    let named = args.out.clone().unwrap_or_else(|| beside(file));
    let out = global.directory.join(&named);
    let (statement, signature) = Wanted { args, global }.sign(&project, &root, env)?;
    let signed = Signed { statement: statement.to_text(), signature };
    let text = serde_json::to_string_pretty(&signed).unwrap_or_default() + "\n";
    create_new(&out, |file: &mut dyn Write| {
        file.write_all(text.as_bytes()).map_err(Failure::from)
    })?;
    if global.human() && !global.quiet {
        let name = clean(&shell::word(&named.to_string_lossy())).into_owned();
        writeln!(
            env.out,
            "signed: {name}\nnext: give it back; in the clone: d3p approve add {name}"
        )?;
    }
    Ok(Exit::Passed)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".signed.json");
    PathBuf::from(name)
}

/// Records a decision that was signed elsewhere, if it counts for what lies here now.
pub(super) fn add(file: &Path, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let text = match load_given(&global.directory.join(file), MOST) {
        Loaded::File(file) => file.text,
        Loaded::Faulty { fault, .. } => return Err(Failure::usage(fault.message)),
    };
    let signed: Signed = serde_json::from_str(&text).map_err(|_| {
        Failure::usage(format!("{} is nothing that d3p approve sign wrote", file.display()))
    })?;
    let session = global.session()?;
    let project = &session.project;
    let release = open_release(project)?;
    let decision: ApprovalDecision = Decision::read(0, &signed.statement, Some(&signed.signature));
    counts(project, &release, &decision, env)?;
    let statement = decision.statement.clone().map_err(|why| Failure::refused(why.to_string()))?;
    keep(session, &statement, &signed.signature, decision.is_go(), global, env)
}

/// Refuses what would not count: the signature, who made it, and what it is about.
fn counts(
    project: &Project,
    release: &Release,
    decision: &ApprovalDecision,
    env: &Env<'_>,
) -> Result<(), Failure> {
    let now = (env.now)();
    let refused = |why: &str| {
        Failure::refused(format!("this decision does not count here: {why}"))
            .advise(
                Advice::d3p(["bundle", "create"])
                    .fill(Placeholder::FILE)
                    .by(Actor::Agent)
                    .what("pack what lies here now, and have it signed"),
            )
            .note("nothing was written")
    };
    let statement = decision.statement.as_ref().map_err(|why| refused(&why.to_string()))?;
    if !signatures_on(project) {
        return Err(refused("d3p.yaml has signatures: \"off\""));
    }
    let by = signer(project, decision, now, project.launched_at()).map_err(|why| match why {
        Unsigned::Missing => refused("it is not signed"),
        Unsigned::Invalid(why) | Unsigned::NotAllowed(why) => refused(&why),
    })?;
    if project.names_decision(&decision.text) {
        return Err(refused("it is recorded already"));
    }
    if !statement.predicate.head.is_about(&release.version, &release.commit) {
        return Err(refused("it is about another release, or another commit"));
    }
    if !decision.is_go() {
        return Ok(());
    }
    record::may_decide(project, &assess(project, now))?;
    let persons = &project.effective().policy.approval.persons;
    if let Some(person) = person_of(persons, &by.principal) {
        separate(project, release, person)?;
    }
    let current = Current::of(project, now);
    let differs = current.superseded(statement);
    if !differs.is_empty() {
        return Err(refused(&differs.join("; ")));
    }
    if current.stands(decision) {
        return Ok(());
    }
    let moment = decision.decided_at();
    let why = moment.and_then(|at| current.wrong_moment(&statement.predicate, at));
    Err(refused(&why.map_or("it has ended".to_owned(), |why| format!("it was made {why}"))))
}
