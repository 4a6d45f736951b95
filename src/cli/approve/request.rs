//! `d3p approve request`: writes what is to be decided. A request decides nothing; whoever says GO
//! signs for what it names.

use super::brief::brief;
use crate::cli::common::{Global, open_release, trusted_git};
use crate::cli::session::Session;
use crate::cli::{Failure, doctor, lock, notify, record, report};
use crate::collect::announce_once;
use crate::decide::assess;
use crate::decisions::covers;
use crate::definition::{CarryKind, PutBy, ReportOf};
use crate::env::{Env, Exit};
use crate::project::{Project, validated_input};
use crate::render::{clean, way};
use crate::rules::launching_hooks;
use crate::source::Root;
use crate::tree::{digest, is_there};
use crate::write::ChangeSet;
use serde_json::{Value, json};

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut session = global.session()?;
    open_release(&session.project)?;
    // The other side may be slow, and so is asked before the lock is taken.
    lock::bring_objections(session.root(), &session.project, global, env)?;
    let rehearsed = lock::rehearse(session.root(), &session.project, env);
    session.lock()?;
    let git = trusted_git(session.root(), &session.project, env);
    doctor::nothing_is_lost(&git, session.root(), &session.project)?;
    let release = open_release(&session.project)?;
    let now = (env.now)();
    record::may_request(&session.project, &assess(&session.project, now))?;
    // What they read is compiled before anybody is asked, and they sign for it.
    for of in [ReportOf::Validation, ReportOf::Plan] {
        report::compile(&session, &release, of, now)?;
        session.reread()?;
    }
    let project = &session.project;
    let assessment = assess(project, now);
    let request = json!({
        "requested_at": now.to_string(),
        "by": env.actor().to_string(),
        "brief": brief(project, &release, &assessment, now).join("\n"),
        "covers": covers(project),
        "inputs": inputs(session.root(), project)?,
    });
    if !record::request(&mut session, (request, rehearsed.clone()), global, env)? {
        return Ok(Exit::Refused);
    }
    lock::show_rehearsal(
        rehearsed.as_ref(),
        &session.project,
        global.human() && !global.quiet,
        env,
    )?;
    put(&mut session, global, env)?;
    if global.human() && !global.quiet {
        writeln!(env.out, "next: a person reads it with d3p approve show, and decides")?;
        for advice in super::status::to_decide(&session.project, now) {
            writeln!(env.out, "  {}", clean(&way(&advice)))?;
        }
    }
    Ok(Exit::Passed)
}

/// Puts the protocol's question, in its exact words, and says so in the log (P11-C2).
fn put(session: &mut Session, global: &Global, env: &mut Env<'_>) -> Result<(), Failure> {
    let Some(text) = session.project.phase.put_by(PutBy::Request).map(str::to_owned) else {
        return Ok(());
    };
    if global.human() && !global.quiet {
        writeln!(env.out, "{}", clean(&text))?;
    }
    session.lock()?;
    let now = (env.now)();
    let said = announce_once(&session.project, now, &mut || env.random_hex(8), &[&text]);
    if said.is_empty() {
        return Ok(());
    }
    let mut changes = ChangeSet::new(session.root());
    let mut told = Vec::new();
    for (log, line, text) in said {
        changes.append_line(log, line);
        told.push(text);
    }
    session.apply(changes)?;
    notify::pass_on(session, &told, env).map(|_| ())
}

/// What lies here for the launch, by its digest, where no run validated it: whoever says GO signs for
/// it, and the launch takes nothing else.
fn inputs(root: &Root, project: &Project) -> Result<Vec<Value>, Failure> {
    let launch = project.phase.launch().map_or("", |(_, def)| def.environment.as_str());
    let hooks = launching_hooks(project);
    let mut found = Vec::new();
    for own in &project.effective().policy.run.carry {
        let lies = root.dir().join(&own.path);
        let given = hooks.iter().any(|hook| own.is_for(hook));
        if own.kind != CarryKind::Input || !given || !is_there(&lies) {
            continue;
        }
        let there = digest(&lies).map_err(|error| {
            Failure::incomplete(format!("{} cannot be read: {}", own.path, error.message))
        })?;
        let sha256 = there.sha256.to_string();
        if validated_input(project, &own.path, launch).as_ref() != Some(&sha256) {
            found.push(json!({ "path": own.path, "sha256": sha256 }));
        }
    }
    Ok(found)
}
