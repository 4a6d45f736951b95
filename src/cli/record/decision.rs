//! A person's decision over the digests of what they saw (P11-3.1).

use super::Recording;
use super::body::Body;
use crate::cli::Failure;
use crate::cli::args::{DecisionArg, RecordArgs};
use crate::cli::common::{Global, open_release};
use crate::cli::report::compile_into;
use crate::cli::session::Session;
use crate::cli::signing::plain;
use crate::decide::{Assessment, launched};
use crate::decisions::{
    ApprovalRequest, ApprovalStatement, Decider, GO, NO_GO, approval_body, approval_statement,
    gates_covered, how_to_decide, objectors, requested_body, signatures_on,
};
use crate::definition::{EvidenceDef, NativeCheck, ReportOf};
use crate::derive::report::report_of;
use crate::env::{Env, Exit};
use crate::model::{Advice, Piece, Sha256Digest, Stamp};
use crate::project::Project;
use crate::record::{Decided, LockRehearsal, signed_digest};
use crate::rules::{GL223, GL225, reviews};
use crate::write::ChangeSet;
use serde_json::Value;

/// The evidence that holds the phase's approval.
pub(in crate::cli) fn approval_def(project: &Project) -> Result<(&str, &EvidenceDef), Failure> {
    project.phase.approval().ok_or_else(|| Failure::incomplete("this phase asks for no approval"))
}

/// Whether there is something to put before a person: the gates before are passed, and the documents that
/// the decision covers are complete.
///
/// # Errors
/// A refusal that says what is missing.
pub(in crate::cli) fn may_request(
    project: &Project,
    assessment: &Assessment,
) -> Result<(), Failure> {
    let open = gates_covered(project).into_iter().find(|gate| !assessment.is_passed(gate));
    if let Some(gate) = open {
        return Err(Failure::refused(format!(
            "gate {gate} is not passed: there is nothing to approve yet"
        ))
        .advise(Advice::d3p(["gate", &gate])));
    }
    if let Some(finding) = launched(project) {
        return Err(Failure::refused(format!(
            "there is nothing to approve any more: {}",
            finding.message
        ))
        .advise(finding.mend()));
    }
    let (_, def) = approval_def(project)?;
    let documents = def.native.iter().flat_map(|native| match native {
        NativeCheck::Approval { documents, .. } => documents.as_slice(),
        _ => &[],
    });
    for id in documents {
        let state = assessment.states.get(&Piece::Document(id.clone()));
        if !state.is_some_and(|state| state.satisfies()) {
            let known = project.phase.documents.get(id);
            let path = known.map_or(id.as_str(), |def| def.path.as_str());
            return Err(Failure::refused(format!(
                "{path} is not complete, and the decision covers it"
            ))
            .advise(Advice::d3p(["check", path])));
        }
    }
    Ok(())
}

/// Whether a decision would count: there is something to decide on, and what was compiled for whoever
/// decides says what the evidence says now.
///
/// # Errors
/// A refusal that says what is missing.
pub(in crate::cli) fn may_decide(
    project: &Project,
    assessment: &Assessment,
) -> Result<(), Failure> {
    may_request(project, assessment)?;
    // Where decisions are typed they need no request, which is what compiles them.
    let mut papers = project.all_evidence().filter(|own| own.def.is_read_before());
    let absent = papers.find(|own| signatures_on(project) && own.file.is_absent());
    if let Some(own) = absent {
        let message = format!("{} is not compiled: nobody has read it", own.def.path);
        return Err(Failure::refused(message).advise(Advice::d3p(["approve", "request"])));
    }
    let read_before = |piece: &Piece| {
        let Piece::Evidence(kind) = piece else { return false };
        project.phase.evidence.get(kind).is_some_and(EvidenceDef::is_read_before)
    };
    let other = assessment
        .findings
        .iter()
        .find(|finding| [&GL223, &GL225].contains(&finding.rule) && read_before(&finding.piece));
    other.map_or(Ok(()), |finding| {
        let path = &finding.location.path;
        let message = format!("{path} is not what is decided on any more: {}", finding.message);
        Err(Failure::refused(message).advise(finding.mend()))
    })
}

