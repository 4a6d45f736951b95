//! `d3p rollback status`: who may decide, who decided what, and what is left to do.

use super::row;
use crate::cli::Failure;
use crate::cli::common::{Global, release, report};
use crate::decide::{Assessment, assess};
use crate::decisions::{
    Moments, RollbackDecision, Ruling, authority_tree, deployed_at, files_changed,
    how_to_roll_back, rollback_check, rollback_decisions, rollback_hook, rollbacks_begun, ruling,
    signatures_on, vote,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Level, Piece, Stamp};
use crate::project::Project;
use crate::render::{clean, way};
use crate::rules::{GL412, GL413, after_rollback};

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    release(&project)?;
    let check = rollback_check(&project)
        .ok_or_else(|| Failure::incomplete("this phase knows no decision on a rollback"))?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    let findings = about(&check.evidence.piece(), &assessment);
    // That somebody decided to roll back is what is shown, and no fault of what is shown.
    let broken = findings.iter().any(|finding| finding.rule != &GL412);
    let exit = if broken { Exit::Refused } else { Exit::Passed };
    if !global.human() {
        let shown = |finding: &Finding| findings.iter().any(|own| std::ptr::eq(*own, finding));
        let report = report("rollback status", &project, &assessment, now, None, shown);
        env.out.write_all(
            crate::render::json::report(&report, &crate::render::Beside::default()).as_bytes(),
        )?;
        return Ok(exit);
    }
    writeln!(env.out, "{}\n", clean(check.question))?;
    writeln!(env.out, "Who may decide, in this order")?;
    for line in who_may(&project) {
        writeln!(env.out, "  {}", clean(&line))?;
    }
    writeln!(env.out, "\nDecisions in {}", check.evidence.def.path)?;
    let all = rollback_decisions(&project);
    for line in all.iter().flat_map(|decision| told(&project, decision, now)) {
        writeln!(env.out, "  {}", clean(&line))?;
    }
    if all.is_empty() {
        writeln!(env.out, "  none")?;
    }
    for began in rollbacks_begun(&project) {
        writeln!(env.out, "\n{} was run {}", clean(began.hook), began.line.at)?;
    }
    let used = ruling(&project, Moments { now, gate: None, use_now: true });
    writeln!(env.out, "\n{}", clean(&comes_to(&project, &used, now)))?;
    if !findings.is_empty() {
        writeln!(env.out, "\nWhat is open")?;
    }
    for finding in &findings {
        let line = format!("{} {}", finding.rule.code, finding.message);
        writeln!(env.out, "  {}", clean(&line))?;
    }
    writeln!(env.out, "\nnext: {}", clean(&way(&next(&project, &used, now))))?;
    Ok(exit)
}

/// Errors of the decisions, and rollbacks that nobody decided.
fn about<'a>(piece: &Piece, assessment: &'a Assessment) -> Vec<&'a Finding> {
    let ours = |finding: &&Finding| {
        finding.level == Level::Error && (finding.piece == *piece || finding.rule == &GL413)
    };
    assessment.findings.iter().filter(ours).collect()
}

fn who_may(project: &Project) -> Vec<String> {
    let Some(tree) = authority_tree(project) else {
        return vec!["the authority tree cannot be read: d3p check".to_owned()];
    };
    let mut out: Vec<String> = tree.rows.iter().map(|own| row(project, own)).collect();
    let wanted = &project.effective().policy.approval.rollback;
    let roles = match wanted.roles.is_empty() {
        true => String::new(),
        false => format!(", one of each: {}", wanted.roles.join(", ")),
    };
    out.push(format!("wanted: {}{roles}, for {}", wanted.threshold, wanted.max_age));
    if !signatures_on(project) {
        out.push("typed, not signed (signatures: off)".to_owned());
    } else if !wanted.presence.is_empty() {
        out.push(format!("with a hardware key that shows: {}", wanted.presence.join(", ")));
    }
    out
}

/// One decision: what was said, why, whose key it is, and what became of it since.
fn told(project: &Project, decision: &RollbackDecision, now: Stamp) -> Vec<String> {
    let Ok(statement) = &decision.statement else {
        return vec![format!("{}: cannot be read", decision.pointer())];
    };
    let said = &statement.predicate;
    let moments = Moments { now, gate: None, use_now: false };
    let judged = vote(project, decision, moments);
    let signed = match &judged {
        _ if !signatures_on(project) && judged.is_ok() => "typed".to_owned(),
        Ok(vote) => format!("signed with {}", vote.signer.fingerprint),
        Err((_, why)) => format!("does not count: {why}"),
    };
    let mut out = vec![
        format!("{} by {} at {}, {signed}", said.decision, said.head.person, said.head.decided_at),
        format!("  because: {}", said.reason),
    ];
    if let Ok(vote) = &judged
        && decision.is_roll_back()
        && vote.ends < now
    {
        out.push(format!("  ended {}: a rollback that begins now needs a new one", vote.ends));
    }
    let changed = files_changed(project, said);
    if !changed.is_empty() {
        out.push(format!("  since then: {}", changed.join(", ")));
    }
    out
}

/// What the decisions come to, in one sentence.
fn comes_to(project: &Project, ruling: &Ruling, now: Stamp) -> String {
    if deployed_at(project).is_none() {
        return "Nothing was deployed to production: there is nothing to roll back.".to_owned();
    }
    let lacking = ruling.lacking(project, Some(now));
    if lacking.is_empty() {
        return "It is decided to roll back.".to_owned();
    }
    if ruling.unlifted.is_empty() {
        return match ruling.votes.iter().find(|vote| !vote.roll_back) {
            Some(vote) => format!("{} decided to continue.", vote.signer.person),
            None => "Nobody decided yet.".to_owned(),
        };
    }
    format!("Missing for a rollback: {}.", lacking.join(", "))
}

fn next(project: &Project, ruling: &Ruling, now: Stamp) -> Advice {
    let hook = rollback_hook(project);
    if deployed_at(project).is_none() {
        return Advice::d3p(["status", "--next"]);
    }
    let decided = ruling.lacking(project, Some(now)).is_empty();
    match (decided, rollbacks_begun(project).is_empty(), hook) {
        (true, true, Some(hook)) => Advice::d3p(["run", hook]),
        (true, true, None) => Advice::answer("roll back as the rollback plan says"),
        (true, false, _) => after_rollback(project),
        (false, ..) => how_to_roll_back(project, None),
    }
}
