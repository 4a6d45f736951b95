//! What is recommended, and what is planned: the staging validation and the production deployment plan as
//! whoever decides reads them before they do (DLC-10).

use super::brief::or_none;
use super::facts;
use crate::decide::{Assessment, Recorded};
use crate::decisions::{gates_covered, open_objections};
use crate::definition::{CellType, TableDef};
use crate::model::Stamp;
use crate::project::Project;
use crate::project::sections::{cell, says_when, sectioned};

/// Whether the gates before the launch speak for it, and why not.
pub(super) fn recommendation(project: &Project, assessment: &Assessment, now: Stamp) -> String {
    let covered = gates_covered(project);
    let mut titles = Vec::new();
    for gate in assessment.gates.iter().filter(|gate| covered.contains(&gate.id)) {
        let title = project.phase.gates.get(&gate.id).map_or("", |def| def.title.as_str());
        if !matches!(gate.recorded, Recorded::Valid(_)) {
            return format!("Recommendation: do not launch, {title} is not passed");
        }
        titles.push(title);
    }
    if let Some(own) = open_objections(project, now).iter().find(|own| !own.outvoted) {
        return format!("Recommendation: do not launch, {} objects", own.person);
    }
    match facts::waits(project, assessment) {
        0 => format!("Recommendation: launch; {} passed, and nothing waits", titles.join(" and ")),
        some => format!(
            "Recommendation: none; {} passed, and you judge what waits: {some}",
            titles.join(" and ")
        ),
    }
}

/// Windows, steps, what is watched and from when on it is taken back: each table of the documents that
/// says so, row by row.
pub(super) fn planned(project: &Project) -> Vec<String> {
    let mut out = Vec::new();
    for file in sectioned(project) {
        for &def in &file.sections {
            let Some(wanted) = def.table.as_ref().filter(|own| is_planned(own)) else { continue };
            let found = file.find(project, def).and_then(|own| own.table(project, wanted));
            let Some((table, places)) = found else { continue };
            out.push(format!("  {}", project.translated(&def.title)));
            out.extend(table.rows.iter().map(|row| {
                let cells: Vec<&str> = places.iter().map(|place| cell(row, *place)).collect();
                format!("    {}", cells.join(" | "))
            }));
        }
    }
    or_none(out)
}

fn is_planned(table: &TableDef) -> bool {
    says_when(table) || table.columns.values().any(|own| *own == CellType::Threshold)
}
