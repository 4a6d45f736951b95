//! GL537: launched-unlocked.

use super::Context;
use super::support::launch::launching_hooks;
use crate::model::{Advice, Finding, Level, Location, Piece, State};
use crate::project::Began;

rule! {
    /// A launch began without the launch lock.
    ///
    /// ## What it checks
    /// Where `d3p.yaml` names a `launch_lock`, the line of each launch says what it set the lock to, or
    /// why it could not be taken. The first is in order. The second is a warning: nobody had tried the
    /// lock (GL536), or whoever said GO let the launch go without. A line that says neither was not
    /// written by `d3p run`.
    ///
    /// ## Why it matters
    /// Without the lock another machine may have launched at the same time.
    ///
    /// ## How to fix
    /// Nothing takes back that it began. See what production runs, and roll back where that is not
    /// this release.
    GL537 "launched-unlocked" Error since "0.1.0" clauses ["DLC-8", "X-10"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    if project.effective().policy.launch_lock.is_none() {
        return;
    }
    let hooks = launching_hooks(project);
    let launches = |began: &Began<'_>| hooks.contains(&began.hook);
    for began in project.began().into_iter().filter(launches) {
        let place = Location::span(project.places().ledger(), began.line.range.clone());
        let finding = |message| {
            let look = "see what production runs, and roll back where that is not this release";
            Finding::new(&GL537, Piece::Ledger, place.clone(), message).advise(Advice::answer(look))
        };
        let hook = began.hook;
        match began.line.entry.lock.as_ref().map(|lock| (&lock.object, &lock.lacking)) {
            Some((Some(_), _)) => {}
            Some((None, why)) => {
                let why = why.as_deref().unwrap_or("no reason is given");
                let message = format!("{hook} launched without the launch lock: {why}");
                out.push(finding(message).level(Level::Warning));
            }
            None => out.push(
                finding(format!("{hook} began, and its line says nothing of the launch lock"))
                    .state(State::Failed),
            ),
        }
    }
}
