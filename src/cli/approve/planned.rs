//! What is recommended, and what people wrote: as whoever decides reads them before they do (DLC-10).

use super::brief::or_none;
use super::facts;
use crate::decide::Assessment;
use crate::decisions::gates_covered;
use crate::definition::{ReportOf, SectionDef, SectionRole};
use crate::derive::{Moment, Recommendation, recommendation, report};
use crate::model::Stamp;
use crate::project::sections::{Found, cell, sectioned};
use crate::project::{Project, Release};

/// What the staging validation report recommends, were it compiled now; and that a gate is not passed, though
/// it was once.
pub(super) fn recommended(
    project: &Project,
    release: &Release,
    assessment: &Assessment,
    now: Stamp,
) -> String {
    let lapsed = gates_covered(project).into_iter().find(|gate| !assessment.is_passed(gate));
    let told = match lapsed {
        Some(gate) => Recommendation::not_passed(project, &gate),
        None => {
            let moment = Moment { until: now, optional: None };
            let waits = facts::waits(project, assessment);
            let of = ReportOf::Validation;
            recommendation(&report::view(project, release, of, moment).waiting(waits))
        }
    };
    told.to_string()
}

/// Most characters of one section's prose that are shown; the rest is counted.
const SHOWN: usize = 400;

/// What people wrote, section by section: every row of a table, every item of a checklist and every answer,
/// so that nobody signs over words that they never saw. What d3p compiled of it is not shown twice.
pub(super) fn written(project: &Project) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for file in sectioned(project) {
        // Its scope stands below, and so do risks.
        let sections = file.sections.iter().copied().filter(|def| {
            def.role.is_none_or(|own| own != SectionRole::Risks) && def.tracker.is_none()
        });
        for def in sections {
            let Some(found) = file.find(project, def) else { continue };
            let lines = lines(project, def, &found);
            if lines.iter().all(|line| out.contains(line)) {
                continue;
            }
            out.push(format!("  {}", project.translated(&def.title)));
            out.extend(lines);
        }
    }
    or_none(out)
}

/// The lines of a section: cells, items, or prose.
fn lines(project: &Project, def: &SectionDef, found: &Found<'_>) -> Vec<String> {
    let table = def.table.as_ref().and_then(|own| found.table(project, own));
    if let Some((table, places)) = table {
        let cells = |row| places.iter().map(|at| cell(row, *at)).collect::<Vec<_>>().join(" | ");
        return table.rows.iter().map(|row| format!("    {}", cells(row))).collect();
    }
    if def.checklist.is_some() {
        return found.tasks().map(|task| format!("    - {}", task.text.trim())).collect();
    }
    let text: Vec<&str> = found
        .prose()
        .filter(|block| !block.quoted)
        .flat_map(|block| block.text.lines())
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let text = text.join("\n");
    let rest = text.chars().count().saturating_sub(SHOWN);
    let shown: String = text.chars().take(SHOWN).collect();
    let mut out: Vec<String> = shown.lines().map(|line| format!("    {line}")).collect();
    if rest > 0 {
        out.push(format!("    ... and {rest} characters more"));
    }
    out
}
