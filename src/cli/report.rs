//! `d3p report`: compiles DEPLOYMENT-REPORT.md.

use crate::cli::Failure;
use crate::cli::common::{Global, release};
use crate::collect::deployment_report;
use crate::definition::NativeCheck;
use crate::env::{Env, Exit};
use crate::render::json;
use crate::write::ChangeSet;

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (lock, root, project) = global.open_locked()?;
    let release = release(&project)?;
    let is_report = |native: &NativeCheck| matches!(native, NativeCheck::Report {});
    let (kind, def) = project
        .phase
        .evidence
        .iter()
        .find(|(_, def)| def.native.iter().any(is_report))
        .ok_or_else(|| Failure::incomplete("this phase has no compiled report"))?;
    for needed in &def.after {
        let path =
            project.phase.evidence.get(needed).map(|def| def.path.as_str()).unwrap_or_default();
        if project.digest_of(path).is_none() {
            return Err(Failure::refused(format!(
                "{needed} is not there: nothing to report on yet"
            ))
            .help("d3p status --next"));
        }
    }
    let bound = project.phase.gate_of_evidence(kind).is_some_and(|(gate, _)| {
        project.ledger.last_pass(gate).is_some_and(|line| line.entry.release == release.name())
    });
    if bound {
        return Err(Failure::refused(format!("the last gate bound {}: it is history", def.path))
            .help("d3p verify"));
    }
    let text = deployment_report(&project, &release, (env.now)());
    let mut changes = ChangeSet::new(&root);
    changes.replace(def.path.as_str(), text, project.digest_of(&def.path));
    changes.apply_under(&lock)?;
    if global.human() {
        writeln!(env.out, "compiled {}", def.path)?;
    } else {
        env.out.write_all(json::pretty(&serde_json::json!({ "compiled": def.path })).as_bytes())?;
    }
    Ok(Exit::Passed)
}
