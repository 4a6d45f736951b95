//! Taking the launch lock for a hook that launches, and what else counts before one begins.

use super::Running;
use crate::cli::lock::{self, Taken};
use crate::cli::machine::Signer;
use crate::cli::session::Session;
use crate::cli::tree::launches;
use crate::cli::{Failure, clearing, timestamp};
use crate::definition::StepDef;
use crate::env::Env;
use crate::project::Project;

/// Whether the hook launches, or begins a further stage: then what others said counts.
pub(super) fn goes_on(project: &Project, hook: &str) -> bool {
    let hooks = &project.effective().policy.hooks;
    let step = hooks.get(hook).and_then(|own| project.phase.steps.get(own.step(hook)));
    step.is_some_and(clearing::goes_on)
}

/// The machine that signs, where its signatures count for the step. What takes a launch back waits for
/// no key: it goes unsigned.
pub(super) fn limited(
    signer: Option<Signer>,
    id: &str,
    step: &StepDef,
    project: &Project,
) -> Result<Option<Signer>, Failure> {
    let limited = signer.map(|own| own.for_step(Some(id), project)).transpose();
    if step.takes_back() { Ok(limited.ok().flatten()) } else { limited }
}

impl Running<'_> {
    /// Has the ledger stamped before a launch: it is then known not to have begun earlier.
    pub(super) fn stamp_before(&self, env: &mut Env<'_>) -> Result<(), Failure> {
        if !launches(self.step_id, self.project) {
            return Ok(());
        }
        let mut session = Session::open(self.root.dir(), Some(&self.project.phase.id))?;
        let Some(finding) = timestamp::before(&mut session, true, env)? else { return Ok(()) };
        session.lock()?;
        let why = std::slice::from_ref(&finding);
        session.note(&self.refused(&session.project, why, (env.now)(), env))?;
        Err(Failure::refused(format!("run {}: {}", self.name, finding.message))
            .advise(finding.mend())
            .note("nothing was run"))
    }

    /// Has the line of a launch stamped; it has begun, and goes on whatever becomes of that.
    pub(super) fn stamp_after(&self, env: &mut Env<'_>) {
        if !launches(self.step_id, self.project) {
            return;
        }
        let session = Session::open(self.root.dir(), Some(&self.project.phase.id));
        let stamped = session.and_then(|mut session| timestamp::after(&mut session, false, env));
        if let Err(failure) = stamped {
            let _ = writeln!(env.err, "d3p: warning: the launch is not stamped: {failure}");
        }
    }

    /// Takes the launch lock, where this launches: before the phase is locked, since the other side
    /// may be slow.
    pub(super) fn take_lock(&self, id: &str, env: &Env<'_>) -> Result<Taken, Failure> {
        if !self.project.phase.launches(self.step) && !launches(self.step_id, self.project) {
            return Ok(Taken::Unwanted);
        }
        let began = self.began(self.project, id, (env.now)(), env);
        let finding = match lock::take(self.root, self.project, &began, env)? {
            Taken::Refused(finding) => finding,
            taken => return Ok(taken),
        };
        let session = Session::open_locked(self.root.dir(), Some(&self.project.phase.id))?;
        let why = std::slice::from_ref(&*finding);
        session.note(&self.refused(&session.project, why, (env.now)(), env))?;
        Err(Failure::refused(format!("run {}: {}", self.name, finding.message))
            .advise(finding.mend())
            .note("nothing was run"))
    }
}
