//! As much of PromQL as is needed to tell what a query reads, and what it does with it: tokens, and the
//! matchers of each selector. Comments and texts are what they are, and no part of a query.

use crate::model::Span;

/// A token of a query.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token {
    /// A name or a word such as `or`.
    Word(String),
    /// A number.
    Number(f64),
    /// A text in quotes, without them.
    Text(String),
    /// What stands between brackets, such as `5m` or `5m:30s`.
    Range(String),
    /// The matchers of a selector.
    Matchers(Vec<Matcher>),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// A label of a selector and what it has to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Matcher {
    /// `=`, `!=`, `=~` or `!~`.
    pub(super) op: &'static str,
    /// The text behind it.
    pub(super) value: String,
}

/// Operators and brackets, the longer ones first.
const SIGNS: [&str; 21] = [
    "==", "!=", "=~", "!~", ">=", "<=", "=", ">", "<", "+", "-", "*", "/", "%", "^", "(", ")", ",",
    "@", "{", "}",
];

/// Words of the language, which name no series.
const WORDS: [&str; 12] = [
    "and",
    "or",
    "unless",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "offset",
    "atan2",
];

/// Words behind which names of labels stand in brackets.
const LABELS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// The tokens of a query; `None` where it is none.
pub(super) fn tokens(query: &str) -> Option<Vec<Token>> {
    let mut rest = query;
    let mut out = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return joined(out) };
        if first == '#' {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if matches!(first, '"' | '\'' | '`') {
            let (text, after) = text(rest, first)?;
            out.push(Token::Text(text));
            rest = after;
        } else if first == '[' {
            let (inside, after) = rest[1..].split_once(']')?;
            out.push(Token::Range(inside.trim().to_owned()));
            rest = after;
        } else if first.is_ascii_digit() || first == '.' {
            let end = number_end(rest);
            // `offset 5m` has a time where a number could stand.
            let number = rest[..end].replace('_', "");
            out.push(match number.parse() {
                Ok(number) => Token::Number(number),
                Err(_) => Token::Word(number),
            });
            rest = &rest[end..];
        } else if first.is_alphabetic() || matches!(first, '_' | ':') {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '.')));
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            out.push(match word.to_lowercase().as_str() {
                "inf" => Token::Number(f64::INFINITY),
                "nan" => Token::Number(f64::NAN),
                _ => Token::Word(word.to_owned()),
            });
            rest = after;
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            out.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        }
    }
}

/// The end of a number or a time at the beginning of `rest`.
fn number_end(rest: &str) -> usize {
    let mut before = ' ';
    let end = rest.find(|c: char| {
        let exponent = matches!(before, 'e' | 'E') && matches!(c, '+' | '-');
        before = c;
        !(c.is_alphanumeric() || matches!(c, '.' | '_') || exponent)
    });
    end.unwrap_or(rest.len())
}

/// A text in quotes and what follows it.
fn text(rest: &str, quote: char) -> Option<(String, &str)> {
    let (mut out, mut escaped) = (String::new(), false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => {
                out.push(c);
                escaped = false;
            }
            '\\' if quote != '`' => escaped = true,
            c if c == quote => return Some((out, &rest[at + 1..])),
            c => out.push(c),
        }
    }
    None
}

/// Makes one token of what stands in braces.
fn joined(tokens: Vec<Token>) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if token != Token::Sign("{") {
            out.push(token);
            continue;
        }
        let mut matchers = Vec::new();
        loop {
            match tokens.next()? {
                Token::Sign("}") => break,
                Token::Sign(",") => {}
                // A label; since version 3 also the name of the series, in quotes.
                Token::Word(_) | Token::Text(_) => match tokens.peek()? {
                    Token::Sign(op @ ("=" | "!=" | "=~" | "!~")) => {
                        let op = *op;
                        tokens.next();
                        let Some(Token::Text(value)) = tokens.next() else { return None };
                        matchers.push(Matcher { op, value });
                    }
                    Token::Sign("," | "}") => {}
                    _ => return None,
                },
                _ => return None,
            }
        }
        out.push(Token::Matchers(matchers));
    }
    Some(out)
}

/// What a query is made of.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Query {
    /// The matchers of each selector.
    pub(super) selectors: Vec<Vec<Matcher>>,
    /// Every function and aggregation, with the number that it begins with.
    pub(super) calls: Vec<(String, Option<f64>)>,
    /// Words that join or change what is read, such as `or`.
    pub(super) words: Vec<String>,
    /// Operators; each with the number beside it, where one stands there.
    pub(super) operators: Vec<(&'static str, Option<f64>)>,
    /// How far it looks back.
    pub(super) ranges: Vec<Span>,
}

