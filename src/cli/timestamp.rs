//! `d3p timestamp`, and what gates, decisions and launches do by themselves: an authority outside
//! stamps the newest line of the ledger, so that more than this machine says when it was there.
//!
//! The authority is the policy's, asked once, for a bounded time, and while nobody is locked out. What
//! it answers is judged as everybody judges it later, and written only where it proves something.

use crate::cli::Failure;
use crate::cli::clocks::{SET_THE_CLOCK, contradiction};
use crate::cli::common::{Global, ledger_entry, open_release};
use crate::cli::session::Session;
use crate::definition::TimestampPolicy;
use crate::env::{Env, Exit};
use crate::http::{Client, Settings};
use crate::model::{Advice, Finding, Location, Reason, Sha256Digest, Stamp};
use crate::project::Project;
use crate::record::{EntryKind, Timestamp};
use crate::render::{clean, way};
use crate::rules::{stamp_again, unstamped};
use crate::sign::timestamp::{Attested, Roots, answered, request};
use base64ct::{Base64, Encoding as _};
use serde_json::json;
use std::io;
use std::time::Duration;

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut session = global.session()?;
    open_release(&session.project)?;
    let Some(policy) = session.project.effective().policy.timestamp.clone() else {
        let what = "name an authority: timestamp: { url: http://tsa.example.com, roots: .d3p/timestamp-roots.pem }";
        return Err(Failure::usage("d3p.yaml names no authority of time")
            .advise(Advice::edit(Location::file("d3p.yaml"), what)));
    };
    match stamp(&mut session, env)? {
        Some(Ok(attested)) if global.human() => {
            writeln!(env.out, "{}", told(&policy, &attested))?;
        }
        Some(Ok(attested)) => {
            let (after, before) = (attested.earliest.to_string(), attested.latest.to_string());
            let told = json!({ "url": policy.url, "after": after, "before": before });
            writeln!(env.out, "{}", crate::render::json::pretty(&told))?;
        }
        Some(Err(why)) => {
            return Err(Failure::refused(cannot(&policy, &why))
                .advise(stamp_again())
                .note("nothing was written"));
        }
        None => {}
    }
    Ok(Exit::Passed)
}

fn told(policy: &TimestampPolicy, attested: &Attested) -> String {
    let Attested { earliest, latest } = attested;
    let when = match earliest == latest {
        true => earliest.to_string(),
        false => format!("between {earliest} and {latest}"),
    };
    clean(&format!("stamped by {}: {when}", policy.url)).into_owned()
}

fn cannot(policy: &TimestampPolicy, why: &Reason) -> String {
    format!("{} did not stamp the ledger: {why}", policy.url)
}

/// Asks for a stamp before something that the policy wants stamped, so that it does not begin where
/// nobody could stamp it; a launch asks in any case, for it is then known not to have begun earlier.
/// What refuses it, where the policy demands stamps and there is none.
///
/// # Errors
/// When the ledger cannot be written.
pub(super) fn before(
    session: &mut Session,
    launches: bool,
    env: &mut Env<'_>,
) -> Result<Option<Finding>, Failure> {
    let policy = session.project.effective().policy.timestamp.clone();
    let Some(policy) = policy.filter(|own| own.required || launches) else { return Ok(None) };
    match stamp(session, env)? {
        Some(Err(why)) if policy.required => {
            let message = format!("{}, and the policy demands it", cannot(&policy, &why));
            Ok(Some(unstamped(&session.project, message)))
        }
        Some(Err(why)) => {
            write_lacking(&policy, &why, env)?;
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Asks for a stamp of what was just written, and says how that went; what was written stands.
///
/// # Errors
/// When the ledger cannot be written, or nothing can be said.
pub(super) fn after(session: &mut Session, aloud: bool, env: &mut Env<'_>) -> Result<(), Failure> {
    let Some(policy) = session.project.effective().policy.timestamp.clone() else {
        return Ok(());
    };
    match stamp(session, env)? {
        Some(Ok(attested)) if aloud => writeln!(env.out, "{}", told(&policy, &attested))?,
        Some(Err(why)) => write_lacking(&policy, &why, env)?,
        _ => {}
    }
    Ok(())
}

fn write_lacking(policy: &TimestampPolicy, why: &Reason, env: &mut Env<'_>) -> io::Result<()> {
    let worth = match policy.required {
        true => "the policy demands it: nothing goes on until it does",
        false => "its time stays claimed until it does",
    };
    let (why, again) = (clean(&cannot(policy, why)).into_owned(), way(&stamp_again()));
    writeln!(env.err, "d3p: warning: {why}; {worth}\nhelp: {}", clean(&again))
}

/// Has the newest lines stamped; `None` where the policy names no authority, and why there is no stamp
/// where there is none. The lock is let go while the authority is asked.
fn stamp(
    session: &mut Session,
    env: &Env<'_>,
) -> Result<Option<Result<Attested, Reason>>, Failure> {
    session.unlock();
    let project = &session.project;
    let Some(policy) = project.effective().policy.timestamp.clone() else { return Ok(None) };
    if let Some(harm) = project.ledger_harm() {
        return Ok(Some(Err(format!("the ledger is damaged: {harm}").into())));
    }
    let heads = project.ledger.heads();
    let mut found = Err(Reason::from("the ledger has no line yet"));
    for head in heads {
        let asked = ask(&policy, &session.project, head, env);
        let (token, attested) = match asked {
            Ok(asked) => asked,
            Err(why) => return Ok(Some(Err(why))),
        };
        session.lock()?;
        session.reread()?;
        let release = open_release(&session.project)?;
        let project = &session.project;
        let mut entry = ledger_entry(project, EntryKind::Timestamped, &release, (env.now)(), env);
        entry.timestamp =
            Some(Timestamp { of: head.to_string(), token: Base64::encode_string(&token) });
        session.note(&entry)?;
        session.reread()?;
        session.unlock();
        found = Ok(attested);
    }
    Ok(Some(found))
}

/// Asks the authority once, and judges what it says as everybody does later.
fn ask(
    policy: &TimestampPolicy,
    project: &Project,
    head: Sha256Digest,
    env: &Env<'_>,
) -> Result<(Vec<u8>, Attested), Reason> {
    let roots: Roots = project.timestamp_roots().ok_or("the policy names no roots")??;
    let mut nonce = [0; 8];
    (env.random)(&mut nonce);
    let timeout = Duration::from_secs(policy.timeout().seconds());
    let client = Client::new(Settings { timeout, ..Settings::default() })?;
    let asked = request(&head, nonce);
    let (status, reply) = client.post(&policy.url, "application/timestamp-query", &asked)?;
    if status != 200 {
        return Err(format!("it answered {status}").into());
    }
    let (token, attested) = answered(&reply, &head, nonce, &roots)?;
    in_step(&attested, (env.now)(), project)?;
    Ok((token, attested))
}

/// That its clock and the one here do not contradict each other: a stamp that does would be in the way
/// of every line that was written by the wrong one.
fn in_step(attested: &Attested, now: Stamp, project: &Project) -> Result<(), Reason> {
    let (there, skew) = ((attested.earliest, attested.latest), project.effective().policy.skew);
    match contradiction(there, (now, now), skew) {
        None => Ok(()),
        Some(told) => Err(format!("its {told}: {SET_THE_CLOCK}").into()),
    }
}
