//! Why a run stopped short: one type, with a code, its causes and the way out.

use crate::collect::git::GitError;
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Location, Position};
use crate::render::Format;
use crate::render::{clean, json, ways};
use crate::source::{BrokenPolicy, LoadError};
use crate::text;
use crate::write::{self, WriteError, WriteErrorKind};
use std::error::Error;
use std::{fmt, io};

/// What kind of failure it is: a stable code for programs. The exit code says how bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// The command line is not one that d3p knows.
    Usage,
    /// Something that was given, or lies there, cannot be used for this.
    Input,
    /// The release is not in a state that allows this: exit 1.
    Refused,
    /// No project is here, or it cannot be opened.
    Project,
    /// `d3p.yaml` or the phase definition cannot be used.
    Policy,
    /// git is not there, or cannot answer.
    Git,
    /// A key or a signature cannot be made or used.
    Key,
    /// A program of the project cannot be run.
    Program,
    /// Another d3p is writing in this project.
    Lock,
    /// A file is not what it was when it was read, or is there already.
    Conflict,
    /// The operating system failed: reading, writing, space, permissions.
    Io,
    /// A mistake in d3p.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: &[Self] = &[
        Self::Usage,
        Self::Input,
        Self::Refused,
        Self::Project,
        Self::Policy,
        Self::Git,
        Self::Key,
        Self::Program,
        Self::Lock,
        Self::Conflict,
        Self::Io,
        Self::Internal,
    ];

    /// The code, as programs read it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Usage => "E-usage",
            Self::Input => "E-input",
            Self::Refused => "E-refused",
            Self::Project => "E-project",
            Self::Policy => "E-policy",
            Self::Git => "E-git",
            Self::Key => "E-key",
            Self::Program => "E-program",
            Self::Lock => "E-lock",
            Self::Conflict => "E-conflict",
            Self::Io => "E-io",
            Self::Internal => "E-internal",
        }
    }

    /// What it means, for the table in the documentation.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Usage => "The command line is not one that d3p knows.",
            Self::Input => "Something that was given, or lies there, cannot be used for this.",
            Self::Refused => "The release is not in a state that allows this; exit code 1.",
            Self::Project => "No project is here, or it cannot be opened.",
            Self::Policy => "`d3p.yaml` or the phase definition cannot be used.",
            Self::Git => "git is not there, or cannot answer.",
            Self::Key => "A key or a signature cannot be made or used.",
            Self::Program => "A program of the project cannot be run.",
            Self::Lock => "Another d3p is writing in this project.",
            Self::Conflict => "A file is not what it was when it was read, or is there already.",
            Self::Io => "The operating system failed: reading, writing, space, permissions.",
            Self::Internal => "A mistake in d3p; please report it.",
        }
    }
}

/// Why a run stopped short, and the way out.
#[derive(Debug)]
pub struct Failure {
    code: Code,
    exit: Exit,
    message: String,
    /// Whether the project is as it was before this command, as far as it says.
    unchanged: bool,
    /// Facts beside it: what was looked at, what was left as it was.
    notes: Vec<String>,
    advice: Vec<Advice>,
    /// Places in the project's files.
    places: Vec<Place>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug)]
struct Place {
    rule: &'static str,
    location: Location,
    position: Option<Position>,
    line: String,
    message: String,
    advice: Option<Advice>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        // By what this command did, and not by where it stopped.
        match write::done().as_slice() {
            _ if !self.unchanged => Ok(()),
            [] => f.write_str("; nothing was changed"),
            done => write!(f, "; what was written before that stays: {}", done.join(", ")),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl Failure {
    /// The tool could not do what it was asked: exit 2.
    pub(super) fn incomplete(message: impl Into<String>) -> Self {
        Self {
            code: Code::Input,
            exit: Exit::Incomplete,
            message: message.into(),
            unchanged: false,
            notes: Vec::new(),
            advice: Vec::new(),
            places: Vec::new(),
            source: None,
        }
    }

    /// The tool refuses: exit 1.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self { code: Code::Refused, exit: Exit::Refused, ..Self::incomplete(message) }
    }

    /// The command line is wrong: exit 2.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::incomplete(message).code(Code::Usage)
    }

    /// Says what kind of failure it is.
    #[must_use]
    pub(super) fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// Adds a way out.
    #[must_use]
    pub(super) fn advise(mut self, advice: Advice) -> Self {
        self.advice.push(advice);
        self
    }

    /// Adds a fact that whoever reads it needs.
    #[must_use]
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what had happened before, which stands.
    #[must_use]
    pub(super) fn although(mut self, told: impl fmt::Display) -> Self {
        self.message = format!("{told}: {}", self.message);
        self.unchanged = false;
        self
    }

    /// Says what caused it.
    #[must_use]
    pub(super) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds findings that no report can show, since there is no project to report on.
    #[must_use]
    pub(super) fn findings(mut self, findings: &[Finding]) -> Self {
        self.places.extend(findings.iter().map(|finding| Place {
            rule: finding.rule.code,
            location: finding.location.clone(),
            position: None,
            line: String::new(),
            message: finding.message.clone(),
            advice: finding.advice.clone(),
        }));
        self
    }

