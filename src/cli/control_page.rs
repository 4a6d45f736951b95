//! `d3p explain` of a control of another catalogue: where it stands, and what of the phase serves it.

use crate::definition::{Catalogue, Control, Phase};
use crate::project::catalogues;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What is known of a control, in whichever case its id is written; `None` when the phase serves none of it.
pub(super) fn page(name: &str, phase: &Phase) -> Option<String> {
    let all = catalogues(&phase.folder);
    let (catalogue, control) = find(name, &all)?;
    let mut out = format!(
        "Control {}: {}\n{}, {}\n{}\n",
        control.id, control.title, catalogue.name, catalogue.version, catalogue.address
    );
    if !control.refers_to.is_empty() {
        let _ = writeln!(out, "refers to: {}", control.refers_to.join(", "));
    }
    let by: Vec<&str> = all
        .iter()
        .flat_map(|own| &own.controls)
        .filter(|own| own.refers_to.contains(&control.id))
        .map(|own| own.id.as_str())
        .collect();
    if !by.is_empty() {
        let _ = writeln!(out, "referred to by: {}", by.join(", "));
    }
    let _ = writeln!(out, "clauses: {}\n\nWhat serves it", control.clauses.join(", "));
    for piece in phase.serving(&control.clauses) {
        let _ = writeln!(out, "  {} {}", piece.kind(), piece.id());
    }
    out.push_str(
        "\nA release shows a part of it: an organisation has to do more than one release can show.\n\nExport: d3p export oscal\n",
    );
    Some(out)
}

/// The same as data.
pub(super) fn view(name: &str, phase: &Phase) -> Option<Value> {
    let all = catalogues(&phase.folder);
    let (catalogue, control) = find(name, &all)?;
    let by = phase.serving(&control.clauses).into_iter();
    let by = by.map(|piece| json!({ "kind": piece.kind(), "id": piece.id() }));
    Some(json!({
        "kind": "control", "name": control.id, "title": control.title,
        "source": { "name": catalogue.name, "version": catalogue.version, "address": catalogue.address },
        "refers_to": control.refers_to, "clauses": control.clauses, "served_by": by.collect::<Vec<_>>(),
    }))
}

fn find<'a>(name: &str, all: &'a [Catalogue]) -> Option<(&'a Catalogue, &'a Control)> {
    let each = all.iter().flat_map(|own| own.controls.iter().map(move |control| (own, control)));
    each.into_iter().find(|(_, control)| control.id.eq_ignore_ascii_case(name))
}
