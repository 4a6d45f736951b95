//! What is published to the other machines, and what they published: a NO_GO that is validly signed
//! counts wherever it was said, and a launch that began there is one.
//!
//! Lines of others carry facts, never authority: what lets anything go on is signed, or it is here.

use super::{Asker, LaunchRef};
use crate::cli::common::Global;
use crate::cli::session::Session;
use crate::cli::{Failure, record};
use crate::collect::git::{GitError, Put, Remote};
use crate::decisions::{
    Approval, ApprovalDecision, Decision, NO_GO, decisions, lets_take_over, signatures_on, signer,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Stamp};
use crate::project::Project;
use crate::record::{Published, Signed, locked_by};
use crate::render::clean;
use crate::rules::{GL541, GL542};
use crate::source::Root;
use std::collections::BTreeMap;
use std::io;

/// What others published that this directory does not know.
#[derive(Default)]
pub(super) struct Elsewhere {
    /// Each NO_GO to this release and commit, by its digest.
    objections: Vec<ApprovalDecision>,
    /// Launches of other attempts at this version: the release, and what they set their lock to.
    launches: Vec<(String, String)>,
}

impl LaunchRef<'_> {
    pub(super) fn elsewhere(&self, remote: &Remote, now: Stamp) -> Result<Elsewhere, GitError> {
        let heads = self.heads();
        let mut found = Elsewhere::default();
        if remote.list(&[&format!("{heads}/*")])?.is_empty() {
            return Ok(found);
        }
        let (mut objections, mut launches) = (BTreeMap::new(), BTreeMap::new());
        for (object, text) in remote.texts(&heads)? {
            if let Some(published) = Published::read(&text) {
                let signed = published.decisions.iter().enumerate();
                let read = signed.map(|(at, own)| {
                    Decision::<Approval>::read(at, &own.statement, Some(&own.signature))
                });
                let own = read.filter(|own| self.is_unknown_objection(own, now));
                objections.extend(own.map(|own| (own.digest(), own)));
            } else if let Some(began) = locked_by(&text) {
                let other = began.release != self.release.name();
                if other && !self.knows(&began.id) && !lets_take_over(self.project, &object, now) {
                    launches.insert(object, began.release);
                }
            }
        }
        found.objections = objections.into_values().collect();
        found.launches = launches.into_iter().map(|(object, release)| (release, object)).collect();
        Ok(found)
    }

    /// Whether it is a NO_GO to this release and commit that counts, and that no ledger here names.
    fn is_unknown_objection(&self, own: &ApprovalDecision, now: Stamp) -> bool {
        let (project, text) = (self.project, own.digest().to_string());
        let binds = own.said().is_some_and(|said| {
            said.decision == NO_GO
                && said.head.is_about(&self.release.version, &self.release.commit)
        });
        let known = || project.ledgers().iter().any(|ledger| ledger.names_decision(&text));
        let signed = || signer(project, own, now, project.launched_at()).is_ok();
        binds && !known() && (signed() || !signatures_on(project))
    }

    /// Whether a ledger here knows the launch with this id.
    fn knows(&self, id: &str) -> bool {
        let ledgers = self.project.ledgers();
        ledgers.iter().any(|ledger| ledger.lines.iter().any(|line| line.entry.id == id))
    }

    pub(super) fn findings(&self, found: &Elsewhere) -> Vec<Finding> {
        let mut out = Vec::new();
        for own in &found.objections {
            let Some(said) = own.said() else { continue };
            let message = format!(
                "{} said NO_GO to this release on another machine ({}), and this ledger does not know of it",
                said.head.person, said.head.decided_at
            );
            let take = Advice::d3p(["approve", "request"]).what(
                "take it over, so that it can be answered; or merge that machine's ledger (git pull)",
            );
            out.push(self.finding(&GL541, message, take));
        }
        for (release, object) in &found.launches {
            let message = format!(
                "{release} was launched on another machine, or is, and nothing here knows of it (its lock was set to {object})"
            );
            let merge = Advice::answer("merge that machine's ledger or archive (git pull)");
            out.push(self.finding(&GL542, message, merge.or(self.take_over(object))));
        }
        out
    }
}

