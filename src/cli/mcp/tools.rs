//! The tools: each is a command of this program, whose words are made of arguments that are checked.
//!
//! What is a person's has none: approving, confirming, waiving, skipping, ticking, deciding, and what is
//! run in production.

use super::ask::Asking;
use crate::cli::next::in_production;
use crate::definition::EvidenceDef;
use crate::env::Exit;
use crate::model::Reason;
use crate::source::check_path;
use rmcp::model::{
    CallToolRequestParams, CallToolResult, ContentBlock, ErrorData, Tool, ToolAnnotations,
};
use serde_json::{Map, Value, json};

/// The longest argument but a body, in bytes.
const LONGEST: usize = 4096;

/// What an argument is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A word.
    Word,
    /// Paths in the project.
    Paths,
    /// Patterns of paths in the project, each after `NAME=` where it has a name.
    Patterns,
    /// A JSON object, which the command reads from its standard input.
    Body,
    /// Whether an option is given.
    Flag,
}

/// An argument of a tool.
struct Argument {
    name: &'static str,
    kind: Kind,
    /// The option that it is given by; without one it is a word of its own.
    option: Option<&'static str>,
    required: bool,
    says: &'static str,
}

/// What a tool does to the world, as clients are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    /// Looks.
    Looks,
    /// Adds evidence; what lay there is kept.
    Adds,
    /// Runs commands of the project, which may do anything but to production.
    Runs,
}

struct Def {
    name: &'static str,
    title: &'static str,
    /// The command's words before any argument.
    words: &'static [&'static str],
    does: Does,
    says: &'static str,
    arguments: &'static [Argument],
    /// Whether it answers in words; else as data.
    prose: bool,
}

const fn word(name: &'static str, option: Option<&'static str>, says: &'static str) -> Argument {
    Argument { name, kind: Kind::Word, option, required: false, says }
}

const fn required(name: &'static str, says: &'static str) -> Argument {
    Argument { name, kind: Kind::Word, option: None, required: true, says }
}

const fn reports(name: &'static str, option: &'static str, says: &'static str) -> Argument {
    Argument { name, kind: Kind::Patterns, option: Some(option), required: false, says }
}

const fn flag(name: &'static str, option: &'static str, says: &'static str) -> Argument {
    Argument { name, kind: Kind::Flag, option: Some(option), required: false, says }
}

const PATHS: &str = "only these files or directories, from the project's root";
const THROUGH: &str = "a gate, by its id or number: everything that is due up to it";

