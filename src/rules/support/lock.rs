//! Whether the launch lock can be taken, as far as the ledger tells.

use crate::project::Project;

/// Whether somebody tried the launch lock of the policy for this release, and could take it.
pub fn lock_rehearsed(project: &Project) -> bool {
    let (Some(policy), Some(release)) =
        (&project.effective().policy.launch_lock, project.release())
    else {
        return false;
    };
    let (remote, release) = (policy.remote().to_string(), release.name());
    let own = project.ledger.lines.iter().filter(|line| line.entry.release == release);
    own.filter_map(|line| line.entry.rehearsed.as_ref())
        .any(|tried| tried.remote == remote && tried.failed.is_none())
}
