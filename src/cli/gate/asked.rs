//! What a gate asks others: git, who wrote the release, what it mends and what it changes; and an
//! authority outside, what time it is.

use crate::cli::common::{Opened, ledger_entry, open_release};
use crate::cli::session::Session;
use crate::cli::{Failure, authors, change, fixes, timestamp};
use crate::env::Env;
use crate::project::Project;
use crate::record::{Authorship, CheckedChange, CheckedFix, EntryKind};

/// What git says of the release that the first gate wants to know.
#[derive(Default)]
pub(in crate::cli) struct AskedOfGit {
    authors: Option<Authorship>,
    fixes: Option<Vec<CheckedFix>>,
    change: Option<CheckedChange>,
}

impl AskedOfGit {
    /// Lets the project be judged by it.
    pub(in crate::cli) fn tell(self, project: &mut Project) {
        (project.asked_authors, project.asked_fixes) = (self.authors, self.fixes);
        project.asked_change = self.change;
    }
}

/// Asks git what the first gate wants to know.
pub(in crate::cli) fn asked_of_git(git: &Opened, project: &Project, env: &Env<'_>) -> AskedOfGit {
    AskedOfGit {
        authors: authors::asked(git, project, env),
        fixes: Some(fixes::asked(git, project)),
        change: change::asked_where_held(git, project),
    }
}

/// Has the authority of time stamp what is there, where the policy demands that: a gate passes only
/// where somebody outside could say when.
///
/// # Errors
/// A refusal, which the ledger says.
pub(super) fn of_authority(
    session: &mut Session,
    gate: &str,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let Some(finding) = timestamp::before(session, false, env)? else { return Ok(()) };
    session.lock()?;
    let (project, now) = (&session.project, (env.now)());
    let mut entry =
        ledger_entry(project, EntryKind::GateRefused, &open_release(project)?, now, env);
    entry.gate = Some(gate.to_owned());
    entry.refused_by(std::slice::from_ref(&finding));
    session.note(&entry)?;
    Err(Failure::refused(format!("gate {gate}: {}", finding.message)).advise(finding.mend()))
}
