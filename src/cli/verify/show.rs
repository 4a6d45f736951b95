//! The report of `d3p verify` for people.

use super::{NONE_ASKED, facts, recipe};
use crate::cli::Failure;
use crate::cli::args::VerifyArgs;
use crate::cli::common::{Global, files, write_findings};
use crate::env::Env;
use crate::model::Level;
use crate::render::json::{AuditView, BundleView, TimeView};
use crate::render::{Report, clean, gate_table, tally};
use crate::text::shell;
use std::path::Path;

/// What people read: the trust root, findings, gates, assurance, and what this cannot exclude.
///
/// # Errors
/// When it cannot be written.
pub(super) fn human(
    report: &Report<'_>,
    audit: &AuditView,
    passed: bool,
    through: Option<&str>,
    args: &VerifyArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    writeln!(env.out, "{}", clean(&audit.trust))?;
    if let Some(bundle) = &audit.bundle {
        let (name, by) = (clean(&bundle.file), clean(&bundle.packed_by));
        writeln!(
            env.out,
            "BUNDLE {name}: sha256:{}, {}, packed by d3p {by}",
            bundle.sha256,
            files(bundle.files)
        )?;
    }
    write_findings(report, true, global, env)?;
    if !global.quiet {
        writeln!(
            env.out,
            "Gates, recomputed\n{}",
            gate_table(report.project, &report.assessment.gates)
        )?;
        write_assurance(audit, global, env)?;
        write_times(audit, env)?;
        if passed {
            let dir = args.dirs.first().map(|dir| global.directory.join(dir));
            write_by_hand(report, audit.bundle.as_ref(), dir.as_deref(), env)?;
        }
        writeln!(env.out, "\nThis cannot exclude")?;
        for line in &audit.cannot_exclude {
            writeln!(env.out, "  - {line}")?;
        }
        writeln!(env.out)?;
    }
    if let Some(closed) = audit.closed {
        writeln!(env.out, "closed: {}", closed.replace('-', " "))?;
    }
    let result = if passed { "PASSED" } else { "NOT PASSED" };
    let through = through.map_or(String::new(), |id| format!(" through {}", clean(id)));
    writeln!(env.out, "verify{through}: {result}, {}", tally(&report.findings))?;
    if !passed && !report.findings.is_empty() {
        let paths: std::collections::BTreeSet<&str> = report
            .findings
            .iter()
            .filter(|finding| finding.level == Level::Error)
            .map(|finding| finding.location.path.as_str())
            .collect();
        for path in paths {
            writeln!(env.out, "  {}", clean(path))?;
        }
    }
    Ok(())
}

fn write_assurance(audit: &AuditView, global: &Global, env: &mut Env<'_>) -> Result<(), Failure> {
    writeln!(env.out, "Assurance")?;
    for line in &audit.assurance {
        let approval = match line.why {
            NONE_ASKED => "no approval asked for".to_owned(),
            why => format!("approval {} ({why})", line.approval),
        };
        writeln!(env.out, "  {}: {approval} · {}", line.gate, facts::sentence(&line.facts))?;
        for fact in line.facts.each.iter().filter(|_| global.style.verbose) {
            writeln!(env.out, "    {} {} ({})", fact.level, clean(&fact.path), fact.basis)?;
        }
    }
    Ok(())
}

/// When what matters happened, or the word that it is only claimed.
fn write_times(audit: &AuditView, env: &mut Env<'_>) -> Result<(), Failure> {
    if audit.times.is_empty() {
        return Ok(());
    }
    writeln!(env.out, "Times")?;
    for TimeView { what, claimed, after, before } in &audit.times {
        let when = match (after, before) {
            (Some(after), Some(before)) => format!("between {after} and {before}"),
            (None, Some(before)) => format!("not later than {before}; claimed: {claimed}"),
            (Some(after), None) => format!("not before {after}; claimed: {claimed}"),
            (None, None) => format!("claimed: {claimed}"),
        };
        writeln!(env.out, "  {}: {when}", clean(what))?;
    }
    Ok(())
}

/// What an auditor can keep for the next time, and how to check one approval without d3p.
fn write_by_hand(
    report: &Report<'_>,
    bundle: Option<&BundleView>,
    dir: Option<&Path>,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let project = report.project;
    writeln!(env.out, "\nTo compare the next time")?;
    writeln!(env.out, "  --trust-root sha256:{}", project.effective().digest)?;
    for head in project.ledger.heads() {
        writeln!(env.out, "  --expect-head sha256:{head}@{}", report.now)?;
    }
    let records = recipe::of_records(project);
    if !records.is_empty() && bundle.is_none() {
        writeln!(env.out, "\nTo check what a machine signed of the gates, with slsa-verifier")?;
        for line in &records {
            writeln!(env.out, "  {}", clean(line))?;
        }
    }
    let recipe = recipe::recipe(project, report.now);
    if recipe.is_empty() {
        return Ok(());
    }
    match bundle {
        None => {
            let here = if dir.is_some() { "" } else { ", in the project's directory" };
            writeln!(env.out, "\nTo check the approval without d3p{here}")?;
            if let Some(dir) = dir {
                writeln!(env.out, "  cd {}", clean(&shell::word(&dir.to_string_lossy())))?;
            }
        }
        Some(bundle) => {
            let name = bundle.file.rsplit('/').next().unwrap_or_default();
            writeln!(
                env.out,
                "\nTo check the approval without d3p, in an empty directory with a copy of the bundle"
            )?;
            writeln!(env.out, "  tar -xzf {}", clean(&shell::word(name)))?;
        }
    }
    for line in recipe {
        writeln!(env.out, "  {}", clean(&line))?;
    }
    Ok(())
}