/// What machines published of the project's open release; nothing where the policy names no launch
/// lock, and nothing where it cannot be asked.
pub(in crate::cli) fn published_heads(
    root: &Root,
    project: &Project,
    env: &Env<'_>,
) -> Vec<Published> {
    let Some(own) = LaunchRef::of(root, project) else { return Vec::new() };
    let heads = || own.remote(Asker::Own, env)?.texts(&own.heads());
    let release = own.release.name();
    let texts = heads().unwrap_or_default().into_iter();
    let read = texts.filter_map(|(_, text)| Published::read(&text));
    read.filter(|own| own.release == release).collect()
}

/// What others published, and what the lock is set to, for whoever verifies.
pub(in crate::cli) fn compared(
    root: &Root,
    project: &Project,
    now: Stamp,
    env: &Env<'_>,
) -> Vec<Finding> {
    let Some(own) = LaunchRef::of(root, project) else { return Vec::new() };
    let asked = own.remote(Asker::Own, env).and_then(|remote| {
        let mut found = own.findings(&own.elsewhere(&remote, now)?);
        found.extend(own.moved(&remote)?);
        Ok(found)
    });
    asked.unwrap_or_else(|error| vec![own.unreachable(&error.message())])
}

impl LaunchRef<'_> {
    /// Whether the lock is what the last launch here set it to.
    fn moved(&self, remote: &Remote) -> Result<Option<Finding>, GitError> {
        let known = self.known();
        let Some(last) = known.last() else { return Ok(None) };
        Ok(match remote.read(&self.name())? {
            Some(there) if known.contains(&there.as_str()) => None,
            Some(there) => Some(self.held(&there, None)),
            None => Some(self.gone(last)),
        })
    }
}

/// Records each NO_GO that others published and that counts, so that it is judged and answered here as
/// every other one.
///
/// # Errors
/// When one cannot be recorded.
pub(in crate::cli) fn bring_objections(
    root: &Root,
    project: &Project,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let Some(own) = LaunchRef::of(root, project) else { return Ok(()) };
    // That it cannot be asked is said by what refuses for it.
    let asked = own.remote(Asker::Policy, env);
    let Ok(found) = asked.and_then(|remote| own.elsewhere(&remote, (env.now)())) else {
        return Ok(());
    };
    for objection in found.objections {
        let (Ok(statement), Some(signature)) = (&objection.statement, &objection.signature) else {
            continue;
        };
        writeln!(
            env.err,
            "d3p: {} said NO_GO to this release on another machine; it is recorded here now",
            clean(&statement.predicate.head.person)
        )?;
        let session = Session::open_locked(root.dir(), Some(&project.phase.id))?;
        record::decide(&session, statement, signature, global, env)?;
    }
    Ok(())
}

/// Publishes ledger and decisions, and says whether that was done: nobody else knows of a decision
/// before.
///
/// # Errors
/// When nothing can be said.
pub(in crate::cli) fn publish(
    root: &Root,
    project: &Project,
    human: bool,
    env: &mut Env<'_>,
) -> io::Result<Exit> {
    let Some(own) = LaunchRef::of(root, project) else { return Ok(Exit::Passed) };
    match own.push_heads(env) {
        Ok(()) if human => {
            writeln!(env.out, "published at {}", clean(&own.policy.url))?;
            Ok(Exit::Passed)
        }
        Ok(()) => Ok(Exit::Passed),
        Err(error) => {
            writeln!(
                env.err,
                "d3p: warning: it could not be published at {}: {}; other machines do not know of it until what was written is committed and pushed",
                clean(&own.policy.url),
                clean(&error.message())
            )?;
            Ok(Exit::Incomplete)
        }
    }
}

impl LaunchRef<'_> {
    fn push_heads(&self, env: &Env<'_>) -> Result<(), GitError> {
        let project = self.project;
        let signed = decisions(project).into_iter().map(|own| Signed {
            statement: own.text,
            signature: own.signature.unwrap_or_default(),
        });
        let ledger = project.file(project.places().ledger());
        let published = Published {
            release: self.release.name(),
            ledger: ledger.map_or_else(String::new, |file| file.text.clone()),
            decisions: signed.collect(),
        };
        let remote = self.remote(Asker::Own, env)?;
        let object = remote.write(&published.to_text())?;
        // By its content: nobody overwrites what another one published.
        let name = format!("{}/{object}", self.heads());
        match remote.put((&name, None), Some(&object), None)? {
            Put::Done => Ok(()),
            Put::Other(_, said) => Err(GitError::Other(said)),
        }
    }
}
