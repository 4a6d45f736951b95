//! `d3p approve status`: who decided, who is missing, and what no longer counts.

use crate::cli::Failure;
use crate::cli::common::{Global, release};
use crate::cli::record::{approval_def, may_decide};
use crate::decide::{Assessment, assess, next};
use crate::decisions::{
    Answers, ApprovalDecision, Current, Deed, NO_GO, Objection, Unsigned, approvers, decisions,
    how_to_decide, not_separate, signatures_on, signer,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Level, Piece, Stamp};
use crate::project::Project;
use crate::render::{clean, ways};
use crate::rules::{GL502, GL509, GL528};

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    release(&project)?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    let (kind, def) = approval_def(&project)?;
    let piece = Piece::Evidence(kind.to_owned());
    let findings: Vec<_> = assessment
        .findings
        .iter()
        .filter(|finding| finding.level == Level::Error && concerns(finding, &piece))
        .collect();
    let exit = if findings.is_empty() { Exit::Passed } else { Exit::Refused };
    if !global.human() {
        return json(&project, &assessment, &piece, now, exit, env);
    }
    writeln!(env.out, "Who may decide")?;
    for line in who_may(&project) {
        writeln!(env.out, "  {}", clean(&line))?;
    }
    writeln!(env.out, "\nDecisions in {}", def.path)?;
    let all = decisions(&project);
    let known = Known {
        current: Current::of(&project, now),
        answers: Answers::among(&project, &all, now, project.launched_at()),
        all: &all,
    };
    for line in all.iter().flat_map(|decision| told(&project, decision, &known, now)) {
        writeln!(env.out, "  {}", clean(&line))?;
    }
    if all.is_empty() {
        writeln!(env.out, "  none")?;
    }
    let warned = |finding: &&Finding| finding.rule == &GL528;
    for finding in assessment.findings.iter().filter(warned) {
        writeln!(env.out, "  before: {}", clean(&finding.message))?;
    }
    for line in super::summary::windows(&project, &[], now) {
        writeln!(env.out, "\nNow {}", clean(&line))?;
    }
    if findings.is_empty() {
        writeln!(env.out, "\nThe approval is in force.")?;
        return Ok(exit);
    }
    write_reasons(&project, &assessment, &findings, now, env)?;
    Ok(exit)
}

/// Whether a finding keeps an approval from being used: its own, and those of the ledger, which says
/// what it was given over.
fn concerns(finding: &Finding, approval: &Piece) -> bool {
    finding.piece == *approval || finding.piece == Piece::Ledger
}

fn json(
    project: &Project,
    assessment: &Assessment,
    piece: &Piece,
    now: Stamp,
    exit: Exit,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let shown = |finding: &Finding| concerns(finding, piece);
    let report =
        crate::cli::common::report("approve status", project, assessment, now, None, shown);
    env.out.write_all(
        crate::render::json::report(&report, &crate::render::Beside::default()).as_bytes(),
    )?;
    Ok(exit)
}

fn mended_elsewhere(finding: &Finding) -> bool {
    finding.piece == Piece::Ledger || [&GL502, &GL509].contains(&finding.rule)
}

fn write_reasons(
    project: &Project,
    assessment: &Assessment,
    findings: &[&Finding],
    now: Stamp,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    writeln!(env.out, "\nWhat keeps it from being in force")?;
    for finding in findings {
        let line = format!("{} {}", finding.rule.code, finding.message);
        writeln!(env.out, "  {}", clean(&line))?;
    }
    // Before anybody decides, there must be something to decide on.
    let ways_out = match may_decide(project, assessment) {
        Err(_) => vec![next(project, assessment, now)],
        // What somebody else has to mend first, no other person's GO does.
        Ok(()) => match findings.iter().find(|finding| mended_elsewhere(finding)) {
            Some(first) => vec![first.mend()],
            None => to_decide(project, now),
        },
    };
    for advice in &ways_out {
        writeln!(env.out, "\nnext: {}", clean(&ways(advice).join("; ")))?;
    }
    Ok(())
}

/// One decision: what was said, whose key it is, and what became of it since.
fn told(
    project: &Project,
    decision: &ApprovalDecision,
    known: &Known<'_>,
    now: Stamp,
) -> Vec<String> {
    let Ok(statement) = &decision.statement else {
        return vec![format!("{}: cannot be read", decision.pointer())];
    };
    let said = &statement.predicate;
    let signed = match signer(project, decision, now, project.launched_at()) {
        _ if !signatures_on(project) => "typed".to_owned(),
        Ok(signer) => format!("signed with {}", signer.fingerprint),
        Err(Unsigned::Missing) => "not signed".to_owned(),
        Err(Unsigned::Invalid(why) | Unsigned::NotAllowed(why)) => format!("does not count: {why}"),
    };
    let mut out = vec![format!(
        "{} by {} at {}, {signed}",
        said.decision, said.head.person, said.head.decided_at
    )];
    if said.decision == NO_GO
        && let Some(lifters) = known.lifters(decision)
    {
        out.push(format!("  lifted: {}", lifters.join(", ")));
    }
    if decision.is_go() {
        let changed = known.current.superseded(statement);
        if !changed.is_empty() {
            out.push("  superseded, since then:".to_owned());
            out.extend(changed.into_iter().map(|change| format!("    {change}")));
        }
        let overrides =
            said.window_overrides.iter().map(|id| format!("  lets it lie in the window `{id}`"));
        out.extend(overrides);
    }
    out
}

