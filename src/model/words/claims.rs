//! What a sentence counts: `14 looked at, 3 hold`, `12 of 14 passed`, `2 failed`.
//!
//! Only what says of itself that a part did not pass is told; what a sentence leaves out, or makes
//! conditional, is for people to read. Which words say what stands in [`lists`], and what a number is
//! in [`tokens`].

mod lists;
mod tokens;

use lists::{
    ABOUT, ALL, BESIDE, COUNTED, EXCUSED, FAILED, FILLERS, HELD, LOOKED, NEGATIONS, NONE, OF,
};
use tokens::{Token, tokens};

/// A sentence that says that only a part passed, or that something failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim<'a> {
    /// The sentence.
    pub sentence: &'a str,
    /// What it says, as the end of a sentence: `3 of 14 hold`.
    pub says: String,
}

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

struct Sentence(Vec<Token>);

impl Sentence {
    /// The words of a sentence; `None` where it counts nothing, or takes back what it says.
    fn read(sentence: &str) -> Option<Self> {
        let tokens = tokens(sentence);
        let counts = tokens.iter().any(|token| !matches!(token, Token::Word(_) | Token::Break));
        (counts && !takes_back(&tokens)).then_some(Self(tokens))
    }

    fn says(&self) -> Option<String> {
        (0..self.0.len()).find_map(|at| match &self.0[at] {
            // `14` in `0 of 14 failed` is no number of failures.
            Token::Number(all) if self.is_whole(at) => self.looked_at(at, *all),
            Token::Number(part) => {
                let part = if self.is_denied(at) { 0 } else { *part };
                self.of_all(at, part)
                    .or_else(|| self.looked_at(at, part))
                    .or_else(|| self.failed(at, part).then(|| format!("{part} failed")))
            }
            // `step 3 failed` counts nothing, and says it all the same.
            Token::Ordinal(name) => self.failed(at, 1).then(|| format!("{name} failed")),
            Token::Percent(share) => self.share(at, *share),
            Token::Word(_) | Token::Break => None,
        })
    }

    /// `12 of 14 passed`, `3 out of the 14 fail`.
    fn of_all(&self, at: usize, part: u64) -> Option<String> {
        let next = self.after_of(at + 1)?;
        if self.is(next, &["them", "ihnen", "ellos", "ellas", "elles", "eux"]) {
            let failed = part > 0 && self.verdict(next + 1, 4) == Some(false);
            return failed.then(|| format!("{part} failed"));
        }
        let Some(Token::Number(all)) = self.0.get(next) else { return None };
        let before = match at.checked_sub(1).map(|own| &self.0[own]) {
            Some(Token::Break) => at.checked_sub(2).map(|own| &self.0[own]),
            other => other,
        };
        let before = before.is_some_and(|own| is(own, &HELD));
        match self.verdict_of(next + 1, 6, part == 0).or(before.then_some(true))? {
            true => (part != *all).then(|| format!("{part} of {all} passed")),
            false => (part > 0).then(|| format!("{part} of {all} failed")),
        }
    }

    /// The place behind `of`, `out of the`, `von den`.
    fn after_of(&self, at: usize) -> Option<usize> {
        let start = at + usize::from(self.is(at, &["out", "only"]));
        let mut next = start;
        while self.is(next, &OF) || next > start && self.is(next, &FILLERS) {
            next += 1;
        }
        (next > start).then_some(next)
    }

    /// Whether the number at `at` is all of something: `of the 14`.
    fn is_whole(&self, at: usize) -> bool {
        let before = self.0[..at].iter().rev();
        before.skip_while(|own| is(own, &FILLERS)).map(|own| is(own, &OF)).next() == Some(true)
    }

    /// Whether a number is none of them: `not one of the 12`.
    fn is_denied(&self, at: usize) -> bool {
        at > 0 && is(&self.0[at - 1], &["not", "no", "nicht", "ni", "pas"])
    }

