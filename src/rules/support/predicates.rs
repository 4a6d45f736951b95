//! Evaluates the phase's predicates, each demand into what was expected and what was found.

use super::advice::record_from;
use super::launch::{Outcome, launches};
use super::missing_keys::mend_at;
use super::values::{last, show, sum_at};
use crate::decisions::{how_to_decide, how_to_roll_back, not_a_person, signatures_on};
use crate::definition::{EvidenceFormat, NativeCheck, Operand, Predicate, PredicateOp};
use crate::derive::workflow;
use crate::model::{Advice, Finding, Location, Piece, Rule, State};
use crate::project::Project;
use crate::project::step_hooks;
use crate::rules::{Context, GL207, GL209, GL210, GL211, GL213};
use serde_json::Value;
use std::collections::BTreeSet;

/// Which family of demands was not met; each is one rule's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Demand {
    /// A total or a copy of another value.
    Arithmetic,
    /// A value or bound.
    Requirement,
    /// A member that must be there.
    Member,
    /// A member that must not be there.
    Stranger,
    /// A member that stands twice.
    Twice,
    /// A person's name.
    Person,
}

/// A predicate that does not hold.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Its family.
    pub(crate) demand: Demand,
    /// Where.
    pub(crate) location: Location,
    /// What is wrong, one sentence.
    pub(crate) message: String,
    /// The policy key that decided, if one did.
    pub(crate) policy: Option<String>,
    /// Whether there is nothing there: then nothing is contradicted.
    pub(crate) absent: bool,
}

/// The rule of each demand, and what a failure makes of the piece.
static RULES: &[(&Rule, Demand, State)] = &[
    (&GL207, Demand::Arithmetic, State::Invalid),
    (&GL209, Demand::Requirement, State::Failed),
    (&GL210, Demand::Member, State::Failed),
    (&GL211, Demand::Stranger, State::Invalid),
    (&GL213, Demand::Person, State::Invalid),
];

/// Adds a finding for each predicate that does not hold.
pub(crate) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (rule, demand, state) in RULES {
        report(context, out, rule, *demand, *state);
    }
}

/// Adds a finding of `rule` for each failure of `demand`.
pub(crate) fn report(
    context: &Context<'_>,
    out: &mut Vec<Finding>,
    rule: &'static Rule,
    demand: Demand,
    state: State,
) {
    let failures = context.failures().iter().filter(|(_, failure)| failure.demand == demand);
    let mut totals: Vec<&Location> = Vec::new();
    for (piece, failure) in failures {
        // A total that contradicts two sums is still one wrong number.
        if failure.demand == Demand::Arithmetic {
            if totals.contains(&&failure.location) {
                continue;
            }
            totals.push(&failure.location);
        }
        let mut finding =
            Finding::new(rule, piece.clone(), failure.location.clone(), failure.message.clone())
                .state(state)
                .advise(mend_at(context.project, piece, &failure.location));
        if let Some(pointer) = &failure.policy {
            finding = finding
                .label(format!("`{}` in d3p.yaml decides this", pointer.trim_start_matches('/')));
        }
        if let Piece::Evidence(kind) = piece
            && let Some(def) = context.project.phase.evidence.get(kind)
        {
            finding = finding.clauses(&def.clauses);
        }
        out.push(finding);
    }
}

/// The command that records a piece again.
pub(crate) fn mend(project: &Project, piece: &Piece) -> Advice {
    if let Piece::Evidence(kind) = piece
        && let Some(hook) = next_hook(project, kind)
    {
        let def = project.phase.evidence.get(kind);
        let launched = || launches(project).iter().any(|own| own.outcome == Outcome::Succeeded);
        // A launch is not done once more for the sake of its report.
        return match def.is_some_and(|def| def.launch) && launched() {
            true => Advice::d3p(["record", kind]),
            false => Advice::d3p(["run", hook]),
        };
    }
    match piece {
        Piece::Evidence(kind) => match project.phase.evidence.get(kind) {
            Some(def)
                if def
                    .native
                    .iter()
                    .any(|native| matches!(native, NativeCheck::WorkflowState {})) =>
            {
                Advice::d3p(["gate", workflow::last_gate(project).unwrap_or_default()])
            }
            Some(def) if def.computed && def.format == EvidenceFormat::Json => {
                Advice::d3p(["record", kind])
            }
            Some(def) if def.computed => Advice::d3p(["report"]),
            Some(def) if def.format == EvidenceFormat::Markdown => {
                Advice::edit(Location::file(&def.path), "")
            }
            Some(def)
                if def
                    .native
                    .iter()
                    .any(|native| matches!(native, NativeCheck::Approval { .. })) =>
            {
                match signatures_on(project) {
                    true => Advice::d3p(["approve", "request", "production"]),
                    false => how_to_decide(project),
                }
            }
            Some(def)
                if def
                    .native
                    .iter()
                    .any(|native| matches!(native, NativeCheck::Rollback { .. })) =>
            {
                how_to_roll_back(project, None)
            }
            _ => record_from(kind),
        },
        Piece::Document(id) => match project.phase.documents.get(id) {
            Some(def) => Advice::edit(Location::file(&def.path), ""),
            None => Advice::d3p(["status", "--next"]),
        },
        Piece::Prerequisite(id) => Advice::d3p(["explain", id]),
        Piece::Gate(id) | Piece::Record(id) => Advice::d3p(["gate", id]),
        Piece::Policy => Advice::edit(Location::file("d3p.yaml"), ""),
        Piece::Ledger | Piece::File(_) => Advice::d3p(["verify"]),
    }
}

