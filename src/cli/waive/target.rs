//! What a waiver would be about: findings of one rule in one file.

use crate::cli::Failure;
use crate::cli::args::WaiveArgs;
use crate::decide::Assessment;
use crate::decisions::{not_waivable, precedes_launch};
use crate::model::{Advice, Finding, Mark, Rule};
use crate::project::Project;
use crate::rules::abandon;
use crate::rules::find as rule_by_name;

/// Most places that are listed.
const PLACES: usize = 10;

/// Findings that may be let stand together.
pub(super) struct Target<'a> {
    pub(super) rule: &'static Rule,
    pub(super) path: String,
    pub(super) findings: Vec<&'a Finding>,
}

/// The findings that are meant: those that nothing lets stand yet; where there are none, those that
/// only a waiver lets, for it may be renewed. `bare` is what is found without any waiver.
///
/// # Errors
/// When the rule can never be waived, finds nothing there, or finds something at several places.
pub(super) fn find<'a>(
    project: &Project,
    assessment: &'a Assessment,
    bare: &'a Assessment,
    name: &str,
    args: &WaiveArgs,
) -> Result<Target<'a>, Failure> {
    let rule = rule_by_name(name).ok_or_else(|| {
        Failure::usage(format!("there is no rule `{name}`"))
            .advise(Advice::d3p(["check"]).what("see the rule of each finding"))
    })?;
    if !rule.waivable {
        return Err(Failure::refused(format!("{} ({}) can never be waived", rule.code, rule.name))
            .advise(Advice::d3p(["explain", rule.code]))
            .note("what can be: a fact that a person can see and accept; never policy, approvals, records, or what is missing or cannot be believed"));
    }
    let path = args.path.as_deref().map(|path| path.strip_prefix("./").unwrap_or(path));
    let meant = |finding: &&Finding| {
        finding.rule == rule
            && path.is_none_or(|path| finding.location.path == path)
            && args.pointer.as_ref().is_none_or(|pointer| finding.location.is_within(pointer))
    };
    let all: Vec<&Finding> = assessment.findings.iter().filter(meant).collect();
    let open_of = |assessment: &'a Assessment| -> Vec<&'a Finding> {
        let meant = assessment.findings.iter().filter(meant);
        meant.filter(|finding| not_waivable(project, finding).is_none()).collect()
    };
    let mut open = open_of(assessment);
    if open.is_empty() {
        open = open_of(bare);
    }
    let Some(first) = open.first() else { return Err(nothing(project, rule, path, &all)) };
    if path.is_none() && open.len() > 1 {
        return Err(several(rule, &open));
    }
    if project.launched_at().is_some() && precedes_launch(project, &first.piece) {
        return Err(Failure::refused(format!(
            "production was deployed: what led to it, such as {}, is history",
            first.location.path
        ))
        .advise(abandon().what("close the release and begin the next attempt")));
    }
    Ok(Target { rule, path: first.location.path.clone(), findings: open })
}

/// Why there is nothing to waive.
fn nothing(project: &Project, rule: &Rule, path: Option<&str>, all: &[&Finding]) -> Failure {
    let place = path.map_or(String::new(), |path| format!(" in {path}"));
    match all.iter().find_map(|finding| not_waivable(project, finding)) {
        Some(why) => Failure::refused(format!(
            "what {} finds{place} cannot be waived: {why}",
            rule.code
        ))
        .advise(Advice::d3p(["explain", rule.code])),
        None => Failure::refused(format!(
            "{} finds nothing{place} now: a waiver would let nothing stand, and wait for something that nobody saw",
            rule.code
        ))
        .advise(Advice::d3p(["check", "-v"]).what("see what is found")),
    }
}

fn several(rule: &Rule, open: &[&Finding]) -> Failure {
    let mut failure = Failure::usage(format!(
        "{} finds something at {} places: say which with --path, and --pointer where it has one",
        rule.code,
        open.len()
    ));
    for finding in open.iter().take(PLACES) {
        let pointer = match &finding.location.mark {
            Mark::Pointer(own) | Mark::Key(own) if !own.is_empty() => format!(" --pointer {own}"),
            _ => String::new(),
        };
        let place = format!("--path {}{pointer}", finding.location.path);
        failure = failure.note(format!("{place}: {}", finding.message));
    }
    if open.len() > PLACES {
        failure = failure.note(format!("and {} more: d3p check -v", open.len() - PLACES));
    }
    failure
}
