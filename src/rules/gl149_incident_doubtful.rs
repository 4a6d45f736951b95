//! GL149: incident-doubtful.

use super::Context;
use crate::decisions::{deployed_at, fold};
use crate::definition::{CellType, NativeCheck, SectionDef};
use crate::model::{Finding, Stamp, State, hollow};
use crate::project::Evidence;
use crate::project::sections::{Sectioned, cell, sectioned};

rule! {
    /// The description of an incident may leave open what it is there to say.
    ///
    /// ## What it checks
    /// The root cause and the fix do not only say that they are unknown, pending or still looked for,
    /// do not repeat what happened, and are no address alone. It was written after the launch, and no
    /// follow-up was due before it.
    ///
    /// ## Why it matters
    /// Whoever launches the next release relies on it, and words can say very little.
    ///
    /// ## How to fix
    /// Write down what is known. Where it is all said, whoever may approve signs that they read it:
    /// `d3p waive GL149`.
    GL149 "incident-doubtful" Error since "0.1.0" clauses ["DLC-7", "DLC-9", "P8-3", "P8-8"] waivable true
}

/// What says that something is not known. Words alone prove nothing: whoever reads them decides.
const OPEN: [&str; 27] = [
    "we will see",
    "we'll see",
    "will be seen",
    "to be determined",
    "to be decided",
    "to be investigated",
    "not known",
    "not yet known",
    "unknown",
    "do not know",
    "don't know",
    "under investigation",
    "being investigated",
    "still investigating",
    "not been found",
    "not found yet",
    "is pending",
    "nobody knows",
    "no idea",
    "a mystery",
    "unbekannt",
    "noch gesucht",
    "inconnue",
    "no lo sabemos",
    "неизвестна",
    "不明",
    "調査中",
];

/// Fewest letters of another sentence that says something.
const LEAST: usize = 20;

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let found = project.phase.incident().and_then(|(kind, _)| project.evidence(kind));
    let Some(evidence) = found.filter(|own| own.value().is_some()) else { return };
    let Some((cause, fix, settled)) = evidence.native(|native| match native {
        NativeCheck::Incident { cause, fix, settled, .. } => Some((cause, fix, settled)),
        _ => None,
    }) else {
        return;
    };
    let files = sectioned(project);
    let Some(file) = files.iter().find(|file| file.piece == evidence.piece()) else { return };
    let look = Look { context, evidence, file };
    for id in [cause, fix] {
        look.open(id, settled.first().filter(|first| *first != id), out);
    }
    let Some(deployed) = deployed_at(project) else { return };
    if let Some(written) = look.evidence.finished().filter(|own| before(*own, deployed)) {
        let message = format!("it was written {written}, and the launch began {deployed}");
        out.push(look.finding(look.evidence.at("/finished_at"), message, None));
    }
    for def in settled.iter().filter_map(|id| file.sections.iter().find(|def| def.id == **id)) {
        look.due(def, deployed, out);
    }
}

/// People write minutes; the ledger knows milliseconds.
fn before(one: Stamp, other: Stamp) -> bool {
    other.millis_since(one) > 60_000
}

struct Look<'l, 'p> {
    context: &'l Context<'p>,
    evidence: Evidence<'p>,
    file: &'l Sectioned<'p>,
}

impl Look<'_, '_> {
    fn finding(
        &self,
        place: crate::model::Location,
        message: String,
        def: Option<&SectionDef>,
    ) -> Finding {
        let clauses = def.map_or(&self.evidence.def.clauses, |def| &def.clauses);
        Finding::new(&GL149, self.evidence.piece(), place, message)
            .state(State::Review)
            .clauses(clauses)
            .edit("say what is known")
    }

    fn text(&self, id: &str) -> Option<(&SectionDef, String, std::ops::Range<usize>)> {
        let def = self.file.sections.iter().find(|def| def.id == id)?;
        let found = self.file.find(self.context.project, def)?;
        let blocks: Vec<_> = found.prose().filter(|block| !block.quoted).collect();
        let range = blocks.first()?.range.clone();
        let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
        Some((def, texts.join("\n"), range))
    }