impl Recording<'_> {
    /// A typed decision, where the policy wants no signatures.
    pub(super) fn typed_decision(
        &self,
        args: &RecordArgs,
        assessment: &Assessment,
        env: &Env<'_>,
    ) -> Result<Body, Failure> {
        if signatures_on(self.project()) {
            return Err(Failure::incomplete(
                "decisions are signed here: d3p.yaml has signatures: on",
            )
            .advise(how_to_decide(self.project())));
        }
        let (Some(by), Some(decision)) = (&args.by, args.decision) else {
            return Err(Failure::usage("a decision needs the person and what they decided")
                .advise(how_to_decide(self.project())));
        };
        plain("--by", by)?;
        // An objection needs nothing to be ready.
        if decision == DecisionArg::Go {
            may_decide(self.project(), assessment)?;
        }
        let gate = self.project().phase.gate_of_evidence(self.kind).map_or("", |(gate, _)| gate);
        let request = ApprovalRequest {
            decider: Decider {
                person: by,
                principal: None,
                role: None,
                nonce: env.random_hex(16),
                now: (env.now)(),
            },
            decision: if decision == DecisionArg::Go { GO } else { NO_GO },
            reason: None,
            gate,
            window_overrides: Vec::new(),
            take_over: Vec::new(),
            without_lock: false,
            reviews: reviews(self.project(), &assessment.findings),
        };
        let statement = approval_statement(self.project(), self.release, &request);
        let members = approval_body(self.project(), &statement, None, (env.now)());
        Ok(Body { origin: "typed", members, ..Body::default() })
    }

    /// Compiles what whoever decides reads once more where it recommends a launch to which somebody
    /// objects from now on.
    pub(super) fn tell_of_objection(
        &self,
        changes: &mut ChangeSet,
        now: Stamp,
    ) -> Result<(), Failure> {
        let (project, of) = (self.project(), ReportOf::Validation);
        let there = report_of(project, of).and_then(|(kind, _)| project.evidence(kind));
        if !self.holds_decisions() || there.is_none_or(|own| own.file.is_absent()) {
            return Ok(());
        }
        let after = self.session.with(changes)?;
        if objectors(&after) != objectors(project) {
            compile_into(changes, &after, self.release, of, now);
        }
        Ok(())
    }
}

/// Records a decision that a person signed. What it announces stands in the log; no command of the
/// policy is started in the name of whoever decides.
///
/// # Errors
/// A refusal when something that it covers changed since it was signed.
pub(in crate::cli) fn decide(
    session: &Session,
    statement: &ApprovalStatement,
    signature: &str,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let project = &session.project;
    let release = open_release(project)?;
    let (kind, def) = approval_def(project)?;
    let recording = Recording { session, release: &release, kind, def };
    let body = |before: &Assessment, env: &mut Env<'_>| {
        if statement.predicate.decision == GO {
            may_decide(project, before)?;
        }
        let members = approval_body(project, statement, Some(signature), (env.now)());
        Ok(Body { origin: "typed", members, ..Body::default() })
    };
    let done = recording.json_of(body, false, global, env)?;
    Ok(done.exit)
}

/// Writes a request beside the decisions that stand; it decides nothing. Whether it was written.
pub(in crate::cli) fn request(
    session: &mut Session,
    (request, rehearsed): (Value, Option<LockRehearsal>),
    global: &Global,
    env: &mut Env<'_>,
) -> Result<bool, Failure> {
    let project = &session.project;
    let release = open_release(project)?;
    let (kind, def) = approval_def(project)?;
    let recording = Recording { session, release: &release, kind, def };
    let body = |before: &Assessment, env: &mut Env<'_>| {
        may_decide(project, before)?;
        let members = requested_body(project, request, (env.now)());
        Ok(Body { origin: "typed", members, rehearsed, ..Body::default() })
    };
    let done = recording.json_of(body, false, global, env)?;
    let written = done.written;
    done.pass_on(session, env)?;
    Ok(written)
}

/// The decision that was added last, as the ledger names it.
pub(super) fn last(text: &str) -> Option<Decided> {
    let value: Value = serde_json::from_str(text).ok()?;
    let last = value.get("decisions")?.as_array()?.last()?;
    let statement = last.get("statement")?.as_str()?;
    let signature = last.get("signature").and_then(Value::as_str);
    let parsed: Value = serde_json::from_str(statement).ok()?;
    let field =
        |key: &str| Some(parsed.pointer(&format!("/predicate/{key}"))?.as_str()?.to_owned());
    Some(Decided {
        decision: field("decision")?,
        person: field("person")?,
        commit: field("commit")?,
        statement: Sha256Digest::of(statement.as_bytes()).to_string(),
        signed: signature.map(|signature| signed_digest(statement, signature).to_string()),
    })
}