const TOOLS: &[Def] = &[
    Def {
        name: "status",
        title: "Gates, evidence, checkpoints",
        words: &["status"],
        does: Does::Looks,
        says: "Show gates, evidence and checkpoints; with next, only the one next thing, who does it and why.",
        arguments: &[flag("next", "--next", "only the one next thing to do")],
        prose: false,
    },
    Def {
        name: "next",
        title: "Do the next steps",
        words: &["next", "--no-production"],
        does: Does::Runs,
        says: "Do one step after another, as status names them, until somebody has to write, answer or decide, or something refuses. Nothing is done to production.",
        arguments: &[],
        prose: false,
    },
    Def {
        name: "explain",
        title: "Explain a name",
        words: &["explain"],
        does: Does::Looks,
        says: "Explain a rule (GL301), gate, clause, kind of evidence, prerequisite, document, step or key of d3p.yaml; without a name, list them.",
        arguments: &[word("name", None, "what is to be explained")],
        prose: false,
    },
    Def {
        name: "check",
        title: "Lint documents and evidence",
        words: &["check"],
        does: Does::Looks,
        says: "Find what is wrong with documents and evidence, each with the place and what mends it; or ask whether a step may be taken.",
        arguments: &[
            word("through", Some("--through"), THROUGH),
            word("before", Some("--before"), "a step: whether it may be taken now"),
            Argument {
                name: "paths",
                kind: Kind::Paths,
                option: None,
                required: false,
                says: PATHS,
            },
        ],
        prose: false,
    },
    Def {
        name: "verify",
        title: "Verify the release",
        words: &["verify"],
        does: Does::Looks,
        says: "Recompute everything and compare it with the records.",
        arguments: &[
            word("through", Some("--through"), THROUGH),
            Argument {
                name: "archive",
                kind: Kind::Paths,
                option: None,
                required: false,
                says: "an archived release instead of the open one: its directory or bundle, from the project's root",
            },
        ],
        prose: false,
    },
    Def {
        name: "diff",
        title: "What changed since a gate",
        words: &["diff"],
        does: Does::Looks,
        says: "Show what changed since a gate passed.",
        arguments: &[word("gate", None, "only this gate, by its id or number")],
        prose: false,
    },
    Def {
        name: "record",
        title: "Record evidence",
        words: &["record"],
        does: Does::Adds,
        says: "Record a kind of evidence: what d3p computes by itself, a body of facts that really happened, or reports of tools. With example, only show the form of the body. Decisions and answers of people are not recorded here.",
        arguments: &[
            required("kind", "kind of evidence, as status names it"),
            flag("example", "--example", "show a filled example of the body, and write nothing"),
            Argument {
                name: "body",
                kind: Kind::Body,
                option: Some("--from"),
                required: false,
                says: "the facts, in the form that the example has",
            },
            reports("junit", "--junit", "JUnit XML, [SUITE=]GLOB"),
            reports("sarif", "--sarif", "SARIF of a scanner, GLOB"),
            reports("performance", "--performance", "performance JSON, GLOB"),
            reports("prometheus", "--prometheus", "Prometheus text exposition, GLOB"),
            reports("health", "--health", "health checks, GLOB"),
            reports("promtool", "--promtool", "what promtool test rules says, GLOB"),
            reports(
                "file",
                "--file",
                "files of the release's commit that show a part of it, PART=GLOB",
            ),
        ],
        prose: false,
    },
    Def {
        name: "run",
        title: "Run a hook outside of production",
        words: &["run"],
        does: Does::Runs,
        says: "Run a hook of d3p.yaml in a clean tree of the release's commit, and record what happened. Hooks of steps in production are people's and jobs'.",
        arguments: &[required("hook", "hook of d3p.yaml")],
        prose: false,
    },
    Def {
        name: "prompt",
        title: "The release's instructions",
        words: &["prompt"],
        does: Does::Looks,
        says: "The instructions of an agent, filled from this release.",
        arguments: &[word(
            "step",
            None,
            "a step that is to be taken, with what keeps it from that",
        )],
        prose: true,
    },
];

impl Argument {
    /// What JSON Schema says of it.
    fn schema(&self) -> Value {
        match self.kind {
            Kind::Word => {
                json!({ "type": "string", "minLength": 1, "maxLength": LONGEST, "description": self.says })
            }
            Kind::Paths | Kind::Patterns => json!({
                "type": "array", "description": self.says,
                "items": { "type": "string", "minLength": 1, "maxLength": LONGEST },
            }),
            Kind::Body => json!({ "type": "object", "description": self.says }),
            Kind::Flag => json!({ "type": "boolean", "description": self.says }),
        }
    }

    /// Adds the words of a value.
    fn words(&self, value: &Value, words: &mut Vec<String>) -> Result<(), Reason> {
        let mut add = |text: String| match self.option {
            Some(option) => words.push(format!("{option}={text}")),
            None => words.push(text),
        };
        let expected = |what: &str| Reason::from(format!("{}: expected {what}", self.name));
        match (self.kind, value) {
            (Kind::Word, Value::String(text)) => add(plain(self.name, text)?.to_owned()),
            (Kind::Word, _) => return Err(expected("text")),
            (Kind::Flag, Value::Bool(given)) => {
                words.extend(self.option.filter(|_| *given).map(str::to_owned));
            }
            (Kind::Flag, _) => return Err(expected("true or false")),
            (Kind::Body, Value::Object(_)) => add("-".to_owned()),
            (Kind::Body, _) => return Err(expected("an object")),
            (Kind::Paths | Kind::Patterns, Value::Array(items)) => {
                for item in items {
                    let text = item.as_str().ok_or_else(|| expected("a list of texts"))?;
                    let named = text.split_once('=').filter(|_| self.kind == Kind::Patterns);
                    let path = named.map_or(text, |(_, path)| path);
                    plain(self.name, text)?;
                    check_path(plain(self.name, path)?)
                        .map_err(|fault| format!("{}: {}", self.name, fault.message))?;
                    add(text.to_owned());
                }
            }
            (Kind::Paths | Kind::Patterns, _) => return Err(expected("a list of texts")),
        }
        Ok(())
    }
}

/// A text that is one word of a command, and can be taken for nothing else.
fn plain<'a>(name: &str, text: &'a str) -> Result<&'a str, Reason> {
    let why = match text {
        "" => "is empty",
        text if text.starts_with('-') => "begins with -, as an option would",
        text if text.len() > LONGEST => "is longer than 4096 bytes",
        text if text.contains(char::is_control) => "has control characters",
        _ => return Ok(text),
    };
    Err(format!("{name}: the value {why}").into())
}

