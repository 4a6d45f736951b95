//! GL244: not-taken-back.

use super::Context;
use super::support::mend::mend;
use crate::definition::NativeCheck;
use crate::derive::report::rollback_takes;
use crate::derive::{Return, goal, returns};
use crate::model::{Advice, Finding, Location, State};
use crate::project::{Evidence, Project};
use serde_json::Value;

rule! {
    /// A launch was to be taken back, and a service does not answer as it did before.
    ///
    /// ## What it checks
    /// In the report of a rollback, and of its rehearsal, each service is healthy at the release that the
    /// manifest calls the one before (`previous_release`), or at the one that `previous_versions` says. Where `rollback: halt` in `d3p.yaml` says that users
    /// keep what they have, each is `halted` instead; after the first release of all, it is halted or answers
    /// with another version than this.
    /// A rehearsal tells besides what answered before it, which is this very release for at least one
    /// service, and takes no longer than the rollback plan says.
    ///
    /// ## Why it matters
    /// Half a rollback is a third release, which nobody has ever tested. And a way back that was never
    /// gone is a hope.
    ///
    /// ## How to fix
    /// Run the hook that rolls back again, until each service answers; it says so by a line such as
    /// `::service api=healthy v1.3.0`, and in a rehearsal by such a line beforehand, too. This release has to
    /// answer then, deployed by the hook that tests the candidate. Mend the hook or the plan, and rehearse
    /// again.
    GL244 "not-taken-back" Error since "0.1.0" clauses ["DLC-3", "DLC-6", "DLC-9", "OPS-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    for evidence in context.readable() {
        let rehearsed = evidence.native(|native| match native {
            NativeCheck::TakenBack { rehearsed } => Some(*rehearsed),
            _ => None,
        });
        let Some(rehearsed) = rehearsed else { continue };
        let mut add = |pointer: String, message: String, state: State, advice: Option<Advice>| {
            let again = advice.unwrap_or_else(|| mend(project, &evidence.piece()));
            out.push(
                Finding::new(&GL244, evidence.piece(), evidence.at(pointer), message)
                    .state(state)
                    .clauses(&evidence.def.clauses)
                    .advise(again),
            );
        };
        if let Some(other) = another_goal(project, &evidence) {
            add("/returns_to".to_owned(), other, State::Failed, None);
        }
        for (index, name, why) in returns(project, &evidence) {
            if let Some(why) = why {
                add(format!("/services/{index}"), format!("{name} {why}"), State::Failed, None);
            }
        }
        if rehearsed {
            rehearsal(project, &evidence, &mut add);
        }
    }
}

/// What the report says it returns to, where manifest and policy say otherwise.
fn another_goal(project: &Project, evidence: &Evidence<'_>) -> Option<String> {
    let goal = goal(project);
    let wanted = match &goal {
        Return::To(version) => Some(version.as_str()),
        Return::Halted | Return::Away(_) => None,
    };
    let said = evidence.text_at("/returns_to");
    (said != wanted).then(|| {
        let said = said.map_or("to none".to_owned(), |said| format!("to {said}"));
        format!("says that it returns {said}, and each service has to be {}", goal.words())
    })
}

/// Whether it was this release that was taken back, and in time.
fn rehearsal(
    project: &Project,
    evidence: &Evidence<'_>,
    add: &mut dyn FnMut(String, String, State, Option<Advice>),
) {
    let Some(release) = project.release() else { return };
    let list = evidence.value().and_then(|value| value.get("services")?.as_array());
    let told = |own: &'_ Value| {
        let name = own.get("name").and_then(Value::as_str).unwrap_or_default();
        Some((own.get("before")?.as_str()?.to_owned(), release.version_of(name).to_owned()))
    };
    let before: Vec<(String, String)> = list.into_iter().flatten().filter_map(told).collect();
    if before.is_empty() {
        let message =
            "does not tell what answered before: nothing shows that anything was taken back";
        let way = format!(
            "let the hook print ::service NAME=healthy VERSION for what answers before it takes anything back, and again afterwards; {} has to answer on staging by then, deployed by the hook that tests the candidate",
            release.version
        );
        let advice = Advice::edit(Location::key("d3p.yaml", "/hooks"), way)
            .or(mend(project, &evidence.piece()));
        add("/services".to_owned(), message.to_owned(), State::Failed, Some(advice));
    } else if !before.iter().any(|(found, own)| found == own) {
        let found: Vec<&str> = before.iter().map(|(found, _)| found.as_str()).collect();
        let message = format!("took back {}, and not {}", found.join(", "), release.version);
        add("/services".to_owned(), message, State::Review, None);
    }
    let took =
        evidence.value().and_then(|value| value.get("duration_seconds").and_then(Value::as_u64));
    if let (Some(took), Some(planned)) = (took, rollback_takes(project))
        && took > planned.seconds()
    {
        let message = format!("took {took}s, and the rollback plan says {planned}");
        let advice = mend(project, &evidence.piece()).what(
            "make it faster, or say in the rollback plan how long it takes; then rehearse again",
        );
        add("/duration_seconds".to_owned(), message, State::Failed, Some(advice));
    }
}