/// What each decision is held against.
struct Known<'a> {
    current: Current<'a>,
    answers: Answers<'a>,
    all: &'a [ApprovalDecision],
}

impl Known<'_> {
    /// Who outvoted a NO_GO; `None` while it binds.
    fn lifters(&self, no_go: &ApprovalDecision) -> Option<Vec<String>> {
        let objection = Objection::of(no_go)?;
        let told = |place: usize| {
            let said = &self.all.get(place)?.statement.as_ref().ok()?.predicate;
            Some(format!("{} said GO at {}", said.head.person, said.head.decided_at))
        };
        let lifters = || self.answers.to(&objection).into_iter().filter_map(told).collect();
        self.answers.outvote(&objection).then(lifters)
    }
}

/// The exact commands that are left to run: one for each person whose GO is out of date, or for
/// those who have not said anything.
pub(super) fn to_decide(project: &Project, now: Stamp) -> Vec<Advice> {
    if !signatures_on(project) {
        return vec![how_to_decide(project)];
    }
    let all = decisions(project);
    let policy = &project.effective().policy.approval;
    let said = |name: &str| {
        all.iter().find(|decision| decision.said().is_some_and(|said| said.head.person == name))
    };
    let current = Current::of(project, now);
    let open: Vec<_> = approvers(project)
        .into_iter()
        .filter(|person| !said(&person.name).is_some_and(|own| current.stands(own)))
        .collect();
    let renew = open.iter().filter(|person| said(&person.name).is_some());
    let wanted: Vec<_> = if renew.clone().next().is_some() {
        renew.copied().collect()
    } else {
        open.iter()
            .filter(|person| {
                let roles = &policy.production.roles;
                roles.is_empty() || person.role.as_ref().is_some_and(|role| roles.contains(role))
            })
            .copied()
            .collect()
    };
    let command = |person: &crate::definition::Person| {
        let who = &person.principals[0];
        let role = person.role.iter().flat_map(|role| ["--role", role]);
        Advice::decide(["approve", "sign", "--as", who])
            .words(role)
            .words(["--decision", "go"])
            .what(format!("{} decides", person.name))
    };
    let mut commands: Vec<Advice> = wanted.into_iter().map(command).collect();
    if commands.is_empty() {
        // Everybody has, and is asked all the same: they may decide anew.
        commands = approvers(project).into_iter().map(command).collect();
    }
    if commands.is_empty() { vec![how_to_decide(project)] } else { commands }
}

/// Persons, their roles and keys, as policy and signers say.
fn who_may(project: &Project) -> Vec<String> {
    let policy = &project.effective().policy.approval;
    let release = project.release();
    let mut out = Vec::new();
    for person in &policy.persons {
        let role = person.role.as_deref().unwrap_or("-");
        let own = release
            .as_ref()
            .and_then(|release| not_separate(project, release, person, Deed::Approve));
        let not = own.map_or(String::new(), |why| format!(", whose GO would not count: {why}"));
        out.push(format!("{} ({role}){not}", person.name));
        for principal in &person.principals {
            let lines = project.signers.iter().flat_map(|signers| signers.of(principal));
            for line in lines {
                let what = if line.cert_authority { "certified by" } else { "key" };
                out.push(format!(
                    "  {principal} {what} {} (line {})",
                    line.fingerprint(),
                    line.line
                ));
            }
        }
    }
    if policy.persons.is_empty() {
        out.push(match signatures_on(project) {
            true => "nobody yet: approval.persons in d3p.yaml names nobody".to_owned(),
            false => "anybody who is named: d3p.yaml lists no persons".to_owned(),
        });
    }
    let production = &policy.production;
    let roles = if production.roles.is_empty() {
        String::new()
    } else {
        format!(", one of each: {}", production.roles.join(", "))
    };
    out.push(format!("wanted: {}{roles}", production.threshold));
    if !production.presence.is_empty() {
        out.push(format!("with a hardware key that shows: {}", production.presence.join(", ")));
    }
    if policy.separation == "off" {
        out.push("separation: off (a person may approve what they deployed themselves)".to_owned());
    }
    out
}