impl Def {
    fn tool(&self) -> Tool {
        let properties: Map<String, Value> =
            self.arguments.iter().map(|own| (own.name.to_owned(), own.schema())).collect();
        let required = self.arguments.iter().filter(|own| own.required);
        let required: Vec<&str> = required.map(|own| own.name).collect();
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        schema.insert("required".to_owned(), json!(required));
        schema.insert("additionalProperties".to_owned(), json!(false));
        let looks = self.does == Does::Looks;
        // Who records tells others, where the policy names whom.
        let hints = ToolAnnotations::with_title(self.title)
            .read_only(looks)
            .destructive(self.does == Does::Runs)
            .idempotent(looks)
            .open_world(!looks);
        Tool::new(self.name, self.says, schema).with_title(self.title).with_annotations(hints)
    }

    /// The command's words, and what it reads.
    fn command(&self, given: &Map<String, Value>) -> Result<(Vec<String>, String), Reason> {
        if let Some(other) =
            given.keys().find(|name| self.arguments.iter().all(|own| own.name != *name))
        {
            let known: Vec<&str> = self.arguments.iter().map(|own| own.name).collect();
            let other: String = other.chars().take(40).collect();
            return Err(
                format!("there is no argument {other:?}; there are: {}", known.join(", ")).into()
            );
        }
        let mut words: Vec<String> = self.words.iter().map(|word| (*word).to_owned()).collect();
        let mut body = String::new();
        for argument in self.arguments {
            match given.get(argument.name).filter(|value| !value.is_null()) {
                Some(value) => {
                    argument.words(value, &mut words)?;
                    if argument.kind == Kind::Body {
                        body = value.to_string();
                    }
                }
                None if argument.required => {
                    return Err(format!("{} is missing: {}", argument.name, argument.says).into());
                }
                None => {}
            }
        }
        Ok((words, body))
    }
}

/// Every tool.
pub(super) fn all() -> Vec<Tool> {
    TOOLS.iter().map(Def::tool).collect()
}

/// Calls a tool.
///
/// # Errors
/// When there is no tool of this name.
pub(super) fn call(
    call: &CallToolRequestParams,
    asking: &Asking<'_>,
) -> Result<CallToolResult, ErrorData> {
    let Some(def) = TOOLS.iter().find(|def| def.name == call.name) else {
        let known: Vec<&str> = TOOLS.iter().map(|def| def.name).collect();
        let why = format!("there is no tool of this name; there are: {}", known.join(", "));
        return Err(ErrorData::invalid_params(why, None));
    };
    let given = call.arguments.clone().unwrap_or_default();
    let made = def.command(&given).and_then(|command| {
        may_be_done(&given, asking)?;
        Ok(command)
    });
    let (mut words, body) = match made {
        Ok(made) => made,
        Err(why) => return Ok(CallToolResult::error(vec![ContentBlock::text(why.to_string())])),
    };
    if !def.prose {
        words.insert(0, "--format=json".to_owned());
    }
    let said = asking.run(words.iter().map(String::as_str), &body);
    let mut answer = json!({ "exit": said.exit.code(), "report": said.report() });
    if !said.err.is_empty() {
        answer["errors"] = Value::String(said.err.clone());
    }
    let mut result = CallToolResult::structured(answer);
    result.is_error = Some(said.exit != Exit::Passed);
    Ok(result)
}

/// Whether an agent may ask for it.
fn may_be_done(given: &Map<String, Value>, asking: &Asking<'_>) -> Result<(), Reason> {
    let named = |name: &str| given.get(name).and_then(Value::as_str);
    let project = || asking.open().map_err(|failure| failure.to_string());
    if let Some(kind) = named("kind") {
        let peoples = |def: &EvidenceDef| {
            def.questions || def.native.iter().any(|native| native.holds_decisions())
        };
        if project()?.phase.evidence.get(kind).is_some_and(peoples) {
            return Err(format!("{kind} is what people decide or answer: they do it at a terminal; status says by which command").into());
        }
    }
    if let Some(hook) = named("hook")
        && in_production(&project()?, hook)
    {
        return Err(format!("hook {hook} serves a step in production, which a person or a job begins: d3p run {hook}").into());
    }
    Ok(())
}
