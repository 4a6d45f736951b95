//! Advice: what to do next, as data. Reports for people and for programs are made of it; nothing
//! reads it back out of a sentence.

use crate::model::{Location, Stamp};
use std::ops::Range;

/// What kind of thing is to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AdviceKind {
    /// A command is to be run.
    Run,
    /// A file is to be edited.
    Edit,
    /// A person decides, by a command.
    Decide,
    /// A person has to find out or arrange something that no command of ours does.
    Answer,
    /// Nothing can be done yet.
    Wait,
    /// Nothing is left to do.
    Done,
}

impl AdviceKind {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Edit => "edit",
            Self::Decide => "decide",
            Self::Answer => "answer",
            Self::Wait => "wait",
            Self::Done => "done",
        }
    }
}

/// Who is to do it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actor {
    /// Whoever works on the release, a program as well as a person.
    Agent,
    /// A person.
    Person,
    /// A person whose decision counts.
    Approver,
    /// A job that runs by itself.
    Job,
}

impl Actor {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Person => "person",
            Self::Approver => "approver",
            Self::Job => "job",
        }
    }
}

/// Something in a command that whoever runs it has to put in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placeholder {
    /// What stands in the command: a word in capitals.
    pub name: &'static str,
    /// What belongs there.
    pub meaning: &'static str,
}

impl Placeholder {
    const fn new(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning }
    }

    /// Body of a piece of evidence.
    pub const BODY: Self = Self::new("FILE", "a file with the body of the evidence, in JSON");
    /// Any file.
    pub const FILE: Self = Self::new("FILE", "the file that is meant");
    /// A directory.
    pub const DIRECTORY: Self = Self::new("DIR", "the directory that is meant");
    /// Who signs.
    pub const PRINCIPAL: Self = Self::new(
        "PRINCIPAL",
        "who signs, as `approval.persons` lists them, such as a mail address",
    );
    /// Who decides, in a project without signatures.
    pub const FULL_NAME: Self = Self::new("NAME", "the full name of the person who decides");
    /// Why it is done.
    pub const REASON: Self = Self::new("REASON", "why, in one sentence");
    /// Until when it may stand.
    pub const UNTIL: Self =
        Self::new("DATE", "the day until which it may stand, such as 2026-12-01");
    /// Version of a release.
    pub const VERSION: Self = Self::new("VERSION", "the version of the release, such as v1.4.0");
    /// A service.
    pub const SERVICE: Self = Self::new("SERVICE", "the name of a service");
    /// Words of one's own.
    pub const TEXT: Self = Self::new("TEXT", "what to say, in your own words");
    /// A commit.
    pub const COMMIT: Self = Self::new("COMMIT", "the full id of a commit, as the forge shows it");
    /// A rule.
    pub const RULE: Self = Self::new("RULE", "the code of a rule, such as GL313");
    /// A path in the project.
    pub const PATH: Self = Self::new("PATH", "the path of a file in the project");
    /// A decision on a rollback.
    pub const DECISION: Self = Self::new("DECISION", "what is decided: roll-back or continue");
    /// An answer.
    pub const ANSWER: Self = Self::new("ANSWER", "yes, no or clarify");
    /// A name in the project's own terms.
    pub const NAME: Self = Self::new("NAME", "the name that is meant");
}

/// A placeholder in the command of an advice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fill {
    /// Which word of the command it is, counted from 0.
    pub at: usize,
    /// What it is.
    pub placeholder: Placeholder,
}

/// A change of a file that does what an advice says, word by word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replacement {
    /// What goes; an empty range where something is only added.
    pub place: Location,
    /// What then stands there.
    pub text: String,
    /// The bytes of `place`, filled in where the file can be read.
    pub resolved: Option<Range<usize>>,
}

/// One thing to do. What comes after it is asked for again once it is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Advice {
    /// What kind of thing it is.
    pub kind: AdviceKind,
    /// The command, word by word; empty where no command does it.
    pub argv: Vec<String>,
    /// Who is to do it.
    pub actor: Actor,
    /// The file, and the place in it, that are to be edited or looked at.
    pub place: Option<Location>,
    /// The line of `place`, from 1, filled in where the file can be read.
    pub line: Option<usize>,
    /// The edit itself, where that is known word by word.
    pub replacement: Option<Replacement>,
    /// Before this it cannot be done.
    pub not_before: Option<Stamp>,
    /// After this it is too late, or the release waits for it.
    pub due: Option<Stamp>,
    /// What is to be done, where the command alone does not say it; an order, in words.
    pub what: String,
    /// Why it is to be done; empty where a finding says it.
    pub why: String,
    /// The words of `argv` that are to be put in.
    pub fills: Vec<Fill>,
    /// What can be done instead, each by itself.
    pub alternatives: Vec<Self>,
}

impl Advice {
    fn new(kind: AdviceKind, actor: Actor, what: impl Into<String>) -> Self {
        Self {
            kind,
            argv: Vec::new(),
            actor,
            place: None,
            line: None,
            replacement: None,
            not_before: None,
            due: None,
            what: what.into(),
            why: String::new(),
            fills: Vec::new(),
            alternatives: Vec::new(),
        }
    }

