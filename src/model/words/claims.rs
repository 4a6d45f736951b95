//! What a sentence counts: `14 looked at, 3 hold`, `12 of 14 passed`, `2 failed`.
//!
//! Only what says of itself that a part did not pass is told; what a sentence leaves out, or makes
//! conditional, is for people to read.

/// A sentence that says that only a part passed, or that something failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim<'a> {
    /// The sentence.
    pub sentence: &'a str,
    /// What it says, as the end of a sentence: `3 of 14 hold`.
    pub says: String,
}

/// What is said of what ended well.
const HELD: [&str; 22] = [
    "pass",
    "passes",
    "passed",
    "passing",
    "hold",
    "holds",
    "held",
    "met",
    "accepted",
    "succeed",
    "succeeds",
    "succeeded",
    "successful",
    "green",
    "approved",
    "complete",
    "completed",
    "verified",
    "healthy",
    "ok",
    "done",
    "fulfilled",
];

/// What is said of what did not.
const FAILED: [&str; 10] = [
    "fail", "fails", "failed", "failing", "failure", "failures", "rejected", "unmet", "blocker",
    "blockers",
];

/// What is said of what was looked at.
const LOOKED: [&str; 16] = [
    "looked",
    "checked",
    "tested",
    "examined",
    "run",
    "ran",
    "executed",
    "reviewed",
    "inspected",
    "tried",
    "planned",
    "total",
    "audited",
    "evaluated",
    "verified",
    "assessed",
];

/// What is counted.
const COUNTED: [&str; 22] = [
    "test",
    "tests",
    "case",
    "cases",
    "check",
    "checks",
    "scenario",
    "scenarios",
    "condition",
    "conditions",
    "criterion",
    "criteria",
    "step",
    "steps",
    "suite",
    "suites",
    "item",
    "items",
    "open",
    "points",
    "requirements",
    "controls",
];

/// What takes a claim back: it was so once, it is mended, or it is a condition and no fact.
const EXCUSED: [&str; 18] = [
    "fixed",
    "resolved",
    "closed",
    "mended",
    "repaired",
    "rerun",
    "retried",
    "retry",
    "again",
    "if",
    "when",
    "whenever",
    "unless",
    "would",
    "should",
    "at least",
    "more than",
    "meanwhile",
];

const NUMBERS: [&str; 21] = [
    "none",
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

/// Every sentence of `text` whose own numbers say that something did not pass.
pub fn claims(text: &str) -> Vec<Claim<'_>> {
    sentences(text)
        .filter_map(|sentence| Some(Claim { sentence, says: Sentence::read(sentence)?.says()? }))
        .collect()
}

/// The sentences of a text; a point inside a number or a name ends none, and neither does a semicolon:
/// `two failed at first; both were mended` is one thought.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ".!?".contains(c));
        if rest.is_empty() {
            return None;
        }
        let end = rest.char_indices().find(|(at, c)| {
            let next = rest[at + c.len_utf8()..].chars().next();
            matches!(c, '!' | '?' | '\n') || *c == '.' && next.is_none_or(char::is_whitespace)
        });
        let (sentence, left) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = left;
        Some(sentence.trim())
    })
}

/// A word of a sentence, or a number in it.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Number(u64),
    Percent(u64),
    Word(String),
}

struct Sentence(Vec<Token>);

impl Sentence {
    /// The words of a sentence; `None` where it counts nothing, or takes back what it says.
    fn read(sentence: &str) -> Option<Self> {
        let lower = sentence.to_lowercase();
        let apart = |c: char| !(c.is_alphanumeric() || "%/.".contains(c));
        let parts: Vec<&str> = lower.split(apart).filter(|part| !part.is_empty()).collect();
        let mut tokens = Vec::new();
        for part in &parts {
            match part.split_once('/') {
                Some((one, all)) if *part != "24/7" => match (number(one), number(all)) {
                    // `2026/11` is a date.
                    (Some(one), Some(all)) if one <= all => {
                        tokens.extend([Token::Number(one), word("of"), Token::Number(all)]);
                    }
                    _ => tokens.push(word(part)),
                },
                _ => tokens.push(token(part)),
            }
        }
        let counts = tokens.iter().any(|token| !matches!(token, Token::Word(_)));
        (counts && !takes_back(&parts)).then_some(Self(tokens))
    }

    fn says(&self) -> Option<String> {
        (0..self.0.len()).find_map(|at| match &self.0[at] {
            Token::Number(part) => self
                .of_all(at, *part)
                .or_else(|| self.looked_at(at, *part))
                .or_else(|| self.failed(at, *part)),
            Token::Percent(share) => {
                (*share < 100 && self.holds(at + 1, 5)).then(|| format!("{share}% passed"))
            }
            Token::Word(_) => None,
        })
    }

