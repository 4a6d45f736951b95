//! What of a file that is a secret as a whole must not be told: the values in it.

/// Words in a key that make its value a secret, however short.
const NAMED: [&str; 8] = ["pass", "secret", "token", "key", "credential", "auth", "dsn", "private"];

/// Shortest value of such a key.
const SHORTEST_NAMED: usize = 4;

/// Shortest value that is a secret by its look: letters and digits without a blank.
const SHORTEST_MIXED: usize = 12;

/// The values of a secret file in any of the usual forms (`KEY=value`, `key: value`, JSON a member
/// a line, PEM): those that a key names as secret, and those that look like one.
///
/// A word such as `production` or `true` is none of them: it stands everywhere, and what a hook says
/// would become unreadable.
pub fn secrets_in(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim().trim_end_matches(',');
        if line.is_empty() || line.starts_with('#') || line.starts_with("-----") {
            return None;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (key, value) = split(line).unwrap_or(("", line));
        let value = value.trim().trim_matches(['"', '\'']);
        is_secret(&key.to_lowercase(), value).then_some(value)
    })
}

/// A key and its value, where the line has the form of both; padding at the end of Base64 is none.
fn split(line: &str) -> Option<(&str, &str)> {
    let end = line.find(['=', ':'])?;
    if line[end..].chars().all(|c| c == '=') {
        return None;
    }
    let key = line[..end].trim().trim_matches(['"', '\'']);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    (!key.is_empty() && key.chars().all(plain)).then_some((key, &line[end + 1..]))
}

fn is_secret(key: &str, value: &str) -> bool {
    if NAMED.iter().any(|word| key.contains(word)) {
        return value.len() >= SHORTEST_NAMED;
    }
    let has = |kind: fn(&char) -> bool| value.chars().any(|c| kind(&c));
    value.len() >= SHORTEST_MIXED
        && !has(|c| c.is_whitespace())
        && has(char::is_ascii_digit)
        && has(|c| c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::secrets_in;

    #[test]
    fn values_are_found_in_every_usual_form() {
        let text = "# API_KEY=in-a-comment\nexport TOKEN='hunter2'\nENV=production\nPORT=54321\nDB_PASSWORD = \"pä ss\"\n\
                    {\n  \"client_secret\": \"abcd\",\n  \"id\": \"0123456789abcdef\"\n}\n\
                    -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq1234==\n-----END PRIVATE KEY-----\nURL=https://v2.example.com\nPIN_KEY=12\n";
        let found: Vec<_> = secrets_in(text).collect();
        assert_eq!(
            found,
            [
                "hunter2",
                "pä ss",
                "abcd",
                "0123456789abcdef",
                "MIIEvQIBADANBgkq1234==",
                "https://v2.example.com"
            ]
        );
    }
}
