//! `d3p gate --predicate-out`: what a gate's record says, for an action that signs it as a job of a
//! forge, and how that is checked without d3p.

use crate::cli::args::GateArgs;
use crate::cli::common::Global;
use crate::cli::{Code, Failure};
use crate::env::Env;
use crate::model::Advice;
use crate::project::Project;
use crate::record::RECORD_PREDICATE;
use crate::render::{clean, json};
use crate::text::shell;
use crate::write::write_report;
use serde_json::Value;

/// Who vouches for a job of the forge that `actions/attest` runs at.
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// Writes the predicate of the gate's record where that is wanted, and says how the attestation is made and
/// checked.
///
/// # Errors
/// When there is no record, or the file cannot be written.
pub(super) fn write(
    args: &GateArgs,
    project: &Project,
    gate: &str,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let Some(file) = &args.predicate_out else { return Ok(()) };
    let number = project.phase.gates.get(gate).map_or(0, |gate| gate.number);
    let record = project.file(&project.places().gate(number, gate)).and_then(|file| file.value());
    let Some(predicate) = record.and_then(|record| record.get("predicate")) else {
        return Err(Failure::refused(format!("gate {gate} has no record"))
            .code(Code::Refused)
            .advise(Advice::d3p(["gate", gate])));
    };
    write_report(
        &global.directory.join(file),
        &json::pretty(predicate),
        &["{\n  \"inputAttestations\"", "{\n  \"verifier\""],
    )?;
    if !global.human() || global.quiet {
        return Ok(());
    }
    let name = shell::word(&file.to_string_lossy());
    writeln!(env.out, "predicate: {}", clean(&name))?;
    writeln!(
        env.out,
        "to sign it as this job: actions/attest with predicate-type: {RECORD_PREDICATE} and predicate-path: {}",
        clean(&name)
    )?;
    writeln!(env.out, "to check that, with the bundle that it writes:")?;
    for (name, digest) in subjects(record) {
        let who = match env.var("GITHUB_WORKFLOW_REF") {
            Some(own) => format!(
                "--certificate-identity {}",
                shell::word(&format!("https://github.com/{own}"))
            ),
            None => format!(
                "--certificate-identity-regexp {}",
                shell::word(&format!(
                    "^https://github.com/{}/\\.github/workflows/",
                    project.effective().policy.project.replace('.', "\\.")
                ))
            ),
        };
        let line = format!(
            "cosign verify-blob-attestation --bundle BUNDLE --type {RECORD_PREDICATE} {who} --certificate-oidc-issuer {ISSUER} --digest {digest} --digestAlg sha256"
        );
        writeln!(env.out, "  {}  # {}", clean(&line), clean(&name))?;
    }
    Ok(())
}

/// The artifacts that a record is about, each with its digest.
fn subjects(record: Option<&Value>) -> Vec<(String, String)> {
    let all = record.and_then(|record| record.get("subject")?.as_array()).into_iter().flatten();
    all.filter_map(|own| {
        let digest = own.pointer("/digest/sha256")?.as_str()?.to_owned();
        Some((own.get("name")?.as_str()?.to_owned(), digest))
    })
    .collect()
}
