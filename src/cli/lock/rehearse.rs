//! Whether the lock can be taken: tried with a ref of its own before the launch, so that a token that
//! may only read is not found out when it is too late.

use super::{Asker, LaunchRef};
use crate::collect::git::{GitError, Put};
use crate::env::Env;
use crate::model::Advice;
use crate::project::Project;
use crate::record::LockRehearsal;
use crate::render::{clean, way};
use crate::rules::lock_rehearsed;
use crate::source::Root;
use std::io;

/// Makes a ref in the repository, reads it, moves it, and deletes it; `None` where the policy names
/// none.
pub(in crate::cli) fn rehearse(
    root: &Root,
    project: &Project,
    env: &Env<'_>,
) -> Option<LockRehearsal> {
    let own = LaunchRef::of(root, project)?;
    let failed = own.tried(env).err().map(|error| error.message());
    Some(LockRehearsal { name: own.name(), remote: own.policy.remote().to_string(), failed })
}

impl LaunchRef<'_> {
    fn tried(&self, env: &Env<'_>) -> Result<(), GitError> {
        let remote = self.remote(Asker::Policy, env)?;
        let id = env.random_hex(8);
        let name = format!("{}/probe/{id}", self.policy.prefix);
        let first = remote.write(&format!("d3p tries whether it may write here: {id}\n"))?;
        let second = remote.write(&format!("d3p tries whether it may write here again: {id}\n"))?;
        let steps = [(Some(&first), None), (Some(&second), Some(&first)), (None, Some(&second))];
        for (new, was) in steps {
            let put =
                remote.put((&name, None), new.map(String::as_str), was.map(String::as_str))?;
            if let Put::Other(_, said) = put {
                return Err(GitError::Other(said));
            }
        }
        // Whoever may launch has to see that somebody else did.
        remote.read(&self.name()).map(|_| ())
    }
}

/// Says how it went, to people.
pub(in crate::cli) fn show(
    rehearsed: Option<&LockRehearsal>,
    project: &Project,
    human: bool,
    env: &mut Env<'_>,
) -> io::Result<()> {
    let (Some(own), Some(policy)) = (rehearsed, &project.effective().policy.launch_lock) else {
        return Ok(());
    };
    match &own.failed {
        None if human => writeln!(
            env.out,
            "launch lock: on; a ref was made, moved and deleted at {}",
            clean(&policy.url)
        ),
        None => Ok(()),
        Some(why) => {
            let worth = match lock_rehearsed(project) {
                true => "a launch would be refused now",
                false => "it is off until that succeeds, and whoever says GO sees so",
            };
            let again = Advice::d3p(["approve", "request"]).what("try it again");
            writeln!(
                env.err,
                "d3p: warning: the launch lock at {} cannot be taken from here: {}; {worth}\nhelp: {}",
                clean(&policy.url),
                clean(why),
                clean(&way(&again))
            )
        }
    }
}
