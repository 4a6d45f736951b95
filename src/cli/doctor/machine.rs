//! What of the machine is not as it should be: git, ssh-keygen, clock, permissions, space.

use crate::collect::git::{Git, GitError};
use crate::decisions::{newest, signatures_on};
use crate::env::Env;
use crate::model::{Advice, Stamp};
use crate::process::find_ssh_keygen;
use crate::project::Project;
use crate::rules::withdraw;
use crate::source::Root;
use crate::write::{LOCK_FILE, free_bytes, may_write};

/// Less free space than this is said: a launch with its log and its records may need it.
const LITTLE: u64 = 64 * 1024 * 1024;

/// Something that is not as it should be.
#[derive(Debug)]
pub(super) struct Trouble {
    /// What it is about: `git`, `clock`, …
    pub(super) about: &'static str,
    /// What is wrong, one sentence without a full stop.
    pub(super) message: String,
    /// What to do.
    pub(super) advice: Advice,
    /// Whether commands will be refused because of it.
    pub(super) blocks: bool,
}

/// Looks at everything that commands of a release need.
pub(super) fn look(
    root: &Root,
    project: Option<&Project>,
    git: &Result<Git, GitError>,
    env: &Env<'_>,
) -> Vec<Trouble> {
    let mut found: Vec<Trouble> = Vec::new();
    match git {
        Err(error) => found.push(of_git(error)),
        Ok(git) => found.extend(project.and_then(|project| commit(git, project))),
    }
    if let Some(project) = project {
        found.extend(clock(project, (env.now)()));
        if signatures_on(project)
            && let Err(error) = find_ssh_keygen(root.dir(), env.var("PATH"))
        {
            found.push(Trouble {
                about: "ssh-keygen",
                message: error.to_string(),
                advice: Advice::answer("install OpenSSH: its ssh-keygen makes the signatures"),
                blocks: true,
            });
        }
    }
    found.extend(permissions(root, project));
    found.extend(space(root));
    found
}

fn of_git(error: &GitError) -> Trouble {
    let (message, advice) = (error.message(), error.advice());
    Trouble { about: "git", message, advice, blocks: true }
}

/// The release's commit, which hooks run and authors are read from.
fn commit(git: &Git, project: &Project) -> Option<Trouble> {
    let release = project.release()?;
    let there = git.commit_of(&release.commit).ok().flatten();
    let error = GitError::UnknownCommit(release.commit);
    there.is_none().then(|| of_git(&error))
}

/// The clock beside the newest line of the ledger. What git says of times counts for nothing.
fn clock(project: &Project, now: Stamp) -> Option<Trouble> {
    let newest = newest(project, now, None)?;
    if now.plus(project.effective().policy.skew) >= newest.at {
        return None;
    }
    let advice = Advice::answer("set the clock; until then nothing can be recorded");
    Some(Trouble {
        about: "clock",
        message: format!("the clock says {now}, and the newest line of the ledger {}", newest.at),
        advice: advice.or(withdraw(project, newest)),
        blocks: true,
    })
}

/// Places that every command which writes needs.
fn permissions(root: &Root, project: Option<&Project>) -> Vec<Trouble> {
    let own = project.map(Project::places);
    let own = own.into_iter().flat_map(|own| [own.directory(), own.ledger()]);
    let places = [".", LOCK_FILE].into_iter().chain(own);
    let denied = places.filter(|place| !may_write(root, place));
    denied
        .map(|place| Trouble {
            about: "permissions",
            message: format!("{place} cannot be written by whoever runs this"),
            advice: Advice::answer("give yourself permission to write it, or run d3p as its owner"),
            blocks: true,
        })
        .collect()
}

fn space(root: &Root) -> Option<Trouble> {
    let free = free_bytes(root).filter(|free| *free < LITTLE)?;
    Some(Trouble {
        about: "disk",
        message: format!("{free} bytes are free where the project lies"),
        advice: Advice::answer("free some space before something is launched"),
        blocks: false,
    })
}
