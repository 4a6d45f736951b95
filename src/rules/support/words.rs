//! What people write where something else was asked for: a No, nothing, an example of a template.

use crate::model::hollow;

/// A No where a Yes is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct No<'a> {
    /// The sentence that says so.
    pub(crate) sentence: &'a str,
    /// Whether the answer is a bare No; else a person has to read it.
    pub(crate) outright: bool,
}

/// What says that somebody is not there, not ready or not informed, wherever it stands.
const DENIED: &[&str] = &[
    "nobody is",
    "no one is",
    "nobody was",
    "no person who",
    "not present",
    "not reachable",
    "cannot be reached",
    "not briefed",
    "not been briefed",
    "not staffed",
    "not authorized",
    "unreachable",
    "unstaffed",
    "unmanned",
    "is absent",
    "do not know",
    "don't know",
    "hopefully",
    "not confirmed",
    "half of",
    "except for",
    "will be determined",
    "on holiday",
    "on vacation",
    "on a flight",
    "wurde niemand",
    "bisher niemand",
    "noch niemand",
    "niemand ist",
    "niemand informiert",
    "nicht erreichbar",
    "nicht anwesend",
    "n'est joignable",
    "personne n'",
    "nadie ha sido",
    "nadie está",
];

/// What a question asks whether somebody is.
const READY: [&str; 14] = [
    "briefed",
    "staffed",
    "informed",
    "notified",
    "reachable",
    "present",
    "available",
    "confirmed",
    "authorized",
    "informiert",
    "besetzt",
    "erreichbar",
    "anwesend",
    "verfügbar",
];

/// Whether `text` answers a question that wants a Yes with a No.
pub(crate) fn denies(text: &str) -> Option<No<'_>> {
    const NO: [&str; 5] = ["no", "nein", "non", "нет", "いいえ"];
    const FIRST: [&str; 14] = [
        "nobody", "no one", "none", "not", "never", "nope", "nothing", "niemand", "keiner",
        "nicht", "personne", "aucun", "nadie", "ninguno",
    ];
    // `Nobody needs to be on call` and `None of the desks is closed` are no No.
    const HONEST: [&str; 4] = ["nobody needs", "no one needs", "none of the", "nothing is open"];
    let sentences = text.split(['.', '!', '?', ';', '\n', '。', '、']).map(str::trim);
    let mut begun = false;
    for sentence in sentences.filter(|own| own.chars().any(char::is_alphanumeric)) {
        // A lone `No` is explained by what follows it.
        let said = match sentence.split_whitespace().nth(1) {
            Some(_) => sentence,
            None => with_next(text, sentence),
        };
        let lower = sentence.to_lowercase();
        let plain = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        // `No campaign runs` is no No; `No`, `No, …` and `No: …` are.
        let no = NO.iter().any(|word| {
            plain.strip_prefix(word).is_some_and(|rest| {
                let said = rest.trim_start();
                !said.chars().any(char::is_alphanumeric)
                    || said.starts_with([',', ':', '-', '–', '—'])
            })
        });
        if no {
            return Some(No { sentence, outright: !says_more(said) });
        }
        // `No channel has been briefed`: none of those who are asked about is.
        let clause = plain.split(',').next().unwrap_or_default();
        let none = ["no ", "kein ", "keine ", "keiner "].iter().any(|own| plain.starts_with(own))
            && READY.iter().any(|word| clause.contains(word));
        let honest = HONEST.iter().any(|words| plain.starts_with(words));
        let first = FIRST.iter().any(|word| starts_with_word(plain, word));
        if none || !honest && first || DENIED.iter().any(|words| plain.contains(words)) {
            let outright = !begun && first && !says_more(said);
            return Some(No { sentence, outright });
        }
        begun = true;
    }
    None
}

