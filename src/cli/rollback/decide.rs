//! `d3p rollback decide`: a person of the authority tree decides, with their own key.

use super::{row, why_not};
use crate::cli::args::{DecideArgs, RollbackArg};
use crate::cli::common::{Global, release, says_something};
use crate::cli::signing::{meant, plain, sign, signatory};
use crate::cli::{Failure, confirm, record};
use crate::decide::assess;
use crate::decisions::{
    Authority, AuthorityTree, CONTINUE, Decider, Moments, ROLL_BACK, RollbackRequest, Signer,
    authority_tree, deciding_name, deployed_at, person_of, rollback_check, rollback_hook,
    rollback_statement, rollbacks_begun, ruling, same_name, signatures_on,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Placeholder};
use crate::project::{Project, Release};
use crate::render::{clean, json, way};
use crate::rules::{after_rollback, hardware_key};
use serde_json::json;

pub(in crate::cli) fn run(
    args: &DecideArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    // A person takes their time: the lock is taken once they have decided.
    let mut session = global.session()?;
    let (root, project) = (session.root(), &session.project);
    let release = release(project)?;
    let check = rollback_check(project)
        .ok_or_else(|| Failure::incomplete("this phase knows no decision on a rollback"))?;
    something_to_decide(project, &release)?;
    let tree = authority_tree(project).ok_or_else(|| no_tree(project))?;
    let on = signatures_on(project);
    says_who_and_why(args, project, on, global, env)?;
    let (name, authority) = in_tree(project, &tree, &args.identity)?;
    let signatory = on
        .then(|| signatory(project, &args.identity, args.key.as_deref(), global, env))
        .transpose()?;
    writeln!(env.err, "{}", clean(check.question))?;
    let decision = decision(args, env)?;
    last_chance(project, &release, decision)?;
    let now = (env.now)();
    let request = RollbackRequest {
        decider: match &signatory {
            Some(signatory) => signatory.decider(args.role.as_deref(), now, env),
            None => Decider {
                person: name,
                principal: None,
                role: args.role.as_deref(),
                nonce: env.random_hex(16),
                now,
            },
        },
        authority: authority.clone(),
        decision,
        question: check.question,
        reason: args.reason.trim(),
    };
    let statement = rollback_statement(project, &release, &request);
    let says = clean(&says(authority, decision)).into_owned();
    let signature = match &signatory {
        None => {
            writeln!(env.err, "{says} (typed, not signed)")?;
            None
        }
        Some(signatory) => {
            let (signature, signer) = sign(&statement, signatory, &says, project, root, now, env)?;
            shown(project, &signer)?;
            Some(signature)
        }
    };
    let name = name.to_owned();
    session.lock()?;
    let exit = record::decide_rollback(&session, &statement, signature.as_deref(), global, env)?;
    if exit == Exit::Passed {
        session.reread()?;
        let until = &statement.predicate.head.not_after;
        show(&session.project, until, &name, decision, global, env)?;
    }
    Ok(exit)
}

/// Refuses where no reason is given, or where somebody else is meant, before anything is asked.
fn says_who_and_why(
    args: &DecideArgs,
    project: &Project,
    signed: bool,
    global: &Global,
    env: &Env<'_>,
) -> Result<(), Failure> {
    says_something("--reason", &args.reason)?;
    plain("--as", &args.identity)?;
    if !signed {
        return Ok(());
    }
    let key = args.key.as_deref().map(|key| global.directory.join(key));
    let home = env.var("HOME").map(std::path::PathBuf::from);
    let meant = meant(project, &args.identity, key.as_deref(), home.as_deref());
    meant.map_or(Ok(()), |failure| Err(failure.advise(at_once(project))))
}

/// The person who is called `identity`, and their row of the tree: asked before their key is looked
/// for.
fn in_tree<'a>(
    project: &'a Project,
    tree: &'a AuthorityTree,
    identity: &'a str,
) -> Result<(&'a str, &'a Authority), Failure> {
    let persons = &project.effective().policy.approval.persons;
    let known = person_of(persons, identity).filter(|_| signatures_on(project));
    let name = known.map_or(identity, |person| &person.name);
    let can = match signatures_on(project) {
        true => known.is_some(),
        false => deciding_name(project, name).is_some(),
    };
    let own = tree.rows.iter().find(|own| own.name == name).filter(|_| can);
    own.map(|own| (name, own)).ok_or_else(|| not_in_tree(project, tree, name))
}

/// Refuses a signature whose key did not show what the policy wants.
fn shown(project: &Project, signer: &Signer) -> Result<(), Failure> {
    let Some(what) = signer.unshown(&project.effective().policy.approval.rollback) else {
        return Ok(());
    };
    Err(Failure::refused(format!(
        "this signature would not count: the key did not show a {what}, as approval.rollback in d3p.yaml wants"
    ))
    .advise(hardware_key())
    .note("nothing was written"))
}

fn says(authority: &Authority, decision: &str) -> String {
    format!(
        "{}, number {} of the authority tree ({}), present and reachable at {}, decides {decision}",
        authority.name, authority.order, authority.role, authority.reachable_at
    )
}

/// Refuses while there is nothing that could be taken back.
fn something_to_decide(project: &Project, release: &Release) -> Result<(), Failure> {
    if deployed_at(project).is_some() {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "{} was not deployed to production yet: there is nothing to roll back",
        release.version
    ))
    .advise(Advice::d3p(["status", "--next"]))
    .advise(
        Advice::decide(["approve", "sign"])
            .with("--as", Placeholder::PRINCIPAL)
            .words(["--decision", "no-go"])
            .what("keep it from being deployed"),
    ))
}

