//! What people write where something else was asked for: a No, nothing, an example of a template.

use crate::model::hollow;

/// Why `text` answers a question that wants a Yes with a No: the sentence that says so.
pub(crate) fn denies(text: &str) -> Option<&str> {
    const FIRST: [&str; 8] =
        ["nobody", "no one", "none", "not", "never", "nein", "nope", "nothing"];
    const ANYWHERE: [&str; 10] = [
        "nobody is",
        "no one is",
        "not present",
        "not reachable",
        "not briefed",
        "not staffed",
        "not authorized",
        "unreachable",
        "unstaffed",
        "is absent",
    ];
    text.split(['.', '!', '?', ';', '\n']).map(str::trim).find(|sentence| {
        let lower = sentence.to_lowercase();
        let plain = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        // `No campaign runs` is no No; `No`, `No, …` and `No: …` are.
        let no = plain.strip_prefix("no").is_some_and(|rest| {
            let said = rest.trim_start();
            !said.chars().any(char::is_alphanumeric) || said.starts_with([',', ':', '-', '–', '—'])
        });
        no || FIRST.iter().any(|word| starts_with_word(plain, word))
            || ANYWHERE.iter().any(|words| plain.contains(words))
    })
}

/// Whether `text`, which should say what is done, says that nothing is.
pub(crate) fn is_nothing(text: &str) -> bool {
    const FIRST: [&str; 7] =
        ["nothing", "none", "n/a", "no action", "no step", "nobody", "not applicable"];
    const ANYWHERE: [&str; 5] = [
        "no way back",
        "cannot be rolled back",
        "can't be rolled back",
        "not possible",
        "impossible",
    ];
    let lower = text.trim().to_lowercase();
    FIRST.iter().any(|word| starts_with_word(&lower, word))
        || ANYWHERE.iter().any(|words| lower.contains(words))
        || !lower.chars().any(char::is_alphabetic)
}

/// Why an item to verify says nothing of what is verified.
pub(crate) fn empty_item(text: &str) -> Option<&'static str> {
    const UNDONE: [&str; 9] = [
        "not done",
        "not verified",
        "not tested",
        "not checked",
        "undone",
        "todo",
        "to do",
        "skipped",
        "pending",
    ];
    let lower = text.trim().to_lowercase();
    if UNDONE.iter().any(|words| starts_with_word(&lower, words) || lower.ends_with(words)) {
        return Some("says that it was not done");
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    // Scripts that write a word with one character say much with few.
    let dense = text.chars().any(|c| c >= '\u{2E80}');
    let least = if dense { 3 } else { 10 };
    (letters < least || hollow(text).is_some()).then_some("says nothing of what is to be seen")
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether `text` is one of the examples that a template gives.
pub(crate) fn is_example<'a>(text: &str, examples: &'a [String]) -> Option<&'a str> {
    let plain = |text: &str| {
        let text = text.trim().trim_start_matches("e.g.").trim();
        text.trim_end_matches('.').to_lowercase()
    };
    let own = plain(text);
    examples.iter().find(|example| plain(example) == own).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::{denies, empty_item, is_nothing};

    #[test]
    fn a_no_is_a_no() {
        for text in [
            "No, nobody is briefed and nobody is staffed.",
            "No.",
            "**No**",
            "Nobody is present.",
            "Ana Silva decides. She is not reachable.",
            "Not yet",
            "- no: later",
        ] {
            assert!(denies(text).is_some(), "{text}");
        }
        for text in [
            "Yes.\nThe e-mail desk was briefed.",
            "No campaign runs, and both desks are staffed.",
            "There is one support channel. No other channel exists.",
            "Notable people are on call.",
            "Ana Silva decides; if she does not answer, Jonas Weber does.",
        ] {
            assert_eq!(denies(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_no_step() {
        for text in ["Nothing, there is no way back", "n/a", "-", "None", "It is not possible"] {
            assert!(is_nothing(text), "{text}");
        }
        for text in ["Redeploy the previous release of web", "Nonessential jobs are stopped"] {
            assert!(!is_nothing(text), "{text}");
        }
    }

    #[test]
    fn an_item_says_what_is_to_be_seen() {
        for text in
            ["ok", "NOT DONE", "TODO", "works", "Checkout works: not tested", "✓", "see the wiki"]
        {
            assert!(empty_item(text).is_some(), "{text}");
        }
        for text in ["The footer shows v1.4.0 in two browsers.", "登录可以使用"] {
            assert_eq!(empty_item(text), None, "{text}");
        }
    }
}
