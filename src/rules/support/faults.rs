//! Files that could not be read as what they are: one rule per kind of fault.

use crate::model::{Finding, Location, Piece, Rule, State};
use crate::project::piece_of;
use crate::record::WAIVERS_PATH;
use crate::rules::Context;
use crate::text::{Fault, FaultKind};

/// Adds a finding of `rule` for each fault of `kind`, on whatever file it lies.
pub(crate) fn report(
    context: &Context<'_>,
    out: &mut Vec<Finding>,
    rule: &'static Rule,
    kinds: &[FaultKind],
) {
    // What is wrong with the file of waivers is told by GL522: it takes nothing but waivers away.
    let files = context.project.files.iter().filter(|(path, _)| *path != WAIVERS_PATH);
    for (path, file) in files {
        for fault in file.faults.iter().filter(|fault| kinds.contains(&fault.kind)) {
            out.push(finding(rule, piece_of(context.project, path), path, fault));
        }
    }
    for (path, cited) in &context.project.cited {
        if let Err(fault) = cited
            && kinds.contains(&fault.kind)
        {
            out.push(finding(rule, Piece::File(path.clone()), path, fault));
        }
    }
}

fn finding(rule: &'static Rule, piece: Piece, path: &str, fault: &Fault) -> Finding {
    let location = match &fault.span {
        Some(span) => Location::span(path, span.clone()),
        None => Location::file(path),
    };
    let state = if fault.kind == FaultKind::Empty { State::Missing } else { State::Invalid };
    let finding = Finding::new(rule, piece, location, fault.message.clone()).state(state);
    match &fault.help {
        Some(help) => finding.help(help.clone()),
        None => finding,
    }
}