/// Reads a query; `None` where it is none.
pub(super) fn read(query: &str) -> Option<Query> {
    let tokens = tokens(query)?;
    let mut out = Query::default();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        match token {
            Token::Word(word) if LABELS.contains(&word.to_lowercase().as_str()) => {
                at = after_labels(&tokens, at);
                continue;
            }
            Token::Word(word) if WORDS.contains(&word.to_lowercase().as_str()) => {
                out.words.push(word.to_lowercase());
                // Behind `offset` stands a time.
                at += usize::from(word.eq_ignore_ascii_case("offset"));
            }
            Token::Word(word) => match next {
                Some(Token::Sign("(")) => {
                    out.calls.push((word.to_lowercase(), first_number(&tokens, at + 2)));
                }
                Some(Token::Word(labels)) if is_grouping(labels) => {
                    let open = after_labels(&tokens, at + 1);
                    out.calls.push((word.to_lowercase(), first_number(&tokens, open + 1)));
                }
                Some(Token::Matchers(own)) => {
                    out.selectors.push(own.clone());
                    at += 1;
                }
                _ => out.selectors.push(Vec::new()),
            },
            Token::Matchers(own) => out.selectors.push(own.clone()),
            Token::Range(range) => {
                out.ranges
                    .extend(range.split(':').next().and_then(|own| Span::parse(own.trim()).ok()));
            }
            Token::Sign("@") => {
                out.words.push("@".to_owned());
                at += 1;
            }
            Token::Sign(sign) if !matches!(*sign, "(" | ")" | "," | "{" | "}") => {
                out.operators.push((sign, beside(&tokens, at)));
            }
            _ => {}
        }
        at += 1;
    }
    Some(out)
}

fn is_grouping(word: &str) -> bool {
    ["by", "without"].contains(&word.to_lowercase().as_str())
}

/// The place behind names of labels in brackets.
fn after_labels(tokens: &[Token], at: usize) -> usize {
    if tokens.get(at + 1) != Some(&Token::Sign("(")) {
        return at + 1;
    }
    let end = tokens.iter().skip(at).position(|token| *token == Token::Sign(")"));
    end.map_or(tokens.len(), |end| at + end + 1)
}

fn first_number(tokens: &[Token], at: usize) -> Option<f64> {
    match tokens.get(at)? {
        Token::Number(number) => Some(*number),
        _ => None,
    }
}

/// The number beside an operator, which is no part of a call: `(0.5) * x` counts like `0.5 * x`.
fn beside(tokens: &[Token], at: usize) -> Option<f64> {
    let bracket = |token: &&Token| matches!(token, Token::Sign("(" | ")" | "-"));
    let after = tokens.iter().skip(at + 1).find(|token| !bracket(token));
    let before = tokens[..at].iter().rev().find(|token| !bracket(token));
    [after, before].into_iter().flatten().find_map(|token| match token {
        Token::Number(number) => Some(*number),
        _ => None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::read;
    use crate::model::Span;

    #[test]
    fn a_query_is_told_from_what_stands_in_it() {
        let own = read(
            r#"sum by (le) (rate(e{path="/a\"b",v!='100 * #'}[1m])) / on (job) sum(rate(r[5m:30s])) # or"#,
        )
        .unwrap();
        assert_eq!(own.selectors.len(), 2);
        assert_eq!(own.selectors[0][0].value, "/a\"b");
        assert_eq!(own.selectors[0][1].op, "!=");
        assert_eq!(own.operators, [("/", None)]);
        assert_eq!(own.ranges, [Span::from_seconds(60), Span::from_seconds(300)]);
        assert!(own.words.is_empty());
        let names: Vec<&str> = own.calls.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["sum", "rate", "sum", "rate"]);
    }

    #[test]
    fn numbers_words_and_times_are_told_apart() {
        let own = read("quantile(0.99, a offset 5m) * 1e3 or b @ 12").unwrap();
        assert_eq!(own.calls, [("quantile".to_owned(), Some(0.99))]);
        assert_eq!(own.words, ["offset", "or", "@"]);
        assert_eq!(own.operators, [("*", Some(1000.0))]);
        assert_eq!(own.selectors.len(), 2);
        for text in ["a{", "a{b=c}", "\"a", "a[5m", "a ~ b", "é{"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
