//! Words as a shell takes them, for commands that are printed to be run.

/// `word`, quoted where a shell would take it for something else.
pub fn word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn only_what_a_shell_would_split_or_expand_is_quoted() {
        assert_eq!(word("a/b-c_1.json"), "a/b-c_1.json");
        assert_eq!(word("me@example.com"), "me@example.com");
        assert_eq!(word("1-smoke äü.xml"), "'1-smoke äü.xml'");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!(word("$(reboot)"), "'$(reboot)'");
        assert_eq!(word(""), "''");
    }
}