    /// `12 of 14 passed`, `3 out of the 14 fail`.
    fn of_all(&self, at: usize, part: u64) -> Option<String> {
        let mut next = at + 1;
        while self.is(next, &["of", "out", "the", "all", "from", "our"]) {
            next += 1;
        }
        let Some(Token::Number(all)) = self.0.get(next).filter(|_| next > at + 1) else {
            return None;
        };
        if self.within(next + 1, 4, &FAILED) {
            return (part > 0).then(|| format!("{part} of {all} failed"));
        }
        let holds = self.holds(next + 1, 6) || self.0[..at].iter().any(|own| is(own, &HELD));
        (part != *all && holds).then(|| format!("{part} of {all} passed"))
    }

    /// `14 looked at, 3 hold`.
    fn looked_at(&self, at: usize, all: u64) -> Option<String> {
        if !self.within(at + 1, 4, &LOOKED) {
            return None;
        }
        let after = self.0.iter().enumerate().skip(at + 2);
        let mut parts = after.filter_map(|(place, token)| match token {
            Token::Number(part) if self.holds(place + 1, 3) => Some(*part),
            _ => None,
        });
        let part = parts.next()?;
        (part != all).then(|| format!("{part} of {all} passed"))
    }

    /// `2 failed`, `3 tests failed`, `2 open blockers`; but no `2 failed logins`.
    fn failed(&self, at: usize, count: u64) -> Option<String> {
        let mut next = at + 1;
        while self.is(next, &COUNTED) {
            next += 1;
        }
        let ends = match self.0.get(next + 1) {
            None | Some(Token::Number(_)) => true,
            Some(other) => is(other, &COUNTED) || is(other, &["and", "but", "so", "of", "remain"]),
        };
        (count > 0 && self.is(next, &FAILED) && ends).then(|| format!("{count} failed"))
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.0.get(at).is_some_and(|token| is(token, words))
    }

    /// Whether one of `words` comes within `reach`, with no number before it.
    fn within(&self, from: usize, reach: usize, words: &[&str]) -> bool {
        let next = self.0.iter().skip(from).take(reach);
        let mut words_only = next.take_while(|token| matches!(token, Token::Word(_)));
        words_only.any(|token| is(token, words))
    }

    fn holds(&self, from: usize, reach: usize) -> bool {
        self.within(from, reach, &HELD)
    }
}

fn is(token: &Token, words: &[&str]) -> bool {
    matches!(token, Token::Word(word) if words.contains(&word.as_str()))
}

/// Whether one of the words that take a claim back is among these.
fn takes_back(words: &[&str]) -> bool {
    let pair = |pair: &[&str]| EXCUSED.contains(&pair.join(" ").as_str());
    words.iter().any(|word| EXCUSED.contains(word)) || words.windows(2).any(pair)
}

fn word(text: &str) -> Token {
    Token::Word(text.to_owned())
}

fn token(part: &str) -> Token {
    let part = part.trim_matches('.');
    if let Some(share) = part.strip_suffix('%').and_then(number) {
        return Token::Percent(share);
    }
    number(part).map_or_else(|| word(part), Token::Number)
}

fn number(text: &str) -> Option<u64> {
    let word = || NUMBERS.iter().position(|own| *own == text);
    text.parse().ok().or_else(|| word().and_then(|at| u64::try_from(at).ok()))
}

#[cfg(test)]
mod tests {
    use super::claims;

    #[test]
    fn what_did_not_pass_is_told() {
        for text in [
            "14 looked at, 3 hold",
            "14 conditions were checked, only 3 hold.",
            "Fourteen looked at, three hold",
            "12 of 14 tests passed",
            "12/14 passed",
            "3 out of the 14 conditions are met",
            "None of the 14 conditions holds",
            "We passed 12 of 14",
            "3 of 14 scenarios failed",
            "The suite ran: 12 passed, 2 failed",
            "2 open blockers remain",
            "85% of the tests pass",
            "15 of 14 passed",
            "2 of 3 instances are healthy",
            "12 of 14 scenarios passed, and two defects are accepted until the next release",
        ] {
            assert_eq!(claims(text).len(), 1, "{text}: {:?}", claims(text));
        }
    }

    #[test]
    fn what_passed_or_is_no_claim_is_not() {
        for text in [
            "14 looked at, 14 hold",
            "14 of 14 passed",
            "all three gift card scenarios accepted",
            "41 passed, 0 failed",
            "No blocker is open, and two cosmetic defects are accepted until the next release.",
            "We roll back if 2 of 3 instances fail",
            "Two of 14 failed at first; both were fixed. 14 of 14 passed",
            "2 of 14 failed and passed when run again",
            "Two failed logins lock the account",
            "Both desks are staffed 24/7 and approved",
            "under a tenth of the daily peak",
            "Deploy api as canary at 5, 25 and 100 percent of traffic",
            "error rate under 1%, a p99 latency under 300ms",
            "We watch 2 of the 3 regions",
            "1.5 of 2 GiB are used",
            "The audit of 2026/11 passed",
        ] {
            assert_eq!(claims(text), vec![], "{text}");
        }
    }
}
