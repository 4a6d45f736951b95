//! Names of persons: whether a text is one, whether two are the same, and whom the policy lists.
//!
//! This cannot prove that a person exists. It refuses what published evidence really holds in such
//! fields: role titles, `Pending`, agents, single words, placeholders; and what looks like the name
//! of somebody else.

use crate::decisions::lookalike::deceives;
use crate::definition::Person;
use crate::project::Project;

/// Words that no name of a person holds: machines, groups, statuses, and what stands for a name that nobody
/// gave, in the languages of the teams we know of. A name that this list has never heard of is still shown
/// to whoever approves.
const NEVER: &[&str] = &[
    "agent",
    "alguien",
    "angabe",
    "anonymous",
    "anybody",
    "anyone",
    "applicable",
    "assistant",
    "aucun",
    "aucune",
    "automated",
    "automation",
    "available",
    "board",
    "bot",
    "chatgpt",
    "codex",
    "copilot",
    "definir",
    "department",
    "determined",
    "dummy",
    "définir",
    "everybody",
    "everyone",
    "firstname",
    "github",
    "gitlab",
    "gpt",
    "jemand",
    "jenkins",
    "keine",
    "lastname",
    "localhost",
    "mustermann",
    "n/a",
    "nachgereicht",
    "nachname",
    "nadie",
    "name",
    "nessuno",
    "niemand",
    "nikt",
    "ninguém",
    "nobody",
    "nombre",
    "none",
    "null",
    "pending",
    "pipeline",
    "placeholder",
    "robot",
    "runner",
    "script",
    "somebody",
    "someone",
    "system",
    "tbd",
    "team",
    "undefined",
    "unknown",
    "vorhanden",
    "vorname",
    "никто",
];

/// Words that may be somebody's name, and are roles or products when nothing else stands beside
/// them.
const ROLES: [&str; 44] = [
    "account",
    "actions",
    "admin",
    "administrator",
    "ai",
    "analyst",
    "approver",
    "call",
    "ci",
    "claude",
    "cto",
    "deploy",
    "deployment",
    "developer",
    "devops",
    "director",
    "engineer",
    "engineering",
    "gemini",
    "job",
    "lead",
    "manager",
    "night",
    "of",
    "officer",
    "on",
    "operations",
    "ops",
    "owner",
    "process",
    "product",
    "pro",
    "qa",
    "release",
    "reviewer",
    "root",
    "service",
    "shift",
    "sre",
    "stakeholder",
    "support",
    "the",
    "user",
    "workflow",
];

/// Why `text` is not a person's full name, or `None` when it may be one.
pub(crate) fn not_a_person(text: &str) -> Option<String> {
    deceives(text).or_else(|| no_name(text).map(str::to_owned))
}

/// The same of somebody in a project: whom its policy lists by one word has one name.
pub(crate) fn nobody_in(project: &Project, text: &str) -> Option<String> {
    let persons = &project.effective().policy.approval.persons;
    let listed =
        persons.iter().any(|person| is_mononym(&person.name) && same_name(&person.name, text));
    not_a_person(text).filter(|_| !listed || deceives(text).is_some())
}

/// Whether a name is one word, as that of many people is.
pub(crate) fn is_mononym(name: &str) -> bool {
    no_name(name) == Some(ONE_WORD) && name.chars().count() > 2
}

const ONE_WORD: &str = "it is one word, not a full name";

/// What two names that a reader takes for one have in common: their words in any order, without titles,
/// generations and accents.
pub(crate) fn skeleton(name: &str) -> Vec<String> {
    const TITLES: [&str; 13] =
        ["dr", "prof", "mr", "mrs", "ms", "ing", "dipl", "jr", "sr", "ii", "iii", "phd", "herr"];
    let plain: String = fold(name).chars().map(without_accent).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric() && c != '\'').map(str::to_owned);
    let mut words: Vec<String> =
        words.filter(|word| !word.is_empty() && !TITLES.contains(&word.as_str())).collect();
    words.sort();
    words
}

