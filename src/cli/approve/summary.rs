//! What a person is about to sign, in a few lines, before their key is asked for anything.

use crate::decide::Assessment;
use crate::model::{Level, Stamp};
use crate::project::Project;
use crate::record::{Approval, NO_GO};
use crate::rules::{Worth, denied_at};

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
    let waivers = assessment.waivers.sets.iter().filter(|set| set.worth == Worth::InForce).count();
    let role = said.role.as_deref().map_or(String::new(), |role| format!(", who is {role}"));
    let mut out = vec![
        "To be signed".to_owned(),
        format!("  decision     {} by {}{role}", said.decision, said.principal),
        format!("  release      {} attempt {}", said.release, said.attempt),
        format!("  commit       {}", said.commit),
        format!("  environment  {}", said.environment),
        match said.decision == NO_GO {
            true => "  counts       until it is lifted".to_owned(),
            false => format!("  counts       until {}", said.not_after),
        },
        format!("  covers       {} files", said.covers.len()),
        format!(
            "  accepts      warnings: {warnings}, exemptions: {exemptions}, waivers in force: {waivers}"
        ),
    ];
    out.extend(
        windows(project, &said.window_overrides, now).into_iter().map(|line| format!("  {line}")),
    );
    out.push("All of it: d3p approve show".to_owned());
    out
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
