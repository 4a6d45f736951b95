//! The conditions of an analysis, as far as they can be judged without guessing: comparisons of the
//! measured value with numbers, and what joins them.
//!
//! What makes a value of nothing (`default(…)`, `isNaN(…) || …` on no value, `all(…)` of an empty
//! list) is never reached: a measurement without one finite value is decided before. Anything else
//! that an expression may hold is not known here, and so cannot be judged.

/// Whether `condition` holds for one finite value; `None` where it cannot be judged here.
pub(super) fn holds(condition: &str, value: f64) -> Option<bool> {
    let tokens = tokens(condition)?;
    let mut reader = Reader { tokens: &tokens, value };
    let holds = reader.any()?;
    reader.tokens.is_empty().then_some(holds)
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Number(f64),
    Word(String),
    Sign(&'static str),
}

const SIGNS: [&str; 14] =
    ["<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", "-"];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut rest = text.trim_start();
    let mut out = Vec::new();
    while !rest.is_empty() {
        let length = if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            out.push(Token::Sign(sign));
            sign.len()
        } else {
            let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
            let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
            let word = rest.get(..end).filter(|word| !word.is_empty())?;
            let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
            out.push(match number {
                true => Token::Number(word.parse().ok()?),
                false => Token::Word(word.to_owned()),
            });
            end
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(out)
}

struct Reader<'t> {
    tokens: &'t [Token],
    value: f64,
}

impl Reader<'_> {
    fn is_next(&mut self, words: [&str; 2]) -> bool {
        let is = |token: &Token| match token {
            Token::Sign(sign) => words.contains(sign),
            Token::Word(word) => words.contains(&word.as_str()),
            Token::Number(_) => false,
        };
        match self.tokens.split_first() {
            Some((first, rest)) if is(first) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }

    fn any(&mut self) -> Option<bool> {
        let mut holds = self.all()?;
        while self.is_next(["||", "or"]) {
            holds |= self.all()?;
        }
        Some(holds)
    }

    fn all(&mut self) -> Option<bool> {
        let mut holds = self.one()?;
        while self.is_next(["&&", "and"]) {
            holds &= self.one()?;
        }
        Some(holds)
    }

    fn one(&mut self) -> Option<bool> {
        if self.is_next(["!", "not"]) {
            return self.one().map(|holds| !holds);
        }
        if self.is_next(["(", ""]) {
            let holds = self.any()?;
            return self.is_next([")", ""]).then_some(holds);
        }
        if self.is_next(["isNaN", "isInf"]) {
            self.bracketed()?;
            // The value is finite.
            return Some(false);
        }
        let left = self.operand()?;
        let Some((Token::Sign(sign), rest)) = self.tokens.split_first() else { return None };
        self.tokens = rest;
        let right = self.operand()?;
        #[expect(clippy::float_cmp, reason = "the engine compares them so")]
        Some(match *sign {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            "==" => left == right,
            "!=" => left != right,
            _ => return None,
        })
    }

    fn operand(&mut self) -> Option<f64> {
        if self.is_next(["-", ""]) {
            return self.operand().map(|value| -value);
        }
        if self.is_next(["asFloat", "float"]) {
            return self.bracketed();
        }
        if self.is_next(["len", ""]) {
            // One value is there.
            return self.bracketed().map(|_| 1.0);
        }
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        match first {
            Token::Number(number) => Some(*number),
            Token::Word(word) if word == "result" => {
                if self.is_next(["[", ""]) {
                    // Only the first of one value is there.
                    let (Token::Number(0.0), rest) = self.tokens.split_first()? else {
                        return None;
                    };
                    self.tokens = rest;
                    return self.is_next(["]", ""]).then_some(self.value);
                }
                Some(self.value)
            }
            _ => None,
        }
    }

    /// `(operand)`
    fn bracketed(&mut self) -> Option<f64> {
        let value = self.is_next(["(", ""]).then(|| self.operand())??;
        self.is_next([")", ""]).then_some(value)
    }
}