/// A Latin letter without its accent.
fn without_accent(c: char) -> char {
    const LETTERS: [(char, &str); 12] = [
        ('a', "àáâãäåāăą"),
        ('c', "çćĉċč"),
        ('e', "èéêëēĕėęě"),
        ('g', "ĝğġģ"),
        ('i', "ìíîïĩīĭįı"),
        ('n', "ñńņň"),
        ('o', "òóôõöøōŏő"),
        ('r', "ŕŗř"),
        ('s', "śŝşšș"),
        ('u', "ùúûüũūŭůűų"),
        ('y', "ýÿŷ"),
        ('z', "źżž"),
    ];
    LETTERS.iter().find(|(_, own)| own.contains(c)).map_or(c, |(plain, _)| *plain)
}

fn no_name(text: &str) -> Option<&'static str> {
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
    let bare: Vec<&str> =
        words.iter().map(|word| word.trim_matches(['.', ',', '(', ')'])).collect();
    let is_role = |word: &&str| ROLES.contains(word) || NEVER.contains(word);
    if bare.iter().any(|word| NEVER.contains(word)) || bare.iter().all(is_role) {
        return Some("it names a role, a status or a machine");
    }
    // Scripts without spaces between names (Chinese, Japanese, Korean, Thai) write one word.
    let spaceless = text.chars().any(|c| ('\u{0E00}'..='\u{0E7F}').contains(&c) || c >= '\u{3040}');
    if words.len() < 2 && !spaceless {
        return Some(ONE_WORD);
    }
    None
}

/// Whether the policy wants signatures.
pub fn signatures_on(project: &Project) -> bool {
    project.effective().policy.signatures != "off"
}

/// The person that a principal of the allowed signers is.
pub fn person_of<'a>(persons: &'a [Person], principal: &str) -> Option<&'a Person> {
    persons.iter().find(|person| person.principals.iter().any(|name| name == principal))
}

/// A name as it is compared: case and the width of gaps make no other person.
pub(crate) fn fold(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether two names are the same but for case and the width of gaps.
pub fn same_name(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// The person whom a text names as the one who judges: `Mei Tanaka judges: orders as on a usual day`,
/// `judged by Mei Tanaka`.
pub(crate) fn who_judges(text: &str) -> Option<&str> {
    const BREAKS: [char; 6] = ['.', ',', ';', ':', '(', ')'];
    let ahead = [" judges", " decides"].iter().find_map(|word| text.split_once(word));
    let name = match ahead {
        Some((before, _)) => before.rsplit(BREAKS).next(),
        None => text.split_once("judged by ").and_then(|(_, after)| after.split(BREAKS).next()),
    };
    name.map(str::trim).filter(|name| not_a_person(name).is_none())
}

#[cfg(test)]
mod tests {
    use super::{is_mononym, not_a_person, skeleton, who_judges};

    #[test]
    fn names_that_readers_take_for_one() {
        for other in ["Silva Ana", "Dr. Ana Silva", "Ana Sílva", "ana  silva", "Ana Silva II"] {
            assert_eq!(skeleton(other), skeleton("Ana Silva"), "{other}");
        }
        for other in ["Ana M. Silva", "Ana Silvaa", "Anna Silva", "Jonas Weber"] {
            assert_ne!(skeleton(other), skeleton("Ana Silva"), "{other}");
        }
        assert!(is_mononym("Suharto") && !is_mononym("Pending") && !is_mononym("Ana Silva"));
    }

    #[test]
    fn who_judges_is_named() {
        assert_eq!(who_judges("Mei Tanaka judges: orders as usual"), Some("Mei Tanaka"));
        assert_eq!(who_judges("No order is lost, judged by Mei Tanaka."), Some("Mei Tanaka"));
        for text in ["the team judges", "somebody decides", "high", "judged by QA Team", ""] {
            assert_eq!(who_judges(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_people_are_accepted() {
        for name in [
            "Ana Silva",
            "J. Weber",
            "Mei-Lin Tanaka",
            "محمد علي",
            "王小明",
            "O'Neil Byrne",
            "Claude Dupont",
            "Elihu Root",
            "Ai Tanaka",
            "Not Vital",
            "No Min-woo",
        ] {
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
            "Nicht Vorhanden",
            "Keine Angabe",
            "Por Definir",
            "Your Name",
            "Max Mustermann",
            "[fill: name]",
            "ana@example.com",
            "QA Team",
            "N/A",
            "GitHub Actions",
            "On Call",
            "Night Shift",
            "Deploy Script",
            "Automated Process",
            "null",
            "CI bot",
            "deploy robot",
        ] {
            assert!(not_a_person(name).is_some(), "{name}");
        }
    }
}
