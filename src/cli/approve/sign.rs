//! `d3p approve sign`: a person decides, with their own key.

use super::brief::{brief, seen};
use super::summary::summary;
use crate::cli::args::{DecisionArg, SignArgs};
use crate::cli::common::{Global, open_release, says_something};
use crate::cli::session::Session;
use crate::cli::signing::{sign, signatory};
use crate::cli::{Failure, lock, record, timestamp};
use crate::decide::assess;
use crate::decisions::{
    ApprovalRequest, ApprovalStatement, Deed, GO, NO_GO, approval_statement, approvers,
    how_to_decide, not_separate, signatures_on,
};
use crate::definition::{Before, Person};
use crate::env::{Env, Exit};
use crate::model::{Actor, Advice, Finding, Location, Piece, Sha256Digest};
use crate::project::{Project, Release};
use crate::render::clean;
use crate::rules::{GL514, let_another, reviews};
use crate::source::Root;

pub(super) fn run(args: &SignArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if let Some(bundle) = &args.bundle {
        return super::apart::sign(bundle, args, global, env);
    }
    if args.out.is_some() {
        return Err(Failure::usage("--out is for what is signed over a bundle: name the bundle"));
    }
    // A person takes their time: the lock is taken once they have signed.
    let session = global.session()?;
    let (statement, signature) =
        Wanted { args, global }.sign(&session.project, session.root(), env)?;
    let go = args.decision == DecisionArg::Go;
    keep(session, &statement, &signature, go, global, env)
}

/// What a person wants to decide.
pub(super) struct Wanted<'a> {
    pub(super) args: &'a SignArgs,
    pub(super) global: &'a Global,
}

impl Wanted<'_> {
    /// Lets them sign it, if it would count; nothing is written.
    pub(super) fn sign(
        &self,
        project: &Project,
        root: &Root,
        env: &mut Env<'_>,
    ) -> Result<(ApprovalStatement, String), Failure> {
        let Self { args, global } = self;
        let release = open_release(project)?;
        if !signatures_on(project) {
            return Err(Failure::incomplete(
                "d3p.yaml has signatures: \"off\": decisions are typed here",
            )
            .advise(how_to_decide(project))
            .note("or turn them on before gate 1: signatures: \"on\""));
        }
        let now = (env.now)();
        let go = args.decision == DecisionArg::Go;
        // Who may decide can be settled long before there is something to decide.
        let signatory = signatory(project, &args.identity, args.key.as_deref(), global, env)?;
        // An objection needs nothing to be ready.
        let assessment = assess(project, now);
        if go {
            record::may_decide(project, &assessment)?;
            separate(project, &release, signatory.person)?;
        }
        args.reason.as_deref().map_or(Ok(()), |reason| says_something("--reason", reason))?;
        windows(project, &args.override_windows, go)?;
        locks(project, args, go)?;
        if let Some(wanted) = &args.seen {
            let shown = brief(project, &release, &assessment, now);
            as_shown(wanted, seen(project, &shown))?;
        }
        let (kind, _) = record::approval_def(project)?;
        let request = ApprovalRequest {
            decider: signatory.decider(args.role.as_deref(), now, env),
            decision: if go { GO } else { NO_GO },
            reason: args.reason.as_deref().map(str::trim),
            gate: project.phase.gate_of_evidence(kind).map_or("", |(gate, _)| gate),
            window_overrides: args.override_windows.clone(),
            take_over: args.take_over.clone(),
            without_lock: args.without_lock,
            reviews: reviews(project, &assessment.findings),
        };
        let statement = approval_statement(project, &release, &request);
        if global.human() && !global.quiet {
            for line in summary(project, &statement.predicate, &assessment, now) {
                writeln!(env.out, "{}", clean(&line))?;
            }
        }
        let role = request.decider.role.unwrap_or("nothing else");
        let says =
            format!("{}, who is {role}, decides {}", request.decider.person, request.decision);
        let (signature, _) = sign(&statement, &signatory, &clean(&says), project, root, now, env)?;
        Ok((statement, signature))
    }
}

