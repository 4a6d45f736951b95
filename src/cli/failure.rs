//! Why a run stopped short.

use crate::cli::args::Format;
use crate::cli::common::Global;
use crate::collect::git::GitError;
use crate::env::{Env, Exit};
use crate::model::{Finding, Position};
use crate::render::clean;
use crate::source::BrokenPolicy;
use crate::text;
use crate::write::WriteError;
use serde_json::json;
use std::io;

/// Why a run stopped short, and the way out.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
    help: Vec<String>,
    /// Places in `d3p.yaml` or a phase definition.
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    rule: &'static str,
    path: String,
    position: Option<Position>,
    line: String,
    message: String,
    help: Option<String>,
}

impl Failure {
    /// The tool could not do what it was asked: exit 2.
    pub(super) fn incomplete(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Incomplete,
            message: message.into(),
            help: Vec::new(),
            places: Vec::new(),
        }
    }

    /// The tool refuses: exit 1.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, ..Self::incomplete(message) }
    }

    /// Adds a way out.
    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds findings that no report can show, since there is no project to report on.
    #[must_use]
    pub(super) fn findings(mut self, findings: &[Finding]) -> Self {
        self.places.extend(findings.iter().map(|finding| Place {
            rule: finding.rule.code,
            path: finding.location.path.clone(),
            position: None,
            line: String::new(),
            message: finding.message.clone(),
            help: finding.help.clone(),
        }));
        self
    }

    /// The exit code that goes with it.
    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    /// Writes it to standard error; in JSON to standard output, where a program looks for it.
    pub(super) fn write(&self, global: &Global, env: &mut Env<'_>) -> io::Result<()> {
        if global.format == Format::Json {
            let places: Vec<_> = self
                .places
                .iter()
                .map(|place| {
                    json!({
                        "rule": place.rule,
                        "path": place.path,
                        "line": place.position.map(|at| at.line),
                        "column": place.position.map(|at| at.column),
                        "message": place.message,
                        "help": place.help,
                    })
                })
                .collect();
            let error = json!({ "error": { "message": self.message, "help": self.help, "places": places } });
            return writeln!(env.out, "{error:#}");
        }
        let word = if self.exit == Exit::Refused { "refused" } else { "error" };
        writeln!(env.err, "{word}: {}", clean(&self.message))?;
        for place in &self.places {
            let at =
                place.position.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
            writeln!(
                env.err,
                "{} {}{at}: {}",
                place.rule,
                clean(&place.path),
                clean(&place.message)
            )?;
            if let Some(position) = place.position {
                writeln!(env.err, "  {:>4} | {}", position.line, clean(&place.line))?;
                writeln!(env.err, "       | {:>width$}", "^", width = position.column)?;
            }
            if let Some(help) = &place.help {
                writeln!(env.err, "  help: {}", clean(help))?;
            }
        }
        for help in &self.help {
            writeln!(env.err, "help: {}", clean(help))?;
        }
        Ok(())
    }
}

impl From<BrokenPolicy> for Failure {
    fn from(broken: BrokenPolicy) -> Self {
        let rule = if broken.definition { "GL002" } else { "GL001" };
        let places = broken
            .faults
            .into_iter()
            .map(|(span, message, help)| {
                let position = span.map(|span| text::position(&broken.text, span.start));
                let line = position
                    .and_then(|at| broken.text.lines().nth(at.line - 1))
                    .unwrap_or_default();
                Place {
                    rule,
                    path: broken.path.clone(),
                    position,
                    line: line.to_owned(),
                    message,
                    help,
                }
            })
            .collect();
        let what = if broken.definition { "the phase definition" } else { "the policy" };
        Self {
            places,
            ..Self::incomplete(format!("{what} {} cannot be used; nothing was judged", broken.path))
                .help(format!("d3p explain {rule}"))
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::incomplete(error.to_string())
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::incomplete(error.message()).help(error.help())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::incomplete(format!("cannot write the report: {error}"))
    }
}
