//! Whether a step may be taken now: the one answer for whoever asks, be it a hook, a job, an engine
//! or who announces it.
//!
//! The files alone cannot give it. git may know that they are not all, or that others wrote the
//! release; other machines, that somebody said NO_GO, or that the launch has begun there. So a
//! clearance is made of [`Others`], and there is no way to have those but to ask.

use crate::cli::common::Opened;
pub(super) use crate::cli::lock::Asker;

use crate::cli::lock;
use crate::cli::tree::launches;
use crate::cli::{Failure, authors, doctor, fixes};
use crate::decide::{Assessment, Clearance, clearance_by_files};
use crate::definition::{Before, StepDef};
use crate::env::Env;
use crate::model::{Finding, Stamp, Verdict};
use crate::project::{Project, locate};
use crate::source::Root;

/// A step that somebody wants to take.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) step: &'a str,
    /// The one that is about to run; none for whoever asks of the step.
    pub(super) hook: Option<&'a str>,
    pub(super) root: &'a Root,
    pub(super) project: &'a Project,
    pub(super) git: &'a Opened,
    /// By which programs the other repository is asked.
    pub(super) asker: Asker,
    pub(super) now: Stamp,
}

impl<'a> Asked<'a> {
    fn def(&self) -> Option<&'a StepDef> {
        self.project.phase.steps.get(self.step)
    }
}

/// What others than the files of the project say against it.
pub(super) struct Others(Vec<Finding>);

impl Others {
    /// Asks git, and for what launches the repository that everybody pushes to.
    ///
    /// # Errors
    /// When git knows of lines of the ledger, or of releases, that are not here.
    pub(super) fn ask(asked: &Asked<'_>, env: &Env<'_>) -> Result<Self, Failure> {
        // Neither is in the way of what takes a launch back.
        if !asked.def().is_some_and(StepDef::takes_back) {
            doctor::nothing_is_lost(asked.git, asked.root, asked.project)?;
        }
        Ok(Self::of_whole(asked, env))
    }

    /// The same for whoever has asked git already whether something is lost.
    pub(super) fn of_whole(asked: &Asked<'_>, env: &Env<'_>) -> Self {
        let Asked { step, root, project, git, asker, now, .. } = *asked;
        let mut found = Vec::new();
        if launches(step, project) {
            found.extend(authors::differ(authors::asked(git, project, env).as_ref(), project));
            found.extend(fixes::differ(git, project));
        }
        if asked.def().is_some_and(goes_on) {
            found.extend(lock::against(root, project, launches(step, project), asker, now, env));
        }
        Self(found)
    }

    /// Nobody, since this refuses already; `found` is not empty.
    pub(super) fn unasked(found: Vec<Finding>) -> Option<Self> {
        (!found.is_empty()).then_some(Self(found))
    }

    /// And what else the caller knows.
    pub(super) fn and(mut self, found: Vec<Finding>) -> Self {
        self.0.extend(found);
        self
    }

    pub(super) fn findings(&self) -> &[Finding] {
        &self.0
    }
}

/// Whether a step launches, or begins a further stage: then what others said counts.
pub(super) fn goes_on(step: &StepDef) -> bool {
    step.before.iter().any(|before| matches!(before, Before::Approval(_) | Before::Stage(_)))
}

/// Whether the step may be taken now, by the files and by everybody else; `None` when the phase has no
/// such step.
pub(super) fn cleared(
    asked: &Asked<'_>,
    assessment: &Assessment,
    others: Others,
) -> Option<Clearance> {
    let Asked { step, hook, project, now, .. } = *asked;
    let mut cleared = clearance_by_files(project, assessment, step, hook, now)?;
    if !others.0.is_empty() {
        cleared.findings.extend(others.0);
        cleared.verdict = Verdict::Refused;
    }
    locate(project, &mut cleared.findings);
    cleared.findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    Some(cleared)
}
