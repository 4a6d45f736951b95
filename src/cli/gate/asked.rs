//! What git says that the first gate wants to know: who wrote the release, what it mends and what it changes.

use crate::cli::common::Opened;
use crate::cli::{authors, change, fixes};
use crate::env::Env;
use crate::project::Project;
use crate::record::{Authorship, CheckedChange, CheckedFix};

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