/// The hook to run for evidence that hooks produce: the first that has not run, else the first.
pub(super) fn next_hook<'a>(project: &'a Project, kind: &str) -> Option<&'a str> {
    let (step, _) = project.phase.step_producing(kind)?;
    let hooks = step_hooks(project, step);
    let ran = project.runs();
    let open = hooks.iter().find(|(name, _)| !ran.iter().any(|(_, run)| run.hook == **name));
    open.or(hooks.first()).map(|(name, _)| *name)
}

/// Every predicate of the phase that does not hold on a file that could be read.
pub(crate) fn all_failures(project: &Project) -> Vec<(Piece, Failure)> {
    let mut out = Vec::new();
    for evidence in project.all_evidence() {
        if let Some(value) = evidence.value() {
            let found = evaluate(&evidence.def.require, value, &evidence.def.path, project);
            out.extend(found.into_iter().map(|failure| (evidence.piece(), failure)));
        }
    }
    out
}

/// The predicates that do not hold on `value`, read from `path`.
fn evaluate(
    predicates: &[Predicate],
    value: &Value,
    path: &str,
    project: &Project,
) -> Vec<Failure> {
    let mut run = Run { path, policy: &project.effective().values, out: Vec::new() };
    for predicate in predicates {
        run.predicate(predicate, value, "");
    }
    run.out
}

struct Run<'a> {
    path: &'a str,
    policy: &'a Value,
    out: Vec<Failure>,
}

