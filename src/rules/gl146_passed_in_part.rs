//! GL146: passed-in-part.

use super::Context;
use super::support::sections::sectioned;
use crate::definition::{EvidenceFormat, NativeCheck};
use crate::model::{Claim, Finding, Location, Piece, State, claims};
use crate::project::Evidence;
use serde_json::Value;

rule! {
    /// Words say that only a part passed, beside a release that says that everything did.
    ///
    /// ## What it checks
    /// Numbers in the prose and the lists of documents, in what people wrote into evidence, and in the
    /// observations of the health log: `14 looked at, 3 hold`, `12 of 14 passed`, `2 blockers`. What a
    /// sentence makes conditional (`if 2 of 3 fail`) or says to be mended is none of it. In a
    /// prerequisite it is GL240.
    ///
    /// ## Why it matters
    /// Whoever wrote the sentence knew; the field beside it says `passed`, and only that was judged.
    ///
    /// ## How to fix
    /// Mend what failed and write how it is now. Or let a person sign that it may stand:
    /// `d3p waive GL146`.
    GL146 "passed-in-part" Error since "0.1.0" clauses ["X-4", "DLC-7"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut tell = |piece: &Piece, place: Location, claim: &Claim<'_>| {
        let message = format!("says that {}: {}", claim.says, claim.sentence);
        out.push(
            Finding::new(&GL146, piece.clone(), place, message)
                .state(State::Review)
                .edit("mend what failed, and write how it is now"),
        );
    };
    for file in sectioned(context.project) {
        for section in &file.document.sections {
            let prose = section.prose.iter().filter(|block| !block.quoted);
            let prose = prose.map(|block| (&*block.text, block.range.clone()));
            let tasks = section.tasks.iter().map(|task| (&*task.text, task.range.clone()));
            for (text, range) in prose.chain(tasks) {
                claims(text).iter().for_each(|own| tell(&file.piece, file.at(range.clone()), own));
            }
        }
    }
    for evidence in context.readable().filter(is_typed) {
        let Some(value) = evidence.value() else { continue };
        for (pointer, text) in texts(value, String::new()) {
            claims(text).iter().for_each(|own| tell(&evidence.piece(), evidence.at(&pointer), own));
        }
    }
    let sampled = |evidence: &Evidence<'_>| {
        let series = |native: &NativeCheck| matches!(native, NativeCheck::HealthSeries { .. });
        evidence.def.native.iter().any(series)
    };
    for evidence in context.project.all_evidence().filter(sampled) {
        for entry in evidence.file.entries() {
            let place = Location::span(&evidence.def.path, entry.range.clone());
            let said = entry.payload.split_once(" :: ").map_or("", |(_, said)| said);
            claims(said).iter().for_each(|own| tell(&evidence.piece(), place.clone(), own));
        }
    }
}

/// Whether people wrote it about the release itself: what d3p makes of runs has numbers of its own, and
/// a retrospective may well say what did not work.
fn is_typed(evidence: &Evidence<'_>) -> bool {
    let looks_back = |native: &NativeCheck| matches!(native, NativeCheck::Observations { .. });
    evidence.def.format == EvidenceFormat::Json
        && !evidence.def.computed
        && evidence.def.derive.is_none()
        && !evidence.def.native.iter().any(looks_back)
}

/// Every text of a value, with its pointer. What was signed is judged where it is read.
fn texts(value: &Value, pointer: String) -> Vec<(String, &str)> {
    match value {
        Value::String(text) => vec![(pointer, text)],
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(at, item)| texts(item, format!("{pointer}/{at}"))).collect()
        }
        Value::Object(members) => {
            let own =
                members.iter().filter(|(key, _)| !["statement", "signature"].contains(&&***key));
            own.flat_map(|(key, item)| {
                let token = key.replace('~', "~0").replace('/', "~1");
                texts(item, format!("{pointer}/{token}"))
            })
            .collect()
        }
        _ => Vec::new(),
    }
}
