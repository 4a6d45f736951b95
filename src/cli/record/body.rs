//! Where a body comes from: a file, the prerequisite files themselves, or a person's decision.

use super::Recording;
use crate::cli::Failure;
use crate::cli::args::{DecisionArg, RecordArgs};
use crate::cli::common::Global;
use crate::collect::{self, ApprovalRequest, header_keys};
use crate::decide::Assessment;
use crate::definition::NativeCheck;
use crate::env::Env;
use crate::model::Piece;
use crate::record::{FileDigest, Import};
use crate::rules::gates_covered;
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
    /// Their texts, in the same order.
    pub(super) texts: Vec<String>,
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
                return Err(Failure::incomplete(format!(
                    "{} looks at the files itself; it takes no --from",
                    self.kind
                )));
            }
            let (members, cites, told) = collect::checklist(self.project, (env.now)());
            return Ok(Body { origin: "computed", members, cites, told, ..Body::default() });
        }
        if self.is_approval() {
            return self.approval(args, assessment, env);
        }
        let members = given.transpose()?.unwrap_or_default();
        let from = args.from.as_deref().unwrap_or(Path::new("-"));
        if let Some(key) = header_keys().iter().find(|key| members.contains_key(**key)) {
            return Err(Failure::refused(format!(
                "the body carries `{key}`, which d3p writes itself"
            ))
            .help(format!("remove `{key}` from {}", from.display())));
        }
        self.derived(args, members, global, env)
    }

    fn approval(
        &self,
        args: &RecordArgs,
        assessment: &Assessment,
        env: &Env<'_>,
    ) -> Result<Body, Failure> {
        let (Some(by), Some(decision)) = (&args.by, args.decision) else {
            return Err(Failure::incomplete("a decision needs the person and what they decided")
                .help("d3p record production-approval --by \"FULL NAME\" --decision go"));
        };
        let open = gates_covered(self.project).into_iter().find(|gate| {
            !assessment.gates.iter().any(|assessed| assessed.id == *gate && assessed.is_valid())
        });
        if let Some(gate) = open {
            return Err(Failure::refused(format!(
                "gate {gate} is not passed: there is nothing to approve yet"
            ))
            .help(format!("d3p gate {gate}")));
        }
        let documents = self.def.native.iter().flat_map(|native| match native {
            NativeCheck::Approval { documents, .. } => documents.as_slice(),
            _ => &[],
        });
        for id in documents {
            let state = assessment.states.get(&Piece::Document(id.clone()));
            if !state.is_some_and(|state| state.satisfies()) {
                let path = self
                    .project
                    .phase
                    .documents
                    .get(id)
                    .map_or(id.as_str(), |def| def.path.as_str());
                return Err(Failure::refused(format!(
                    "{path} is not complete, and the decision covers it"
                ))
                .help(format!("d3p check {path}")));
            }
        }
        let gate = self.project.phase.gate_of_evidence(self.kind).map_or("", |(gate, _)| gate);
        let request = ApprovalRequest {
            by,
            decision: if decision == DecisionArg::Go { "GO" } else { "NO_GO" },
            gate,
            nonce: env.random_hex(16),
            now: (env.now)(),
        };
        let members = collect::approval(self.project, self.release, &request);
        Ok(Body { origin: "typed", members, ..Body::default() })
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
            failure = failure.help(format!("{name}{at}: {}", fault.message));
        }
        failure
    })?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Failure::refused(format!("{name} must hold one JSON object"))),
    }
}