impl Run<'_> {
    fn fail(&mut self, demand: Demand, at: &str, message: String, operand: Option<&Operand>) {
        self.out.push(Failure {
            demand,
            location: Location::pointer(self.path, at),
            message,
            policy: operand.and_then(Operand::policy_pointer).map(str::to_owned),
            absent: false,
        });
    }

    fn predicate(&mut self, predicate: &Predicate, item: &Value, base: &str) {
        let at = format!("{base}{}", predicate.at);
        let name = last(&at);
        let Some(found) = item.pointer(&predicate.at) else {
            let message = format!("`{}` is missing", at.trim_start_matches('/'));
            self.fail(Demand::Requirement, &at, message, None);
            self.out.iter_mut().last().into_iter().for_each(|failure| failure.absent = true);
            return;
        };
        // What asks for the members of a list asks for a list.
        let of_list = matches!(
            predicate.op,
            PredicateOp::Covers(..)
                | PredicateOp::Only(..)
                | PredicateOp::Every(_)
                | PredicateOp::Unique(_)
        );
        if of_list && !found.is_array() {
            let message = format!("`{name}` is {}, the gate wants a list", show(found));
            return self.fail(Demand::Requirement, &at, message, None);
        }
        match &predicate.op {
            PredicateOp::Equals(wanted) => {
                let value = wanted.resolve(self.policy);
                if found != value {
                    let message =
                        format!("`{name}` is {}, the gate wants {}", show(found), show(value));
                    self.fail(Demand::Requirement, &at, message, Some(wanted));
                }
            }
            PredicateOp::OneOf(wanted) => {
                if !wanted.contains(found) {
                    let list: Vec<String> = wanted.iter().map(show).collect();
                    let message =
                        format!("`{name}` is {}, wanted: {}", show(found), list.join(" or "));
                    self.fail(Demand::Requirement, &at, message, None);
                }
            }
            PredicateOp::AtLeast(bound) => self.bound(found, bound, &at, "at least", |a, b| a >= b),
            PredicateOp::AtMost(bound) => self.bound(found, bound, &at, "at most", |a, b| a <= b),
            PredicateOp::SumOf(parts) => self.sum(found, parts, item, &at),
            PredicateOp::CountOf(list, filter) => {
                self.count(found, list, filter.as_deref(), item, &at)
            }
            PredicateOp::SameAs(other) => {
                let value = item.pointer(other).unwrap_or(&Value::Null);
                if found != value {
                    let message = format!(
                        "`{name}` is {}, but `{}` is {}",
                        show(found),
                        last(other),
                        show(value)
                    );
                    self.fail(Demand::Requirement, &at, message, None);
                }
            }
            PredicateOp::Covers(set, by) => self.covers(found, set, by.as_deref(), &at),
            PredicateOp::Only(set, by) => self.only(found, set, by.as_deref(), &at),
            PredicateOp::Every(inner) => {
                for (index, member) in found.as_array().into_iter().flatten().enumerate() {
                    let before = self.out.len();
                    self.predicate(inner, member, &format!("{at}/{index}"));
                    let name = ["id", "name"].iter().find_map(|key| member.get(key)?.as_str());
                    if let Some(name) = name {
                        for failure in &mut self.out[before..] {
                            failure.message = format!("{name}: {}", failure.message);
                        }
                    }
                }
            }
            PredicateOp::Unique(by) => self.unique(found, by, &at),
            PredicateOp::Person => {
                let text = found.as_str().unwrap_or_default();
                // A placeholder is one fault, and has a rule of its own.
                let filled = crate::markdown::placeholder::find(text).is_none();
                if let Some(why) = not_a_person(text).filter(|_| filled) {
                    let message = format!("`{name}` is {}: {why}", show(found));
                    self.fail(Demand::Person, &at, message, None);
                }
            }
        }
    }

    fn bound(
        &mut self,
        found: &Value,
        bound: &Operand,
        at: &str,
        words: &str,
        holds: impl Fn(f64, f64) -> bool,
    ) {
        let limit = bound.resolve(self.policy);
        let held = match (found.as_f64(), limit.as_f64()) {
            (Some(found), Some(limit)) => holds(found, limit),
            _ => false,
        };
        if !held {
            let message = format!(
                "`{}` is {}, the gate wants {words} {}",
                last(at),
                show(found),
                show(limit)
            );
            self.fail(Demand::Requirement, at, message, Some(bound));
        }
    }

    fn sum(&mut self, found: &Value, parts: &[String], item: &Value, at: &str) {
        let sum: f64 = parts.iter().map(|part| sum_at(item, part)).sum();
        if found.as_f64() != Some(sum) {
            let parts: Vec<&str> = parts.iter().map(|part| part.trim_start_matches('/')).collect();
            let message = format!(
                "`{}` is {}, but {} add up to {sum}",
                last(at),
                show(found),
                parts.join(" + ")
            );
            self.fail(Demand::Arithmetic, at, message, None);
        }
    }

    fn count(
        &mut self,
        found: &Value,
        list: &str,
        filter: Option<&Predicate>,
        item: &Value,
        at: &str,
    ) {
        let members = item.pointer(list).and_then(Value::as_array);
        let count = members
            .into_iter()
            .flatten()
            .filter(|member| {
                filter.is_none_or(|filter| {
                    let mut probe = Run { path: "", policy: self.policy, out: Vec::new() };
                    probe.predicate(filter, member, "");
                    probe.out.is_empty()
                })
            })
            .count();
        if found.as_u64() != u64::try_from(count).ok() {
            let message = format!(
                "`{}` is {}, but {} of `{}` count",
                last(at),
                show(found),
                count,
                list.trim_start_matches('/')
            );
            self.fail(Demand::Arithmetic, at, message, None);
        }
    }

    fn covers(&mut self, found: &Value, set: &Operand, by: Option<&str>, at: &str) {
        let members = found.as_array().map(Vec::as_slice).unwrap_or_default();
        for wanted in set.resolve(self.policy).as_array().into_iter().flatten() {
            let is_wanted =
                |member: &Value| by.map_or(Some(member), |by| member.pointer(by)) == Some(wanted);
            if !members.iter().any(is_wanted) {
                let message = format!("`{}` has nothing for {}", last(at), show(wanted));
                self.fail(Demand::Member, at, message, Some(set));
            }
        }
    }

    fn only(&mut self, found: &Value, set: &Operand, by: Option<&str>, at: &str) {
        let known = set.resolve(self.policy).as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, item) in found.as_array().into_iter().flatten().enumerate() {
            let place = format!("{at}/{index}{}", by.unwrap_or_default());
            let Some(member) = by.map_or(Some(item), |by| item.pointer(by)) else { continue };
            if !known.contains(member) {
                let message = format!("{} is not in the policy's `{}`", show(member), last(at));
                self.fail(Demand::Stranger, &place, message, Some(set));
            }
        }
    }

    fn unique(&mut self, found: &Value, by: &str, at: &str) {
        let mut seen = BTreeSet::new();
        for (index, member) in found.as_array().into_iter().flatten().enumerate() {
            let Some(key) = member.pointer(by) else { continue };
            if !seen.insert(key.to_string()) {
                let message = format!("{} stands twice in `{}`", show(key), last(at));
                self.fail(Demand::Twice, &format!("{at}/{index}{by}"), message, None);
            }
        }
    }
}