    /// What a section says, where it may say nothing of what it is there for.
    fn open(&self, id: &str, first: Option<&String>, out: &mut Vec<Finding>) {
        let Some((def, text, range)) = self.text(id) else { return };
        // What says nothing at all is told elsewhere.
        if hollow(&text).is_some() {
            return;
        }
        let title = def.title.to_lowercase();
        let same = first.and_then(|first| self.text(first));
        let message = if same.is_some_and(|(_, other, _)| fold(&other) == fold(&text)) {
            format!("{title} repeats what happened")
        } else if only_address(&text) {
            format!("{title} only says where something stands")
        } else if let Some(sentence) = only_open(&text) {
            format!("{title} may leave it open: \"{sentence}\"")
        } else {
            return;
        };
        out.push(self.finding(self.file.at(range), message, Some(def)));
    }

    /// Follow-ups that were due before the launch.
    fn due(&self, def: &SectionDef, deployed: Stamp, out: &mut Vec<Finding>) {
        let project = self.context.project;
        let (Some(columns), Some(found)) = (&def.table, self.file.find(project, def)) else {
            return;
        };
        let Some((table, places)) = found.table(project, columns) else { return };
        let time = columns.columns.values().position(|kind| *kind == CellType::Time);
        let Some(place) = time.map(|index| places[index]) else { return };
        for row in &table.rows {
            let Ok(until) = Stamp::parse(cell(row, place)) else { continue };
            if before(until, deployed) {
                let message =
                    format!("a follow-up was due {until}, before the launch ({deployed})");
                out.push(self.finding(self.file.at(row.range.clone()), message, Some(def)));
            }
        }
    }
}

/// Whether nothing but addresses is said.
fn only_address(text: &str) -> bool {
    let is_address = |word: &&str| word.contains("://");
    let rest: Vec<&str> = text.split_whitespace().filter(|word| !is_address(word)).collect();
    rest.len() < text.split_whitespace().count() && hollow(&rest.join(" ")).is_some()
}

/// The sentence that says that it is not known, where no other sentence says anything.
fn only_open(text: &str) -> Option<String> {
    // What stands in quotes is what a program said: "unknown column".
    let spoken: String = text.split(['"', '“', '”', '`']).step_by(2).collect();
    let sentences: Vec<&str> = spoken
        .split(['.', ';', '!', '?', '\n', '。'])
        .map(str::trim)
        .filter(|own| !own.is_empty())
        .collect();
    let is_open = |sentence: &&&str| {
        let lower = sentence.to_lowercase();
        OPEN.iter().any(|words| {
            lower.find(words).is_some_and(|at| {
                // `We will see it again whenever …` is about something else.
                let rest = lower[at + words.len()..].trim();
                !words.ends_with("see")
                    || rest.is_empty()
                    || ["what", "how", "if", "whether", "later"]
                        .iter()
                        .any(|own| rest.starts_with(own))
            })
        })
    };
    let (open, others): (Vec<&&str>, Vec<&&str>) = sentences.iter().partition(is_open);
    let says = |own: &&&str| own.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST;
    let first = open.first().filter(|_| !others.iter().any(says))?;
    Some((**first).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{only_address, only_open};

    #[test]
    fn what_is_left_open_is_told_from_what_is_said() {
        for text in [
            "The cause has not been found yet.",
            "Still being investigated by Jonas Weber.",
            "The root cause analysis is pending.",
            "We have no idea why web did not come up.",
            "It remains a mystery to all of us.",
            "Die Ursache wird noch gesucht.",
            "原因は不明です。",
            "We will see.",
        ] {
            assert!(only_open(text).is_some(), "{text}");
        }
        for text in [
            "The query failed with \"unknown column gift_card\", since the migration ran for api only.",
            "The cache held a value for 60 s; we will see it again whenever the TTL is shorter than the deploy.",
            "The column gift_card was missing in production. Why nobody saw it before is unknown to the team.",
            "データベースの列が移行されていなかった。",
        ] {
            assert_eq!(only_open(text), None, "{text}");
        }
        assert!(only_address("See https://jira.example.com/SHOP-9"));
        assert!(!only_address("The migration of https://jira.example.com/SHOP-9 ran for api only"));
    }
}