/// Records what was signed, publishes it, and says what comes next.
pub(super) fn keep(
    mut session: Session,
    statement: &ApprovalStatement,
    signature: &str,
    go: bool,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    session.lock()?;
    let exit = record::decide(&session, statement, signature, global, env)?;
    // The other side may be slow, and what is published is what the files say now.
    session.unlock();
    session.reread()?;
    let aloud = global.human() && !global.quiet;
    timestamp::after(&mut session, aloud, env)?;
    lock::publish(session.root(), &session.project, aloud, env)?;
    let project = &session.project;
    if global.human() && !global.quiet {
        let said = match (exit, go) {
            (Exit::Passed, _) => format!("the approval is in force{}", what_next(project)),
            (_, true) => {
                "the approval is not in force yet: d3p approve status says what is missing".into()
            }
            (_, false) => "the launch is off until this is taken back: d3p approve status".into(),
        };
        writeln!(env.out, "{said}")?;
        writeln!(env.out, "next: commit and push {}", project.places().directory())?;
    }
    Ok(exit)
}

/// Refuses a GO that would not count, before a key is touched in vain.
pub(super) fn separate(
    project: &Project,
    release: &Release,
    person: &Person,
) -> Result<(), Failure> {
    let Some(why) = not_separate(project, release, person, Deed::Approve) else { return Ok(()) };
    let (kind, def) = record::approval_def(project)?;
    let (piece, place) = (Piece::Evidence(kind.to_owned()), Location::file(&def.path));
    let finding =
        Finding::new(&GL514, piece, place, why).clauses(&def.clauses).advise(let_another());
    let mut failure = Failure::refused("this GO would not count").findings(&[finding]);
    for person in approvers(project) {
        failure = failure.note(format!("{} could decide", clean(&person.name)));
    }
    Err(failure.note("nothing was signed or written"))
}

/// Refuses to sign anything but what a person was shown.
fn as_shown(wanted: &str, found: Sha256Digest) -> Result<(), Failure> {
    let digest = wanted.strip_prefix("sha256:").and_then(Sha256Digest::parse).ok_or_else(|| {
        Failure::usage(format!("--seen {wanted}: not sha256: and 64 hexadecimal digits"))
            .advise(Advice::d3p(["approve", "show"]).what("see the digest, on its last line"))
    })?;
    if digest == found {
        return Ok(());
    }
    Err(Failure::refused("what would be signed is no longer what d3p approve show showed")
        .advise(
            Advice::d3p(["approve", "show"])
                .by(Actor::Approver)
                .what("read it again, and sign with the digest on its last line"),
        )
        .note("nothing was signed or written"))
}

/// The clearance that an approval is for.
fn what_next(project: &Project) -> String {
    let asks = |before: &Before| matches!(before, Before::Approval(_));
    let step = project.phase.steps.iter().find(|(_, step)| step.before.iter().any(asks));
    step.map_or(String::new(), |(step, _)| format!(": d3p check --before {step}"))
}

/// Refuses to say something of a launch lock that is no object, or where there is none.
fn locks(project: &Project, args: &SignArgs, go: bool) -> Result<(), Failure> {
    if args.take_over.is_empty() && !args.without_lock {
        return Ok(());
    }
    if !go {
        return Err(Failure::usage("a NO_GO takes no launch lock over, and goes without none"));
    }
    if project.effective().policy.launch_lock.is_none() {
        return Err(Failure::usage("d3p.yaml names no launch_lock: there is none to do without"));
    }
    let is_object = |own: &&String| {
        matches!(own.len(), 40 | 64) && own.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match args.take_over.iter().find(|own| !is_object(own)) {
        None => Ok(()),
        Some(own) => {
            Err(Failure::usage(format!("--take-over {own}: not the full id of an object"))
                .note("the refusal of the launch names it, and so does d3p check --before"))
        }
    }
}

/// Refuses windows that the policy does not deny, and to override one while saying no.
fn windows(project: &Project, wanted: &[String], go: bool) -> Result<(), Failure> {
    let denied = &project.effective().policy.windows.deny;
    let known = |id: &&String| !denied.iter().any(|window| window.id == **id);
    if let Some(id) = wanted.iter().find(known) {
        let all: Vec<&str> = denied.iter().map(|window| window.id.as_str()).collect();
        let all = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
        return Err(Failure::usage(format!("d3p.yaml denies no window `{id}`"))
            .note(format!("denied windows: {all}")));
    }
    if !go && !wanted.is_empty() {
        return Err(Failure::usage("a NO_GO overrides no window"));
    }
    Ok(())
}
