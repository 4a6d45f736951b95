//! What a sentence is made of: words, ends of clauses, and numbers that count.
//!
//! A number that belongs to a date, a time, a version or a name (`Ticket 4711`, `step 3`) counts
//! nothing.

use super::NONE;
use super::lists::{BEFORE_A_DAY, LABELS, MONTHS};

/// A word of a sentence, or a number in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    Number(u64),
    Percent(u64),
    /// `step 3`: which one of several.
    Ordinal(String),
    Word(String),
    /// Where a clause ends.
    Break,
}

/// The words, numbers and ends of clauses of a sentence.
pub(super) fn tokens(sentence: &str) -> Vec<Token> {
    let lower = sentence.to_lowercase().replace('’', "'");
    let mut out = Vec::new();
    for chunk in lower.split_whitespace() {
        let ends = |c: char| !(c.is_alphanumeric() || "%#'".contains(c));
        let own = chunk.trim_matches(|c| ends(c) || c == '\'');
        let (before, after) = match chunk.find(own) {
            Some(at) if !own.is_empty() => (&chunk[..at], &chunk[at + own.len()..]),
            _ => (chunk, ""),
        };
        if before.contains(breaks) {
            out.push(Token::Break);
        }
        if !own.is_empty() {
            chunk_of(own, &mut out);
        }
        if after.contains(breaks) {
            out.push(Token::Break);
        }
    }
    out
}

fn breaks(c: char) -> bool {
    ",;:()[]|–—-/".contains(c)
}

/// Adds what one chunk between blanks is.
fn chunk_of(own: &str, out: &mut Vec<Token>) {
    let last = match out.last() {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    if MONTHS.contains(&own) {
        // `30 November`, `the 30th of November`.
        if let Some(day @ Token::Number(_)) = out.last_mut() {
            *day = Token::Word("day".to_owned());
        }
        out.push(Token::Word("month".to_owned()));
        return;
    }
    if let Some(share) = own.strip_suffix('%') {
        // `%` alone behind a number: `85 %`.
        if let (true, Some(Token::Number(number))) = (share.is_empty(), out.last().cloned()) {
            out.pop();
            out.push(Token::Percent(number));
            return;
        }
        out.push(number(share).map_or_else(|| word(own), Token::Percent));
        return;
    }
    if let Some((one, all)) = own.split_once('/') {
        let day = own == "24/7" || BEFORE_A_DAY.contains(&last) || LABELS.contains(&last);
        match (number(one), number(all)) {
            // `2026/11` is a date.
            (Some(one), Some(all)) if one <= all && !day => {
                out.extend([Token::Number(one), word("of"), Token::Number(all)]);
            }
            _ => out.push(word(own)),
        }
        return;
    }
    match number(own) {
        Some(_) if LABELS.contains(&last) => {
            let name = format!("{last} {own}");
            out.pop();
            out.push(Token::Ordinal(name));
        }
        // A day behind its month, a year, the time of a day.
        Some(day) if last == "month" && (day <= 31 || is_year(day)) => out.push(word(own)),
        Some(year) if is_year(year) && BEFORE_A_DAY.contains(&last) => out.push(word(own)),
        Some(number) => out.push(Token::Number(number)),
        None if NONE.contains(&own) => out.push(Token::Number(0)),
        None => out.extend(own.split('/').map(word)),
    }
}

fn is_year(number: u64) -> bool {
    (1900..2200).contains(&number)
}

fn word(text: &str) -> Token {
    Token::Word(text.to_owned())
}

/// Numbers in words, from one.
const NUMBERS: [&str; 20] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// A whole number in digits, also such as `1,200`, or as a word.
fn number(text: &str) -> Option<u64> {
    let as_word = || NUMBERS.iter().position(|own| *own == text);
    let groups: Vec<&str> = text.split([',', '.']).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let grouped = (1..=3).contains(&first.len())
        && rest.iter().all(|group| group.len() == 3)
        && groups.iter().all(digits);
    let whole = if grouped && !rest.is_empty() { groups.concat() } else { text.to_owned() };
    if whole.starts_with('+') {
        return None;
    }
    whole.parse().ok().or_else(|| as_word().and_then(|at| u64::try_from(at + 1).ok()))
}