    /// `14 looked at, 3 hold`; `of 14 conditions 3 hold`.
    fn looked_at(&self, at: usize, all: u64) -> Option<String> {
        let begins = self.0[..at].iter().all(|own| is(own, &OF) || is(own, &FILLERS));
        if !(self.within(at + 1, 4, &LOOKED) || self.is_whole(at) && begins) {
            return None;
        }
        let after = self.0.iter().enumerate().skip(at + 2);
        let mut parts = after.filter_map(|(place, token)| match token {
            // `on 2 servers`, and `all 3 suites`, is no part of it.
            Token::Number(part)
                if !is(&self.0[place - 1], &ALL)
                    && !is(&self.0[place - 1], &ABOUT)
                    && !self.is_whole(place)
                    && self.after_of(place + 1).is_none()
                    && self.verdict(place + 1, 3) == Some(true) =>
            {
                Some(*part)
            }
            _ => None,
        });
        let part = parts.next()?;
        (part != all).then(|| format!("{part} of {all} passed"))
    }

    /// `2 failed`, `3 tests failed`, `2 open blockers`; but no `2 failed logins`.
    fn failed(&self, at: usize, count: u64) -> bool {
        let mut next = at + 1;
        while self.is(next, &COUNTED) {
            next += 1;
        }
        while self.is(next, &BESIDE) {
            next += 1;
        }
        let ends = match self.0.get(next + 1) {
            None | Some(Token::Number(_) | Token::Break) => true,
            Some(other) => is(other, &COUNTED) || is(other, &["and", "but", "so", "of", "remain"]),
        };
        count > 0 && self.is(next, &FAILED) && ends
    }

    /// `85% of the tests pass`; but no `99% of requests succeed`, which is a measurement.
    fn share(&self, at: usize, share: u64) -> Option<String> {
        let next = self.after_of(at + 1).unwrap_or(at + 1);
        if !self.is(next, &COUNTED) && (next > at + 1 || !self.is(next, &HELD)) {
            return None;
        }
        match self.verdict(next, 4)? {
            true => (share < 100).then(|| format!("{share}% passed")),
            false => (share > 0).then(|| format!("{share}% failed")),
        }
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.0.get(at).is_some_and(|token| is(token, words))
    }

    /// The words within `reach`, up to the end of the clause or to a number.
    fn clause(&self, from: usize, reach: usize) -> impl Iterator<Item = &str> {
        self.0.iter().skip(from).take(reach).map_while(|token| match token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        })
    }

    /// Whether one of `words` comes within `reach`.
    fn within(&self, from: usize, reach: usize, words: &[&str]) -> bool {
        self.clause(from, reach).any(|word| words.contains(&word))
    }

    /// Whether what follows says that it held; a word that denies turns it round.
    fn verdict(&self, from: usize, reach: usize) -> Option<bool> {
        self.verdict_of(from, reach, false)
    }

    /// The same; beside `aucun`, which says `none`, the `ne` turns nothing round.
    fn verdict_of(&self, from: usize, reach: usize, none: bool) -> Option<bool> {
        let mut denied = false;
        for word in self.clause(from, reach) {
            if HELD.contains(&word) {
                return Some(!denied);
            }
            if FAILED.contains(&word) {
                return Some(denied);
            }
            let french = word == "ne" || word.starts_with("n'");
            denied |= match french {
                true => !none,
                false => NEGATIONS.contains(&word) || word.ends_with("n't"),
            };
        }
        None
    }
}

fn is(token: &Token, words: &[&str]) -> bool {
    matches!(token, Token::Word(word) if words.contains(&word.as_str()))
}

/// Whether one of the words that take a claim back is among these.
fn takes_back(tokens: &[Token]) -> bool {
    let word = |token: &Token| match token {
        Token::Word(word) => word.clone(),
        _ => String::new(),
    };
    let words: Vec<String> = tokens.iter().map(word).collect();
    let pair = |pair: &[String]| EXCUSED.contains(&pair.join(" ").as_str());
    words.iter().any(|word| EXCUSED.contains(&word.as_str())) || words.windows(2).any(pair)
}

#[cfg(test)]
mod tests;
