//! What the prose of a prerequisite says: a Go that hangs on something, a decision that was taken back.

use crate::markdown::Section;
use crate::model::StatedOutcome;
use std::ops::Range;

/// What follows a Go that is none yet.
const HANGS_ON: [&str; 10] = [
    "if ",
    "unless ",
    "provided ",
    "subject to ",
    "pending ",
    "on condition ",
    "conditional ",
    "as soon as ",
    "once ",
    "only after ",
];

/// What says that something was not done, not passed, or decided against. Words alone prove nothing:
/// whoever reads them decides.
const TAKES_BACK: [&str; 40] = [
    "is postponed",
    "was postponed",
    "are postponed",
    "decided not to",
    "decided against",
    "do not release",
    "we stop",
    "was stopped",
    "was withdrawn",
    "is withdrawn",
    "was revoked",
    "is revoked",
    "was not passed",
    "were not passed",
    "did not pass",
    "does not pass",
    "not approved",
    "not granted",
    "we reject",
    "was rejected",
    "is rejected",
    "scenarios rejected",
    "nothing was executed",
    "was not executed",
    "were not executed",
    "not been tested",
    "are estimated",
    "vetoed",
    "do not launch",
    "do not deploy",
    "recommends against",
    "advises against",
    "is unacceptable",
    "veto eingelegt",
    "nicht bestanden",
    "nicht erteilt",
    "nicht freigegeben",
    "abgelehnt",
    "verschoben",
    "zurückgezogen",
];

/// What makes such a sentence one about something else.
const ABOUT_OTHERS: [&str; 11] = [
    " if ",
    " unless ",
    " would ",
    " once ",
    "none of",
    "no one",
    "nobody",
    "request to",
    "earlier",
    "at first",
    "since then",
];

/// The sentence of `text` that takes back what it says elsewhere: `The release is postponed`.
pub(super) fn takes_back(text: &str) -> Option<&str> {
    text.split(['.', ';', '!', '\n']).map(str::trim).find(|sentence| {
        let lower = format!(" {} ", sentence.to_lowercase());
        let stop = *sentence == "STOP";
        let says = TAKES_BACK.iter().any(|own| lower.contains(own));
        stop || says && !ABOUT_OTHERS.iter().any(|own| lower.contains(own))
    })
}

/// Rows and boxes that say that something is not well, or not done.
pub(super) fn rows(section: &Section) -> Vec<(String, Range<usize>)> {
    let cells = section.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let told = cells.filter_map(|cell| Some((cell_says(&cell.text)?, cell.range.clone())));
    let told = told.map(|(says, at)| (format!("a table says: {says}"), at));
    let open = section
        .tasks
        .iter()
        .filter(|task| !task.done)
        .map(|task| (format!("a box is not ticked: {}", task.text.trim()), task.range.clone()));
    told.chain(open).collect()
}

/// Why a cell of a table is no good news: `FAILED`, `4 critical open`. A plain `no` answers many
/// questions well.
fn cell_says(text: &str) -> Option<String> {
    const PLAIN: [&str; 5] = ["no", "false", "red", "stop", "denied"];
    const GRAVE: [&str; 6] = ["critical", "high", "severe", "blocker", "blockers", "major"];
    let lower = text.trim().to_lowercase();
    let failed = StatedOutcome::read(text) == Some(StatedOutcome::Failed);
    if failed && !PLAIN.contains(&lower.as_str()) {
        return Some(text.trim().to_owned());
    }
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let open = words.iter().any(|own| ["open", "unresolved"].contains(own));
    let counted = words.windows(2).any(|pair| {
        GRAVE.contains(&pair[1]) && pair[0].parse::<u64>().is_ok_and(|count| count > 0)
    });
    (open && counted).then(|| text.trim().to_owned())
}

/// What a Go of `text` hangs on: `GO for the release, if legal agrees`. `word` is how it is said in the
/// head, and counts where it is written as there, in capitals.
pub(super) fn hangs_on<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    if word.chars().any(char::is_lowercase) {
        return None;
    }
    let ends = |c: char| matches!(c, '.' | ';' | '!' | '\n');
    text.split(ends).find_map(|sentence| {
        let (at, _) = sentence.match_indices(word).find(|(at, _)| {
            let (before, after) = (&sentence[..*at], &sentence[at + word.len()..]);
            !before.ends_with(|c: char| c.is_alphanumeric() || c == '-')
                && !before.trim_end().to_uppercase().ends_with("NO")
                && !after.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '/')
                && !after.trim_start().starts_with('/')
        })?;
        let rest = &sentence[at + word.len()..];
        let lower = rest.to_lowercase();
        let hangs = HANGS_ON.iter().filter_map(|own| {
            let at = lower.find(own)?;
            let before = lower[..at].trim_end();
            // "…, and if it fails we go back" is a plan, and no condition.
            let begins = lower[..at].ends_with([' ', '(', ',']) || at == 0;
            (begins && !before.ends_with(" and") && !before.ends_with("what")).then_some(at)
        });
        hangs.min().and_then(|at| rest.get(at..))
    })
}

#[cfg(test)]
mod tests {
    use super::{cell_says, hangs_on, takes_back};

    #[test]
    fn a_go_that_hangs_on_something_is_told_from_a_plan() {
        for text in [
            "GO for the gift card release, if legal agrees.",
            "GO, provided that the load test passes",
            "Decision: GO (pending the audit)",
            "GO once Jonas Weber has fixed the migration",
            "GO subject to approval by the works council",
        ] {
            assert!(hangs_on(text, "GO").is_some(), "{text}");
        }
        for text in [
            "GO for the gift card release.",
            "GO. If the error rate rises, we take it back.",
            "GO, and if the error rate rises we take it back",
            "NO-GO if two blockers are open",
            "GO/NO-GO meeting, if needed on Monday",
            "Go-live happens if nothing is open",
            "We said no GO to the last one if anybody remembers",
        ] {
            assert!(hangs_on(text, "GO").is_none(), "{text}");
        }
        assert!(hangs_on("The audit passed once both findings were mended", "passed").is_none());
    }

    #[test]
    fn a_cell_that_failed_is_told_from_an_answer() {
        for text in ["FAILED", "❌", "rejected", "4 critical open", "1 blocker open"] {
            assert!(cell_says(text).is_some(), "{text}");
        }
        for text in ["no", "passed", "0 critical open", "4 critical, closed", "UAT", "✅", ""] {
            assert!(cell_says(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_decision_that_is_taken_back_is_told_from_a_plan() {
        for text in [
            "STOP. The release waits.",
            "The release is postponed until January.",
            "We decided not to go.",
            "This decision was revoked on 2026-11-30 by Ana Silva.",
            "The audit was not passed.",
            "Das Audit ist nicht bestanden.",
            "Legal has vetoed the launch.",
        ] {
            assert!(takes_back(text).is_some(), "{text}");
        }
        for text in [
            "GO for the gift card release.",
            "If a check fails, the release is postponed.",
            "The request to release on Friday was rejected earlier.",
            "None of the items was rejected.",
        ] {
            assert!(takes_back(text).is_none(), "{text}");
        }
    }
}
