//! What a person is about to sign, in a few lines, before their key is asked for anything.

use crate::decide::Assessment;
use crate::decisions::{Approval, NO_GO, OpenObjection, WaiverState, open_objections};
use crate::model::{Level, Stamp};
use crate::project::Project;
use crate::rules::denied_at;

/// The statement, and how much there is to know about it.
pub(super) fn summary(
    project: &Project,
    said: &Approval,
    assessment: &Assessment,
    now: Stamp,
) -> Vec<String> {
    let warnings =
        assessment.findings.iter().filter(|finding| finding.level == Level::Warning).count();
    let exemptions = project.exemptions().len();
    let waivers =
        assessment.waivers.sets.iter().filter(|set| set.state == WaiverState::InForce).count();
    let role = said.head.role.as_deref().map_or(String::new(), |role| format!(", who is {role}"));
    let mut out = vec![
        "To be signed".to_owned(),
        format!("  decision     {} by {}{role}", said.decision, said.head.person),
        format!("  release      {} attempt {}", said.head.release, said.head.attempt),
        format!("  commit       {}", said.head.commit),
        format!("  environment  {}", said.head.environment),
        match said.decision == NO_GO {
            true => "  counts       until it is lifted".to_owned(),
            false => format!("  counts       until {}", said.head.not_after),
        },
        format!("  covers       {} files", said.covers.len()),
        format!(
            "  accepts      warnings: {warnings}, exemptions: {exemptions}, waivers in force: {waivers}"
        ),
    ];
    out.extend(
        windows(project, &said.window_overrides, now).into_iter().map(|line| format!("  {line}")),
    );
    out.extend(said.reason.iter().map(|why| format!("  reason       {why}")));
    let locks = said.take_over.iter();
    out.extend(locks.map(|own| format!("  TAKES OVER   the launch lock that is set to {own}")));
    if said.without_lock {
        out.push("  LETS GO      without the launch lock, where that cannot be taken".to_owned());
    }
    out.extend(objections(project, said, now).into_iter().map(|line| format!("  {line}")));
    out.push("All of it: d3p approve show".to_owned());
    out
}

/// What a decision means for every NO_GO that was said.
fn objections(project: &Project, said: &Approval, now: Stamp) -> Vec<String> {
    let told = |own: &OpenObjection| {
        let wanted = own.lifting.wanted;
        let why = own.reason.as_ref().map_or(String::new(), |why| format!(" ({why})"));
        let (who, at) = (&own.person, format!("{}{why}", own.at));
        match own.others_with(&said.head.person) {
            Some(_) if own.outvoted => format!("the NO_GO of {who}, {at}, was outvoted"),
            _ if said.decision == NO_GO => format!("{who} said NO_GO, too, {at}"),
            None => format!("this takes back the NO_GO of {who}, {at}"),
            Some(others) if others >= wanted => format!(
                "this OUTVOTES the NO_GO of {who}, {at}: with it {others} others said GO over it"
            ),
            Some(others) => format!(
                "{who} said NO_GO, {at}, and it binds: with this GO, {others} of the {wanted} others whom it takes to outvote it"
            ),
        }
    };
    open_objections(project, now).iter().map(told).collect()
}

/// The denied windows that are open now, and what it takes to launch in each.
pub(super) fn windows(project: &Project, overridden: &[String], now: Stamp) -> Vec<String> {
    let policy = &project.effective().policy;
    let open = policy.windows.deny.iter().filter(|window| denied_at(window, now) == Ok(true));
    let wanted = &policy.approval.window;
    let roles = match wanted.roles.is_empty() {
        true => String::new(),
        false => format!(", one of each: {}", wanted.roles.join(", ")),
    };
    let told = |id: &String| match overridden.contains(id) {
        true => format!("the denied window `{id}` is open now, and this lets the launch lie in it"),
        false => format!(
            "the denied window `{id}` is open now: a launch in it wants {} to sign with --override-window {id}{roles}",
            wanted.threshold
        ),
    };
    open.map(|window| told(&window.id)).collect()
}
