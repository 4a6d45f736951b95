//! `d3p approve sign`: a person decides, with their own key.

use crate::cli::args::{DecisionArg, SignArgs};
use crate::cli::common::{Global, release};
use crate::cli::signatory::{sign, signatory};
use crate::cli::{Failure, record};
use crate::collect::{self, ApprovalRequest};
use crate::decide::assess;
use crate::env::{Env, Exit};
use crate::record::{GO, NO_GO};
use crate::rules::signatures_on;

pub(super) fn run(args: &SignArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = global.open()?;
    let release = release(&project)?;
    if !signatures_on(&project) {
        return Err(Failure::incomplete(
            "d3p.yaml has signatures: \"off\": decisions are typed here",
        )
        .help("d3p record production-approval --by \"FULL NAME\" --decision go")
        .help("or turn them on before gate 1: signatures: \"on\""));
    }
    let now = (env.now)();
    record::may_decide(&project, &assess(&project, now))?;
    let signatory = signatory(&project, &args.identity, args.key.as_deref(), global, env)?;
    let (kind, _) = record::approval_def(&project)?;
    let request = ApprovalRequest {
        by: &signatory.person.name,
        identity: Some(&args.identity),
        role: args.role.as_deref().or(signatory.person.role.as_deref()),
        decision: if args.decision == DecisionArg::Go { GO } else { NO_GO },
        gate: project.phase.gate_of_evidence(kind).map_or("", |(gate, _)| gate),
        window_overrides: args.override_windows.clone(),
        nonce: env.random_hex(16),
        now,
    };
    let statement = collect::statement(&project, &release, &request);
    let role = request.role.unwrap_or("nothing else");
    let says = format!("{}, who is {role}, decides {}", request.by, request.decision);
    let (signature, _) = sign(&statement, &signatory, &says, &project, &root, now, env)?;
    record::decide(&statement, &signature, global, env)
}
