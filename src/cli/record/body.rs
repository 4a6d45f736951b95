//! Where a body comes from: a file, the prerequisite files themselves, or a person's decision.

use super::Recording;
use super::example::is_example;
use super::keep::Kept;
use crate::cli::Failure;
use crate::cli::args::RecordArgs;
use crate::cli::common::Global;
use crate::collect::{self, header_keys};
use crate::decide::Assessment;
use crate::decisions::how_to_roll_back;
use crate::definition::NativeCheck;
use crate::env::Env;
use crate::model::{Advice, Location};
use crate::record::{FileDigest, Import, LockRehearsal};
use crate::source::{DEFAULT_LIMIT, Loaded, load_given, load_reader};
use crate::text;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// A body and where its facts come from.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) origin: &'static str,
    pub(super) members: Map<String, Value>,
    pub(super) cites: BTreeMap<String, String>,
    pub(super) told: Vec<String>,
    /// The runs that it was made of.
    pub(super) runs: Vec<FileDigest>,
    /// The reports that it was made of.
    pub(super) imports: Vec<Import>,
    /// What is kept of them, in the same order.
    pub(super) kept: Vec<Kept>,
    /// Whether the launch lock can be taken, where that was tried.
    pub(super) rehearsed: Option<LockRehearsal>,
}

/// What `--from` gave, or why it cannot be used.
pub(super) type Given = Result<Map<String, Value>, Failure>;

impl Recording<'_> {
    pub(super) fn body(
        &self,
        args: &RecordArgs,
        given: Option<Given>,
        assessment: &Assessment,
        global: &Global,
        env: &Env<'_>,
    ) -> Result<Body, Failure> {
        if self.def.native.iter().any(|native| matches!(native, NativeCheck::Readiness {})) {
            if args.from.is_some() {
                return Err(Failure::usage(format!(
                    "{} looks at the files itself; it takes no --from",
                    self.kind
                )));
            }
            let (members, cites, told) = collect::checklist(self.project(), (env.now)());
            return Ok(Body { origin: "computed", members, cites, told, ..Body::default() });
        }
        if self.is_approval() {
            return self.typed_decision(args, assessment, env);
        }
        if self.holds_decisions() {
            return Err(Failure::usage(format!("{} is decided, not recorded", self.kind))
                .advise(how_to_roll_back(self.project(), None)));
        }
        let members = given.transpose()?.unwrap_or_default();
        let from = args.from.as_deref().unwrap_or(Path::new("-"));
        if let Some(key) = header_keys().iter().find(|key| members.contains_key(**key)) {
            return Err(Failure::refused(format!(
                "the body carries `{key}`, which d3p writes itself"
            ))
            .advise(Advice::edit(
                Location::file(from.display().to_string()),
                format!("remove `{key}`"),
            )));
        }
        if is_example(&self.project().phase, self.kind, &members) {
            return Err(Failure::refused(format!(
                "that is the example of {}, which tells what never happened",
                self.kind
            ))
            .advise(
                Advice::d3p(["record", self.kind, "--example"])
                    .what("write down what happened here, in the example's form"),
            ));
        }
        self.derived(args, members, global, env)
    }
}

pub(super) fn read_body(from: &Path, global: &Global, env: &mut Env<'_>) -> Given {
    let name = from.display().to_string();
    let loaded = if name == "-" {
        load_reader(&mut *env.stdin, "standard input", DEFAULT_LIMIT)
    } else {
        load_given(&global.directory.join(from), DEFAULT_LIMIT)
    };
    let file = match loaded {
        Loaded::File(file) => file,
        Loaded::Faulty { fault, .. } => {
            return Err(Failure::incomplete(format!("{name}: {}", fault.message)));
        }
    };
    let value = text::json::parse(&file.text).map_err(|faults| {
        let mut failure = Failure::refused(format!("{name} is not usable JSON"));
        for fault in faults {
            let at = fault.span.map(|span| text::position(&file.text, span.start));
            let at = at.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
            failure = failure.note(format!("{name}{at}: {}", fault.message));
        }
        failure
    })?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Failure::refused(format!("{name} must hold one JSON object"))),
    }
}