/// A sentence of `text` with the one that follows it.
fn with_next<'a>(text: &'a str, sentence: &'a str) -> &'a str {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ';' | '\n' | '。');
    let Some((_, rest)) = text.split_once(sentence) else { return sentence };
    let next = rest.trim_start_matches(|c| ends(c) || c == ' ');
    let end = text.len() - next.len() + next.find(ends).unwrap_or(next.len());
    let start = text.find(sentence).unwrap_or(0);
    text.get(start..end).unwrap_or(sentence)
}

/// Whether an answer that begins with a No says why it may be one, or who it is instead: then it is for
/// a person to read, as in `None, because the job has no users` and `Nobody but Ana Silva`.
fn says_more(text: &str) -> bool {
    const WHY: [&str; 44] = [
        "because",
        "since",
        "as there",
        "as the",
        "as it",
        "as we",
        "so",
        "but",
        "except",
        "other than",
        "apart from",
        "instead",
        "only",
        "not needed",
        "not required",
        "not applicable",
        "no users",
        "n/a",
        "weil",
        "da der",
        "da die",
        "da das",
        "da es",
        "da wir",
        "denn",
        "sondern",
        "außer",
        "nur",
        "stattdessen",
        "nicht nötig",
        "nicht erforderlich",
        "entfällt",
        "porque",
        "ya que",
        "sino",
        "salvo",
        "excepto",
        "no aplica",
        "parce que",
        "car",
        "mais",
        "sauf",
        "puisque",
        "sans objet",
    ];
    let lower = text.to_lowercase();
    let apart = |c: char| !(c.is_alphanumeric() || "/'".contains(c));
    let words: Vec<&str> = lower.split(apart).filter(|word| !word.is_empty()).collect();
    let plain = format!(" {} ", words.join(" "));
    let why = WHY.iter().any(|own| plain.contains(&format!(" {own} ")));
    // What follows a colon explains: `Nein, es gibt keinen: der Dienst hat keine Nutzer.` But not `No: nobody`.
    let explains = text.split_once(':').is_some_and(|(before, after)| {
        let many = |text: &str, least| text.split_whitespace().count() >= least;
        many(before, 3) && many(after, 3)
    });
    why || explains || names_somebody(text)
}

/// Whether two words with capitals stand together behind the first word, as first and last name do.
fn names_somebody(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &str| {
        let mut characters = word.chars();
        characters.next().is_some_and(char::is_uppercase) && characters.any(char::is_lowercase)
    };
    let ends = |word: &str| word.ends_with(['.', ',', ';', ':', '!', '?']);
    let names = |pair: &[&str]| capital(pair[0]) && !ends(pair[0]) && capital(pair[1]);
    words.get(1..).unwrap_or_default().windows(2).any(names)
}

/// Whether `text`, which should say what is done, says that nothing is, in each of its clauses: `Nothing to
/// migrate back; set the tag to v1.3.0` says what is done.
pub(crate) fn is_nothing(text: &str) -> bool {
    const FIRST: [&str; 17] = [
        "nothing",
        "none",
        "n/a",
        "no action",
        "no step",
        "nobody",
        "not applicable",
        "do nothing",
        "deploy nothing",
        "nichts",
        "gar nichts",
        "niemand",
        "rien",
        "nada",
        "ничего",
        "なし",
        "何もしない",
    ];
    const ANYWHERE: [&str; 10] = [
        "no way back",
        "cannot be rolled back",
        "can't be rolled back",
        "cannot be taken back",
        "not possible",
        "impossible",
        "no procedure",
        "keinen weg zurück",
        "no hay vuelta",
        "戻す方法はない",
    ];
    let lower = text.trim().to_lowercase();
    let mut clauses = lower
        .split([';', ',', ':', '.', '—', '–', '。', '、'])
        .map(str::trim)
        .filter(|clause| clause.chars().any(char::is_alphabetic));
    clauses.all(|clause| {
        FIRST.iter().any(|word| starts_with_word(clause, word))
            || ANYWHERE.iter().any(|words| clause.contains(words))
    })
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
mod tests;