    /// Run a command.
    pub fn run<W: Into<String>>(argv: impl IntoIterator<Item = W>) -> Self {
        Self::new(AdviceKind::Run, Actor::Agent, "").words(argv)
    }

    /// Run a command of this program.
    pub fn d3p<W: Into<String>>(arguments: impl IntoIterator<Item = W>) -> Self {
        Self::run(["d3p"]).words(arguments)
    }

    /// Somebody whose decision counts decides, by a command of this program.
    pub fn decide<W: Into<String>>(arguments: impl IntoIterator<Item = W>) -> Self {
        Self::new(AdviceKind::Decide, Actor::Approver, "").words(["d3p"]).words(arguments)
    }

    /// Edit a file.
    pub fn edit(place: Location, what: impl Into<String>) -> Self {
        Self::new(AdviceKind::Edit, Actor::Agent, what).at(place)
    }

    /// A person finds out or arranges something.
    pub fn answer(what: impl Into<String>) -> Self {
        Self::new(AdviceKind::Answer, Actor::Person, what)
    }

    /// A person looks, at a page of this program or at the world, and says so by its command.
    pub fn page<W: Into<String>>(arguments: impl IntoIterator<Item = W>) -> Self {
        Self::new(AdviceKind::Answer, Actor::Person, "").words(["d3p"]).words(arguments)
    }

    /// Wait for something.
    pub fn wait(what: impl Into<String>) -> Self {
        Self::new(AdviceKind::Wait, Actor::Agent, what)
    }

    /// Nothing is left to do.
    pub fn done(what: impl Into<String>) -> Self {
        Self::new(AdviceKind::Done, Actor::Agent, what)
    }

    /// Bring a file back as it was recorded, from wherever a copy of it lies.
    pub fn restore(path: &str) -> Self {
        Self::d3p(["doctor", "--restore"])
            .what("bring back what was recorded")
            .at(Location::file(path))
    }

    /// Ends the last line of a file.
    pub fn end_line(path: &str) -> Self {
        Self::run(["sh", "-c", "echo >> \"$0\"", path])
            .what("end the line")
            .at(Location::file(path))
    }

    /// Adds words to the command.
    #[must_use]
    pub fn words<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.argv.extend(words.into_iter().map(Into::into));
        self
    }

    /// Adds an option whose value is to be put in.
    #[must_use]
    pub fn with(self, option: &str, placeholder: Placeholder) -> Self {
        self.words([option]).fill(placeholder)
    }

    /// Adds a word that is to be put in.
    #[must_use]
    pub fn fill(mut self, placeholder: Placeholder) -> Self {
        self.fills.push(Fill { at: self.argv.len(), placeholder });
        self.words([placeholder.name])
    }

    /// Says what is to be done.
    #[must_use]
    pub fn what(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }

    /// Says in which case, or to what end, before what is said already.
    #[must_use]
    pub fn what_also(mut self, first: &str) -> Self {
        self.what = format!("{first}: {}", self.what);
        self
    }

    /// Says why.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Says who is to do it.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Location) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what the edit is, word by word.
    #[must_use]
    pub fn replacing(mut self, place: Location, text: impl Into<String>) -> Self {
        self.replacement = Some(Replacement { place, text: text.into(), resolved: None });
        self
    }

    /// Says before which moment it cannot be done.
    #[must_use]
    pub fn not_before(mut self, moment: Stamp) -> Self {
        self.not_before = Some(moment);
        self
    }

    /// Says until when it is to be done.
    #[must_use]
    pub fn due(mut self, moment: Stamp) -> Self {
        self.due = Some(moment);
        self
    }

    /// Adds another way, and all that this one has besides.
    #[must_use]
    pub fn or(mut self, mut other: Self) -> Self {
        let more = std::mem::take(&mut other.alternatives);
        self.alternatives.push(other);
        self.alternatives.extend(more);
        self
    }

    /// Names the phase in each command of this program that does not, where another would be meant
    /// without it.
    pub fn name_phase(&mut self, phase: &str) {
        const OPTION: &str = "--phase";
        let is_ours = self.argv.first().is_some_and(|program| program == "d3p")
            && self.argv.get(1).is_some_and(|command| !command.starts_with('-'));
        if is_ours && !self.argv.iter().any(|word| word == OPTION) {
            let words = self.argv.len();
            let at = self.argv.iter().position(|word| word == "--").unwrap_or(words);
            self.argv.splice(at..at, [OPTION.to_owned(), phase.to_owned()]);
            self.fills.iter_mut().filter(|fill| fill.at >= at).for_each(|fill| fill.at += 2);
        }
        self.alternatives.iter_mut().for_each(|other| other.name_phase(phase));
    }

    /// All ways, the first one first.
    pub fn ways(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.alternatives)
    }

    /// Of several ways the first, with the others beside it.
    pub fn any(ways: impl IntoIterator<Item = Self>) -> Option<Self> {
        ways.into_iter().reduce(Self::or)
    }
}
