//! What words that people write amount to: nothing, a pointer to another place, or something.
//!
//! Nobody can tell from here whether a sentence is true. What can be told is that it has no word of
//! its own: `.`, `n/a`, `as usual`, `see the wiki`. A text in another language than English has words
//! that are not known here, and passes.

mod claims;

pub use claims::{Claim, claims};

use std::collections::HashSet;
use std::sync::LazyLock;

/// A list of words: every cell of every document is held against each, in every command.
type Words = LazyLock<HashSet<&'static str>>;

/// Words that carry nothing by themselves.
static EMPTY: Words = LazyLock::new(|| {
    "\
a an the this that these those it its is are was were be been to of in on at by for from with and or \
as if so we our us i my you your they their he she his her all any some every each one ones \
do does did done doing has have had will would can could should shall may might must \
there here then now also just only very really quite well not no none nothing nobody somebody someone \
something somehow somewhere sometime anything anyone anywhere everything everywhere whatever whoever \
whenever wherever thing things stuff etc usual usually usually normal normally standard default always \
needed need needs required requires necessary appropriate applicable possible available relevant \
various misc miscellaneous other others same above below ditto before earlier previously later soon \
asap eventually tbd tba tbc todo wip pending fixme unknown unclear undefined undecided decided decide \
defined define determined announced follow follows filled fill null nil na ok okay okey fine good great \
nice yes yep yeah sure lgtm sgtm shipit ack works work working worked perfect perfectly \
foo bar baz qux asdf qwerty lorem ipsum dolor blah bla test testing dummy sample example placeholder text \
know known what how why who when where which because \
ninguno ninguna ningún nada aplica ninguém aucun aucune rien néant keiner keines nicht zutreffend entfällt \
noch offen unbekannt 特になし 特に なし 無し 該当なし ありません 未定 \
sit amet consectetur adipiscing elit sed eiusmod tempor incididunt ut labore et dolore magna aliqua enim \
minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure \
reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint occaecat cupidatat \
non proident sunt culpa qui officia deserunt mollit anim est laborum \
siehe das der die ein eine und oder nichts keine kein irgendwo irgendwas wie immer ueblich spaeter"
    .split_whitespace()
    .collect()
});

/// Where people say that something stands.
static ELSEWHERE: Words = LazyLock::new(|| {
    "\
wiki wikis confluence notion sharepoint intranet docs doc document documents documentation runbook \
runbooks playbook playbooks readme handbook manual guide page pages link links site website drive \
folder file files ticket tickets jira board chat channel thread mail email repo repository internal \
shared team teams usual place tool system somewhere described documented stated written listed mentioned \
see refer referring reference cf check look read consult according per via"
    .split_whitespace()
    .collect()
});

/// Verbs that point to another place, at the beginning of a text.
const POINTING: [&str; 11] = [
    "see ",
    "siehe ",
    "refer to ",
    "consult ",
    "according to ",
    "as described ",
    "as documented ",
    "as stated ",
    "as written ",
    "as per ",
    "per ",
];

/// What is done with a document that says what is done.
static FOLLOWING: Words = LazyLock::new(|| "follow use run execute".split_whitespace().collect());

/// What a plan is about anyway: beside these words a pointer still says nothing of what is done.
static SUBJECT: Words = LazyLock::new(|| {
    "\
rollback deployment deploy release plan procedure process steps step section chapter instructions \
instruction checklist runbook our the current latest complete full whole usual"
        .split_whitespace()
        .collect()
});

/// Why `text`, in which somebody should have said something, says nothing; `None` when it says
/// something, be it little.
pub fn hollow(text: &str) -> Option<&'static str> {
    let words = words(text);
    if !words.iter().any(|word| says(word)) {
        return Some("it has no word");
    }
    let mut own = words.iter().filter(|word| says(word) && !is_in(word, &EMPTY)).peekable();
    if own.peek().is_none() {
        return Some("it says nothing");
    }
    // `Mail`, `Chat` and `the team channel` are honest answers to how people are reached.
    let leads = words.iter().any(|word| is_in(word, &LEADS));
    let points = leads && !has_address(text) && own.all(|word| is_in(word, &ELSEWHERE));
    points.then_some("it says that it stands elsewhere, and not where")
}

/// What leads away from a text, of the words in [`ELSEWHERE`].
static LEADS: Words = LazyLock::new(|| {
    "\
see siehe refer consult according described documented stated written listed mentioned wiki confluence \
notion sharepoint docs documentation runbook playbook readme handbook manual tool place"
    .split_whitespace()
    .collect()
});

/// Whether `text`, which should say what is done, only says where that stands: `See RB-12, steps 1 to 4`.
pub fn stands_elsewhere(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let points = POINTING.iter().any(|verb| lower.starts_with(verb));
    if !points && !follows_a_document(&lower) {
        return false;
    }
    lower.split_whitespace().all(|token| {
        // A place: an address, a path, the number of a page or of a document.
        let place =
            token.contains(['/', '#', '§', '\\']) || token.chars().any(|c| c.is_ascii_digit());
        let lists = [&EMPTY, &ELSEWHERE, &SUBJECT, &FOLLOWING];
        place || words(token).iter().all(|word| lists.iter().any(|list| is_in(word, list)))
    })
}

/// `Follow the runbook`: what is run is run, and only documents are followed.
fn follows_a_document(text: &str) -> bool {
    let words = words(text);
    let mut rest = words.iter().skip_while(|word| is_in(word, &FOLLOWING)).peekable();
    let follows = words.first().is_some_and(|word| is_in(word, &FOLLOWING));
    while rest.next_if(|word| ["the", "our"].contains(&word.as_str())).is_some() {}
    follows && rest.next().is_some_and(|word| is_in(word, &LEADS) || word == "guide")
}

fn is_in(word: &str, list: &Words) -> bool {
    list.contains(word)
}

/// Whether a character shows nothing though it counts as a letter or stands between letters: fillers of
/// Hangul, the empty pattern of Braille, and what Unicode calls default-ignorable.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// How many letters and digits of a text can be seen.
pub fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric() && !is_invisible(*c)).count()
}

/// The words of a text, in lower case, without what shows nothing.
fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let apart = text.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    apart.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether a word can say anything: more than one character over and over, or a single one.
fn says(word: &str) -> bool {
    let mut characters = word.chars();
    let Some(first) = characters.next() else { return false };
    // Scripts that write a word with one character.
    if first >= '\u{2E80}' {
        return true;
    }
    if word.chars().all(|c| c.is_ascii_digit()) {
        return word.len() > 2;
    }
    characters.any(|c| c != first)
}

/// Whether a text says where something is: an address, a path, a number.
fn has_address(text: &str) -> bool {
    text.split_whitespace().any(|token| {
        let inner = token.trim_matches(|c: char| !c.is_alphanumeric());
        token.contains("://")
            || token.starts_with('#')
            || inner.contains(['/', '@', '#'])
            || inner.chars().any(|c| c.is_ascii_digit())
            || inner.split('.').filter(|part| part.len() > 1).count() > 1
    })
}

#[cfg(test)]
mod tests;
