//! `d3p approve status`: who decided, who is missing, and what no longer counts.

use crate::cli::Failure;
use crate::cli::common::{Global, release};
use crate::cli::record::approval_def;
use crate::decide::assess;
use crate::env::{Env, Exit};
use crate::model::{Level, Piece};
use crate::project::Project;
use crate::render::clean;
use crate::rules::{Unsigned, decisions, how_to_decide, signatures_on, signer};

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
        .filter(|finding| finding.piece == piece && finding.level == Level::Error)
        .collect();
    if !global.human() {
        let report = crate::cli::common::report(
            "approve status",
            &project,
            &assessment,
            now,
            None,
            |finding| finding.piece == piece,
        );
        env.out.write_all(crate::render::json::report(&report, None, None).as_bytes())?;
        return Ok(if findings.is_empty() { Exit::Passed } else { Exit::Refused });
    }
    writeln!(env.out, "Who may decide")?;
    for line in who_may(&project) {
        writeln!(env.out, "  {}", clean(&line))?;
    }
    writeln!(env.out, "\nDecisions in {}", def.path)?;
    let all = decisions(&project);
    for decision in &all {
        let Ok(statement) = &decision.statement else {
            writeln!(env.out, "  {}: cannot be read", decision.pointer())?;
            continue;
        };
        let said = &statement.predicate;
        let signed = match signer(&project, decision, now, project.launched_at()) {
            _ if !signatures_on(&project) => "typed".to_owned(),
            Ok(signer) => format!("signed with {}", signer.fingerprint),
            Err(Unsigned::Missing) => "not signed".to_owned(),
            Err(Unsigned::Invalid(why) | Unsigned::NotAllowed(why)) => {
                format!("does not count: {why}")
            }
        };
        let line =
            format!("{} by {} at {}, {signed}", said.decision, said.principal, said.decided_at);
        writeln!(env.out, "  {}", clean(&line))?;
    }
    if all.is_empty() {
        writeln!(env.out, "  none")?;
    }
    if findings.is_empty() {
        writeln!(env.out, "\nThe approval is in force.")?;
        return Ok(Exit::Passed);
    }
    writeln!(env.out, "\nWhat keeps it from being in force")?;
    for finding in &findings {
        let line = format!("{} {}", finding.rule.code, finding.message);
        writeln!(env.out, "  {}", clean(&line))?;
    }
    writeln!(env.out, "\nnext: {}", how_to_decide(&project))?;
    Ok(Exit::Refused)
}

/// Persons, their roles and keys, as policy and signers say.
fn who_may(project: &Project) -> Vec<String> {
    let policy = &project.effective().policy.approval;
    let mut out = Vec::new();
    for person in &policy.persons {
        let role = person.role.as_deref().unwrap_or("-");
        out.push(format!("{} ({role})", person.name));
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
        out.push("anybody who is named: d3p.yaml lists no persons".to_owned());
    }
    let roles = if policy.roles.is_empty() {
        String::new()
    } else {
        format!(", one of each: {}", policy.roles.join(", "))
    };
    out.push(format!("wanted: {}{roles}", policy.threshold));
    if policy.separation == "off" {
        out.push("separation: off (a person may approve what they deployed themselves)".to_owned());
    }
    out
}
