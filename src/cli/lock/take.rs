//! Taking the lock, and giving back one with which nothing began.

use super::{Asker, LaunchRef, claims};
use crate::cli::Failure;
use crate::collect::git::{GitError, Put, Remote};
use crate::env::Env;
use crate::model::{Finding, Stamp};
use crate::project::Project;
use crate::record::{Entry, TakenLock, lock_text};
use crate::source::Root;

/// How taking it ended.
pub(in crate::cli) enum Taken {
    /// The policy names none.
    Unwanted,
    /// The launch may begin with this on its line.
    Held(TakenLock),
    /// Another launch was first, or it cannot be had.
    Refused(Box<Finding>),
}

/// Takes the lock for the launch that `began` tells of. No file of the project is written, and the
/// phase is not locked: the other side may be slow.
///
/// # Errors
/// When what is pushed cannot be noted first.
pub(in crate::cli) fn take(
    root: &Root,
    project: &Project,
    began: &Entry,
    env: &Env<'_>,
) -> Result<Taken, Failure> {
    let Some(own) = LaunchRef::of(root, project) else { return Ok(Taken::Unwanted) };
    if let Some(finding) = own.renamed() {
        return Ok(Taken::Refused(Box::new(finding)));
    }
    let now = (env.now)();
    let pushed = match own.remote(Asker::Policy, env) {
        Ok(remote) => own.take(&remote, root, began, env)?,
        Err(error) => Err(error),
    };
    Ok(match pushed {
        Ok(Ok(object)) => {
            Taken::Held(TakenLock { name: own.name(), object: Some(object), lacking: None })
        }
        Ok(Err(finding)) => Taken::Refused(finding),
        Err(error) if own.may_go_unlocked(now) => {
            let lacking = Some(error.message());
            Taken::Held(TakenLock { name: own.name(), object: None, lacking })
        }
        Err(error) => Taken::Refused(Box::new(own.unreachable(&error.message()))),
    })
}

type Pushed = Result<Result<String, Box<Finding>>, GitError>;

impl LaunchRef<'_> {
    /// Sets the ref, and asks once more what others said: what was said before it was set counts, and
    /// the tree of a launch may have taken a while.
    fn take(
        &self,
        remote: &Remote,
        root: &Root,
        began: &Entry,
        env: &Env<'_>,
    ) -> Result<Pushed, Failure> {
        let pushed = self.push(remote, root, began, (env.now)())?;
        let Ok(Ok(object)) = &pushed else { return Ok(pushed) };
        let said = self.elsewhere(remote, (env.now)());
        match said.map(|found| self.findings(&found).into_iter().next()) {
            Ok(None) => Ok(pushed),
            Ok(Some(finding)) => {
                self.put_back(remote, object);
                Ok(Ok(Err(Box::new(finding))))
            }
            Err(error) => {
                self.put_back(remote, object);
                Ok(Err(error))
            }
        }
    }

    /// Sets the ref. What is pushed is noted before: whoever is killed afterwards finds it again, and
    /// knows that nothing began with it.
    fn push(
        &self,
        remote: &Remote,
        root: &Root,
        began: &Entry,
        now: Stamp,
    ) -> Result<Pushed, Failure> {
        let hook = began.hook.as_deref().unwrap_or_default();
        let name = self.name();
        let mut own = claims::of(root, self.project, hook);
        let every = claims::all(root, self.project);
        let seen = || Ok(self.movable(self.look(remote, &every, now)?));
        let was = match seen() {
            Ok(Ok(was)) => was,
            Ok(Err(finding)) => return Ok(Ok(Err(finding))),
            Err(error) => return Ok(Err(error)),
        };
        let object = match remote.write(&lock_text(began)) {
            Ok(object) => object,
            Err(error) => return Ok(Err(error)),
        };
        own.push(object.clone());
        claims::note(root, self.project, hook, own)?;
        let trace = format!("{}/{object}", self.heads());
        Ok(match remote.put((&name, Some(&trace)), Some(&object), was.as_deref()) {
            Ok(Put::Done) => Ok(Ok(object)),
            // Nobody else took it: it is the other side that does not let it be taken.
            Ok(Put::Other(there, said)) if there == was => Err(GitError::Other(said)),
            Ok(Put::Other(_, said)) => match seen() {
                Ok(Ok(_)) => Err(GitError::Other(said)),
                Ok(Err(finding)) => Ok(Err(finding)),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        })
    }

    /// Deletes the ref that was set to `object`, with its trace. A launch that the ledger knows set it
    /// before: then it stays, or it would look as if it vanished.
    fn put_back(&self, remote: &Remote, object: &str) {
        if self.known().is_empty() {
            let trace = format!("{}/{object}", self.heads());
            let _ = remote.put((&self.name(), Some(&trace)), None, Some(object));
        }
    }
}

/// Forgets what was noted: the launch has begun, and the ledger knows what it set the lock to. A note
/// that stays does no harm, and the launch goes on.
pub(in crate::cli) fn has_begun(root: &Root, project: &Project, hook: &str) {
    if !claims::of(root, project, hook).is_empty() {
        let _ = claims::note(root, project, hook, Vec::new());
    }
}

/// Gives back a lock with which nothing began. Where that fails it stays noted, and the next launch of
/// this directory moves it.
pub(in crate::cli) fn give_back(root: &Root, project: &Project, taken: &Taken, env: &Env<'_>) {
    let (Taken::Held(lock), Some(own)) = (taken, LaunchRef::of(root, project)) else { return };
    if let (Some(object), Ok(remote)) = (&lock.object, own.remote(Asker::Policy, env)) {
        own.put_back(&remote, object);
    }
}