/// A CONTINUE that could not change anything any more is refused.
fn last_chance(project: &Project, release: &Release, decision: &str) -> Result<(), Failure> {
    if decision == ROLL_BACK {
        return Ok(());
    }
    if let Some(began) = rollbacks_begun(project).first() {
        return Err(Failure::refused(format!(
            "{} began {}: it is too late to continue this attempt",
            began.hook, began.line.at
        ))
        .advise(after_rollback(project)));
    }
    let check = rollback_check(project);
    let gate = check.and_then(|check| project.phase.gate_of_evidence(check.evidence.kind));
    let passed = gate.is_some_and(|(gate, _)| {
        let pass = project.ledger.last_pass(gate);
        pass.is_some_and(|line| line.entry.release == release.name())
    });
    if passed {
        return Err(Failure::refused(format!(
            "{} is complete: there is nothing left to continue",
            release.version
        ))
        .advise(Advice::d3p(["archive"])));
    }
    Ok(())
}

/// The decision that was given, or that a person types on a terminal; never one by default.
fn decision(args: &DecideArgs, env: &mut Env<'_>) -> Result<&'static str, Failure> {
    match args.decision {
        Some(RollbackArg::RollBack) => return Ok(ROLL_BACK),
        Some(RollbackArg::Continue) => return Ok(CONTINUE),
        None if !env.stdin_terminal => {
            return Err(Failure::usage(
                "standard input is no terminal, and a decision is never made up",
            )
            .note("--decision roll-back, or --decision continue"));
        }
        None => {}
    }
    match confirm::line("yes or no: ", env)?.to_lowercase().as_str() {
        "yes" | "y" => Ok(ROLL_BACK),
        "no" | "n" => Ok(CONTINUE),
        _ => Err(confirm::nothing()),
    }
}

fn no_tree(project: &Project) -> Failure {
    let check = rollback_check(project);
    let document = check.and_then(|check| project.phase.documents.get(&check.authority.document));
    let path = document.map_or("the rollback strategy", |def| def.path.as_str());
    Failure::refused(format!("the authority tree in {path} cannot be read: nobody may decide"))
        .advise(
            Advice::d3p(["diff"])
                .what("see how to restore it")
                .or(Advice::d3p(["check", path]).what("see what is wrong")),
        )
        .advise(at_once(project))
}

fn at_once(project: &Project) -> Advice {
    let hook = rollback_hook(project).unwrap_or("rollback");
    Advice::d3p(["run", hook])
        .with("--without-decision", Placeholder::REASON)
        .what("roll back at once, and decide afterwards")
}

/// Who may decide instead, in their order, and how they are reached.
fn not_in_tree(project: &Project, tree: &AuthorityTree, name: &str) -> Failure {
    let persons = &project.effective().policy.approval.persons;
    let alike = tree.rows.iter().find(|own| same_name(&own.name, name));
    let on = signatures_on(project);
    let named = persons.iter().any(|person| person.name == name) || (persons.is_empty() && !on);
    let mut failure = match alike {
        Some(own) if own.name == name && on => Failure::refused(format!(
            "decisions are signed here: --as wants what .d3p/allowed_signers calls {name}"
        )),
        Some(own) if own.name == name => {
            Failure::refused(format!("{name} cannot decide: {}", why_not(project, own)))
        }
        Some(own) => Failure::refused(format!(
            "the authority tree says \"{}\", and \"{name}\" was given: they must be written alike",
            own.name
        )),
        None if named => {
            Failure::refused(format!("{name} is not in the authority tree, and cannot decide"))
        }
        None => Failure::refused(format!(
            "{name} is nobody of approval.persons in d3p.yaml, and cannot decide"
        )),
    }
    .note("who may, in this order:");
    for own in &tree.rows {
        failure = failure.note(row(project, own));
    }
    failure.advise(at_once(project))
}

fn show(
    project: &Project,
    until: &str,
    name: &str,
    decision: &str,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let check = rollback_check(project);
    let path = check.map_or("", |check| check.evidence.def.path.as_str());
    let now = (env.now)();
    let moments = Moments { now, gate: None, use_now: true };
    let lacking = ruling(project, moments).lacking(project, Some(now));
    let begun = !rollbacks_begun(project).is_empty();
    let hook = rollback_hook(project);
    let next = match (decision == ROLL_BACK, lacking.is_empty(), begun) {
        (true, false, _) => Advice::d3p(["rollback", "status"]),
        (true, true, false) => match hook {
            Some(hook) => Advice::d3p(["run", hook]),
            None => Advice::answer("roll back as the rollback plan says"),
        },
        (true, true, true) => after_rollback(project),
        (false, ..) => crate::decide::next(project, &assess(project, now), now),
    };
    if !global.human() {
        let view = json!({
            "recorded": path, "decision": decision, "by": name, "lacking": lacking,
            "next": json::advice(&next),
        });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(());
    }
    writeln!(env.out, "recorded {path}: {decision} by {}", clean(name))?;
    if decision == ROLL_BACK && !lacking.is_empty() {
        writeln!(env.out, "not decided yet: {}", lacking.join(", "))?;
    } else if decision == ROLL_BACK {
        writeln!(env.out, "in force until {until}")?;
    }
    if !global.quiet {
        writeln!(env.out, "next: {}", clean(&way(&next)))?;
    }
    Ok(())
}
