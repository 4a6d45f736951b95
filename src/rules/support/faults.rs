//! Files that could not be read as what they are: one rule per kind of fault.

use crate::model::{Finding, Location, Piece, Rule, State};
use crate::project::piece_of;
use crate::rules::{
    Context, GL103, GL104, GL105, GL106, GL107, GL108, GL109, GL110, GL111, GL112, GL113, GL114,
    GL115, GL116, GL117, GL118, GL119,
};
use crate::text::{Fault, FaultKind};

/// The rule of each kind of fault.
static RULES: &[(&Rule, &[FaultKind])] = &[
    (&GL103, &[FaultKind::NotUtf8]),
    (&GL104, &[FaultKind::ByteOrderMark]),
    (&GL105, &[FaultKind::NulByte]),
    (&GL106, &[FaultKind::TooLarge]),
    (&GL107, &[FaultKind::LinkOutside]),
    (&GL108, &[FaultKind::NotRegular]),
    (&GL109, &[FaultKind::Unreadable]),
    (&GL110, &[FaultKind::Empty]),
    (&GL111, &[FaultKind::CaseMismatch]),
    (&GL112, &[FaultKind::JsonSyntax]),
    (&GL113, &[FaultKind::DuplicateKey]),
    (&GL114, &[FaultKind::NumberRange]),
    (&GL115, &[FaultKind::Nesting]),
    (&GL116, &[FaultKind::YamlSyntax]),
    (&GL117, &[FaultKind::YamlAlias, FaultKind::YamlTag]),
    (&GL118, &[FaultKind::FrontMatter]),
    (&GL119, &[FaultKind::Entry]),
];

/// Adds a finding for each fault, on whatever file it lies.
pub(crate) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (rule, kinds) in RULES {
        report(context, out, rule, kinds);
    }
}

fn report(context: &Context<'_>, out: &mut Vec<Finding>, rule: &'static Rule, kinds: &[FaultKind]) {
    // What is wrong with the file of waivers is told by GL522: it takes nothing but waivers away.
    let files = context
        .project
        .files
        .iter()
        .filter(|(path, _)| *path != context.project.places().waivers());
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
        Some(help) => finding.edit(help.clone()),
        None => finding,
    }
}
