//! GL302: time-in-future.

use super::Context;
use super::support::advice::{abandon, withdraw};
use super::support::inner_times::inner;
use super::support::mend::mend;
use crate::decisions::withdrawals;
use crate::model::{Advice, Finding, Level, Location, Piece, Stamp, State};
use std::collections::BTreeSet;

rule! {
    /// A time lies in the future of the moment it is judged at.
    ///
    /// ## What it checks
    /// No time in evidence (those of sign-offs and answers as well), in a log's entry or on a prerequisite lies after now, nor after the
    /// decision of the gate that binds it, by more than `skew`: clocks of two machines disagree. A
    /// day has come once it has begun anywhere on earth. The time of a line of the ledger that a person
    /// withdrew is told, and stops nothing.
    ///
    /// ## Why it matters
    /// A stamp in the future never expires: age checks everywhere subtract it and find it fresh.
    ///
    /// ## How to fix
    /// Record it when it has happened. If the clock of the machine was wrong, set it and record
    /// again; what was added to a log or to the ledger has its time withdrawn by who may approve:
    /// `d3p withdraw LINE --as PRINCIPAL --reason WHY`.
    GL302 "time-in-future" Error since "0.1.0" clauses ["X-4", "X-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let now = context.judgement.now;
    let skew = project.effective().policy.skew;
    let lines = lines(context, out);
    for evidence in context.readable() {
        let bound = match project.phase.gate_of_evidence(evidence.kind) {
            Some((gate, _)) if context.is_bound(&evidence, gate) => {
                context.gate_time(gate).min(now)
            }
            _ => now,
        };
        for pointer in ["/started_at", "/finished_at", "/created_at"] {
            let stamp = evidence.text_at(pointer).and_then(|text| Stamp::parse(text).ok());
            if let Some(stamp) = stamp.filter(|stamp| *stamp > bound.plus(skew)) {
                let message = format!("{stamp} lies after the moment of judgement ({bound})");
                out.push(
                    Finding::new(&GL302, evidence.piece(), evidence.at(pointer), message)
                        .clauses(&evidence.def.clauses)
                        .advise(mend(project, &evidence.piece())),
                );
            }
        }
        for time in inner(&evidence)
            .into_iter()
            .filter(|time| time.def.max_age.is_some() && time.begins > bound.plus(skew))
        {
            let message = format!("{} lies after the moment of judgement ({bound})", time.text);
            out.push(
                Finding::new(&GL302, evidence.piece(), evidence.at(&time.pointer), message)
                    .clauses(&evidence.def.clauses)
                    .edit("write when it happened"),
            );
        }
        for entry in evidence.file.entries().iter().filter(|entry| entry.at > now.plus(skew)) {
            // What is said of the line that recorded it is said of it.
            if lines.contains(entry.digest.to_string().as_str()) {
                continue;
            }
            let message = format!("entry of {} lies in the future", entry.at);
            let place = Location::span(&evidence.def.path, entry.range.clone());
            let wait = Advice::wait("what was written so counts from then on");
            out.push(
                Finding::new(&GL302, evidence.piece(), place, message)
                    .advise(wait.not_before(entry.at).or(abandon())),
            );
        }
    }
    prerequisites(context, out);
}

/// Prerequisites that were dated ahead.
fn prerequisites(context: &Context<'_>, out: &mut Vec<Finding>) {
    let (project, now) = (context.project, context.judgement.now);
    let skew = project.effective().policy.skew;
    for id in
        project.phase.prerequisites.keys().filter(|id| project.prerequisite_exemption(id).is_none())
    {
        let Some(status) = context.prerequisite(id, now) else { continue };
        if let Some((pointer, text)) = &status.dated
            && status.is_ahead(now, skew)
        {
            let message = format!("dated {text}, which lies in the future");
            let place = Location::pointer(&status.path, pointer);
            out.push(
                Finding::new(&GL302, Piece::Prerequisite(id.clone()), place, message)
                    .edit("give the day on which it happened"),
            );
        }
    }
}

/// Lines of the ledger that lie in the future: all digests that they name.
fn lines<'a>(context: &'a Context<'_>, out: &mut Vec<Finding>) -> BTreeSet<&'a str> {
    let project = context.project;
    let now = context.judgement.now;
    let ahead = now.plus(project.effective().policy.skew);
    let mut named = BTreeSet::new();
    let mut lines = project.ledger.lines.iter().filter(|line| line.at > ahead).peekable();
    if lines.peek().is_none() {
        return named;
    }
    let withdrawn = withdrawals(project, now);
    for line in lines {
        named.extend(line.entry.named());
        let own = withdrawn.get(&line.digest);
        let place = Location::span(project.places().ledger(), line.range.clone());
        let mut message = format!("the line of {} lies in the future", line.at);
        if let Some(own) = own.filter(|own| own.counts()) {
            let said = own.by.iter().map(|(signer, why)| format!("{}: {why}", signer.person));
            let said: Vec<String> = said.collect();
            let message = format!("{message}, and its time is withdrawn ({})", said.join("; "));
            out.push(
                Finding::new(&GL302, Piece::Ledger, place, message).level(Level::Warning).advise(
                    Advice::wait("from then on it is one like any other").not_before(line.at),
                ),
            );
            continue;
        }
        let lacks = own.map(|own| own.invalid.iter().chain(&own.lacking).cloned().collect());
        let lacks: Vec<String> = lacks.unwrap_or_default();
        if !lacks.is_empty() {
            message = format!(
                "{message}; that its time is withdrawn does not count: {}",
                lacks.join(", ")
            );
        }
        let wait = Advice::wait("set the clock that was ahead; the line counts from then on");
        out.push(
            Finding::new(&GL302, Piece::Ledger, place, message)
                .state(State::Invalid)
                .advise(withdraw(project, line).or(wait.not_before(line.at))),
        );
    }
    named
}