    /// Names the phase in each command of its ways out.
    pub(super) fn name_phase(&mut self, phase: &str) {
        self.advice.iter_mut().for_each(|advice| advice.name_phase(phase));
        let places = self.places.iter_mut().filter_map(|place| place.advice.as_mut());
        places.for_each(|advice| advice.name_phase(phase));
    }

    /// The exit code that goes with it.
    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    /// What caused it, the nearest cause first.
    fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }

    /// Writes it to standard error; in JSON to standard output, where a program looks for it.
    pub(super) fn write(&self, format: Format, env: &mut Env<'_>) -> io::Result<()> {
        if format == Format::Json {
            return env.out.write_all(json::failure(&self.view()).as_bytes());
        }
        let word = if self.exit == Exit::Refused { "refused" } else { "error" };
        writeln!(env.err, "{word}: {}", clean(&self.to_string()))?;
        for cause in self.causes() {
            writeln!(env.err, "cause: {}", clean(&cause))?;
        }
        for place in &self.places {
            place.write(env)?;
        }
        for way in self.advice.iter().flat_map(ways) {
            writeln!(env.err, "help: {}", clean(&way))?;
        }
        for note in &self.notes {
            writeln!(env.err, "note: {}", clean(note))?;
        }
        Ok(())
    }

    /// It, as formats show it.
    pub(super) fn view(&self) -> json::FailureView<'_> {
        json::FailureView {
            code: self.code.word(),
            message: self.to_string(),
            causes: self.causes(),
            notes: &self.notes,
            advice: self.advice.iter().map(json::advice).collect(),
            places: self.places.iter().map(Place::view).collect(),
            ways: self.advice.iter().flat_map(ways).collect(),
        }
    }
}

impl Place {
    fn write(&self, env: &mut Env<'_>) -> io::Result<()> {
        let at = self.position.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        let path = clean(&self.location.path);
        writeln!(env.err, "{} {path}{at}: {}", self.rule, clean(&self.message))?;
        if let Some(position) = self.position {
            writeln!(env.err, "  {:>4} | {}", position.line, clean(&self.line))?;
            writeln!(env.err, "       | {:>width$}", "^", width = position.column)?;
        }
        for way in self.advice.iter().flat_map(ways) {
            writeln!(env.err, "  help: {}", clean(&way))?;
        }
        Ok(())
    }

    fn view(&self) -> json::PlaceView<'_> {
        json::PlaceView {
            rule: self.rule,
            message: &self.message,
            location: json::location(&self.location, self.position.as_ref()),
            advice: self.advice.as_ref().map(json::advice),
            ways: self.advice.iter().flat_map(ways).collect(),
        }
    }
}

impl From<BrokenPolicy> for Failure {
    fn from(broken: BrokenPolicy) -> Self {
        let rule = if broken.definition { "GL002" } else { "GL001" };
        let places = broken
            .faults
            .into_iter()
            .map(|(span, message, help)| {
                let position = span.as_ref().map(|span| text::position(&broken.text, span.start));
                let line = position
                    .and_then(|at| broken.text.lines().nth(at.line - 1))
                    .unwrap_or_default();
                let location = match span {
                    Some(span) => Location::span(&broken.path, span),
                    None => Location::file(&broken.path),
                };
                let advice = help.map(|help| {
                    let edit = Advice::edit(location.clone(), help);
                    Advice { line: position.map(|at| at.line), ..edit }
                });
                Place { rule, location, position, line: line.to_owned(), message, advice }
            })
            .collect();
        let what = if broken.definition { "the phase definition" } else { "the policy" };
        Self {
            places,
            ..Self::incomplete(format!("{what} {} cannot be used; nothing was judged", broken.path))
                .code(Code::Policy)
                .advise(Advice::d3p(["explain", rule]))
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Broken(broken) => broken.into(),
            LoadError::Choice(choice) => {
                let phases = choice.phases().join(", ");
                Self::usage(choice.to_string())
                    .note(format!("phases: {phases}"))
                    .note("say it with --phase ID")
            }
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let code = match error.kind {
            WriteErrorKind::Exists | WriteErrorKind::Changed => Code::Conflict,
            WriteErrorKind::Locked => Code::Lock,
            WriteErrorKind::Plan => Code::Internal,
            WriteErrorKind::Place
            | WriteErrorKind::CutLine
            | WriteErrorKind::Full
            | WriteErrorKind::Denied
            | WriteErrorKind::Io => Code::Io,
        };
        let advice = *error.advice.clone();
        let failure = Self::incomplete(error.to_string()).code(code).advise(advice);
        Self { unchanged: error.changed.is_empty(), ..failure }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::incomplete(error.to_string()).code(Code::Git).advise(error.advice())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::incomplete("cannot write the report").code(Code::Io).because(error)
    }
}

impl From<clap::Error> for Failure {
    /// What clap says, without its own layout: what is wrong, then its tips as notes.
    fn from(error: clap::Error) -> Self {
        let text = error.render().to_string();
        let mut parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
        let message = parts.next().unwrap_or_default();
        let failure = Self::usage(message.strip_prefix("error: ").unwrap_or(message));
        let told = parts.filter(|part| !part.starts_with("For more information"));
        told.fold(failure, |failure, part| failure.note(part.trim_start_matches("tip: ")))
            .advise(Advice::d3p(["--help"]))
    }
}
