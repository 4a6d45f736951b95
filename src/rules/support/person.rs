//! Whether a text is the full name of a person.
//!
//! This cannot prove that a person exists. It refuses what published evidence really holds in such
//! fields: role titles, `Pending`, agents, single words, placeholders.

/// Words that make a name a role, a status or a machine.
const NOT_A_NAME: [&str; 44] = [
    "admin",
    "administrator",
    "agent",
    "ai",
    "analyst",
    "approver",
    "assistant",
    "automation",
    "board",
    "bot",
    "chatgpt",
    "ci",
    "claude",
    "copilot",
    "cto",
    "department",
    "developer",
    "devops",
    "director",
    "engineer",
    "engineering",
    "gpt",
    "lead",
    "localhost",
    "manager",
    "n/a",
    "none",
    "officer",
    "operations",
    "ops",
    "owner",
    "pending",
    "product",
    "qa",
    "release",
    "reviewer",
    "root",
    "sre",
    "stakeholder",
    "support",
    "system",
    "tbd",
    "team",
    "unknown",
];

/// Why `text` is not a person's full name, or `None` when it may be one.
pub(crate) fn not_a_person(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Some("it is empty");
    }
    if crate::markdown::placeholder::find(text).is_some() {
        return Some("it is a placeholder");
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 3 || text.chars().any(|c| c.is_ascii_digit() || "@_/\\#<>{}[]".contains(c)) {
        return Some("it is not a name");
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || c == '-').collect();
    if words.iter().any(|word| NOT_A_NAME.contains(&word.trim_matches(['.', ',', '(', ')']))) {
        return Some("it names a role, a status or a machine");
    }
    // Scripts without spaces between names (Chinese, Japanese, Korean, Thai) write one word.
    let spaceless = text.chars().any(|c| ('\u{0E00}'..='\u{0E7F}').contains(&c) || c >= '\u{3040}');
    if words.len() < 2 && !spaceless {
        return Some("it is one word, not a full name");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::not_a_person;

    #[test]
    fn names_of_people_are_accepted() {
        for name in
            ["Ana Silva", "J. Weber", "Mei-Lin Tanaka", "محمد علي", "王小明", "O'Neil Byrne"]
        {
            assert_eq!(not_a_person(name), None, "{name}");
        }
    }

    #[test]
    fn roles_statuses_and_machines_are_refused() {
        for name in [
            "Release Manager",
            "SRE Lead",
            "Pending",
            "Claude AI Agent",
            "localhost",
            "",
            "Ana",
            "TBD",
            "[fill: name]",
            "ana@example.com",
            "QA Team",
            "N/A",
            "null",
            "CI bot",
        ] {
            assert!(not_a_person(name).is_some(), "{name}");
        }
    }
}
