//! `d3p approve sign`: a person decides, with their own key.

use crate::cli::args::{DecisionArg, SignArgs};
use crate::cli::common::{Global, release};
use crate::cli::{Failure, record, signing};
use crate::collect::{self, ApprovalRequest};
use crate::decide::assess;
use crate::derive::approval::read_decision;
use crate::env::{Env, Exit};
use crate::record::{GO, NO_GO};
use crate::rules::{Unsigned, signatures_on, signer};

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
    let hand = signing::hand(&project, &args.identity, args.key.as_deref(), global, env)?;
    let (kind, _) = record::approval_def(&project)?;
    let request = ApprovalRequest {
        by: &hand.person.name,
        identity: Some(&args.identity),
        role: args.role.as_deref().or(hand.person.role.as_deref()),
        decision: if args.decision == DecisionArg::Go { GO } else { NO_GO },
        gate: project.phase.gate_of_evidence(kind).map_or("", |(gate, _)| gate),
        window_overrides: args.override_windows.clone(),
        nonce: env.random_hex(16),
        now,
    };
    let statement = collect::statement(&project, &release, &request);
    let text = statement.to_text();
    let says = format!(
        "{}, who is {}, decides {}:",
        request.by,
        request.role.unwrap_or("nothing else"),
        request.decision
    );
    let signature = signing::sign(&hand, &text, &says, &root, env)?;
    // What would not count is not written.
    let decision = read_decision(0, &text, Some(&signature));
    if let Err(why) = signer(&project, &decision, now, None) {
        let why = match why {
            Unsigned::Missing => "it is not signed".to_owned(),
            Unsigned::Invalid(why) | Unsigned::NotAllowed(why) => why,
        };
        return Err(Failure::refused(format!("this signature would not count: {why}"))
            .help("d3p approve status shows who may sign, and with which keys")
            .help("nothing was written"));
    }
    record::decide(&statement, &signature, global, env)
}
