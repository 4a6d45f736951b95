//! Evaluates the phase's predicates, each demand into what was expected and what was found.

use super::missing_keys::mend_at;
use super::values::{each_at, last, miscounted, show, some_of, sum_at};
use crate::decisions::{fold, is_mononym, not_a_person};
use crate::definition::{EvidenceDef, Operand, Predicate, PredicateOp};
use crate::model::{Finding, Location, Mark, Piece, Rule, Span, State};
use crate::project::Project;
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
    /// How much there is of what is bounded from above.
    too_much: Option<f64>,
    /// What the number counts, where the evidence lists it.
    counted: Option<Value>,
    /// What was expected and what was found, where these are values.
    differs: Option<(String, String)>,
}

impl Failure {
    /// Names the policy key that decided, where the operand is one.
    fn by(&mut self, operand: &Operand) -> &mut Self {
        self.policy = operand.policy_pointer().map(str::to_owned);
        self
    }

    fn differs(&mut self, expected: impl ToString, found: impl ToString) -> &mut Self {
        self.differs = Some((expected.to_string(), found.to_string()));
        self
    }
}

const AT_MOST: &str = "at most";

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
        if let Some((expected, found)) = &failure.differs {
            finding = finding.differs(expected, found);
        }
        if let Some(counted) = &failure.counted {
            finding = finding.counts(counted);
        } else if let (Some(value), Mark::Pointer(pointer)) =
            (failure.too_much, &failure.location.mark)
        {
            finding = finding.measured(pointer.as_str(), value);
        }
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

/// Every predicate of the phase that does not hold on a file that could be read.
pub(crate) fn all_failures(project: &Project) -> Vec<(Piece, Failure)> {
    let mut out = Vec::new();
    for evidence in project.all_evidence() {
        if let Some(value) = evidence.value() {
            let found = evaluate(evidence.def, value, project);
            out.extend(found.into_iter().map(|failure| (evidence.piece(), failure)));
        }
    }
    out
}

/// What would not hold on these members of evidence, in words; what is not among them is not said.
pub fn unmet(def: &EvidenceDef, value: &Value, project: &Project) -> Vec<String> {
    let failures = evaluate(def, value, project).into_iter();
    failures.filter(|failure| !failure.absent).map(|failure| failure.message).collect()
}

/// What of `def` does not hold on `value`.
fn evaluate(def: &EvidenceDef, value: &Value, project: &Project) -> Vec<Failure> {
    let mut run = Run { path: &def.path, policy: &project.effective().values, out: Vec::new() };
    for predicate in &def.require {
        run.predicate(predicate, value, "");
    }
    for (at, found) in def.people_at.iter().flat_map(|pattern| each_at(value, pattern)) {
        run.person(found, &at);
    }
    run.out
}

struct Run<'a> {
    path: &'a str,
    policy: &'a Value,
    out: Vec<Failure>,
}

impl Run<'_> {
    fn fail(&mut self, demand: Demand, at: &str, message: String) -> &mut Failure {
        self.out.push_mut(Failure {
            demand,
            location: Location::pointer(self.path, at),
            message,
            policy: None,
            absent: false,
            too_much: None,
            counted: None,
            differs: None,
        })
    }

    fn predicate(&mut self, predicate: &Predicate, item: &Value, base: &str) {
        let at = format!("{base}{}", predicate.at);
        let Some(found) = item.pointer(&predicate.at) else {
            let message = format!("`{}` is missing", at.trim_start_matches('/'));
            self.fail(Demand::Requirement, &at, message).absent = true;
            return;
        };
        let before = self.out.len();
        self.operation(predicate, (item, found), &at);
        let counted = predicate.counted.as_ref().and_then(|own| item.pointer(own));
        let Some(counted) = counted.and_then(Value::as_array) else { return };
        for failure in &mut self.out[before..] {
            failure.counted = Some(Value::Array(counted.clone()));
            failure.message.push_str(&some_of(counted));
        }
        if let Some(message) = miscounted(found, counted, last(&at)) {
            self.fail(Demand::Arithmetic, &at, message).differs(counted.len(), show(found));
        }
    }

    fn operation(&mut self, predicate: &Predicate, (item, found): (&Value, &Value), at: &str) {
        match &predicate.op {
            PredicateOp::Equals(wanted) => self.equals(found, wanted, at),
            PredicateOp::OneOf(wanted) => self.one_of(found, wanted, at),
            PredicateOp::AtLeast(bound) => self.bound(found, bound, at, "at least", |a, b| a >= b),
            PredicateOp::AtMost(bound) => self.bound(found, bound, at, AT_MOST, |a, b| a <= b),
            PredicateOp::SumOf(parts) => self.sum(found, parts, item, at),
            PredicateOp::CountOf(list, filter) => {
                self.count(found, list, filter.as_deref(), item, at);
            }
            PredicateOp::SameAs(other) => self.same_as(found, other, item, at),
            PredicateOp::Person => self.person(found, at),
            // What asks for the members of a list asks for a list.
            PredicateOp::Covers(..)
            | PredicateOp::Only(..)
            | PredicateOp::Every(_)
            | PredicateOp::Unique(_)
            | PredicateOp::People(_)
            | PredicateOp::FilledOr(_)
                if !found.is_array() =>
            {
                let message = format!("`{}` is {}, the gate wants a list", last(at), show(found));
                self.fail(Demand::Requirement, at, message).differs("a list", show(found));
            }
            PredicateOp::Covers(set, by) => self.covers(found, set, by.as_deref(), at),
            PredicateOp::Only(set, by) => self.only(found, set, by.as_deref(), at),
            PredicateOp::Every(inner) => self.every(found, inner, at),
            PredicateOp::Unique(by) => self.unique(found, by, at, Value::to_string),
            PredicateOp::People(by) => self.people(found, by, at),
            PredicateOp::FilledOr(by) => self.filled_or(found, item.pointer(by), by, at),
        }
    }

    fn equals(&mut self, found: &Value, wanted: &Operand, at: &str) {
        let value = wanted.resolve(self.policy);
        if found != value {
            let (found, value) = (show(found), show(value));
            let message = format!("`{}` is {found}, the gate wants {value}", last(at));
            self.fail(Demand::Requirement, at, message).by(wanted).differs(value, found);
        }
    }

    fn one_of(&mut self, found: &Value, wanted: &[Value], at: &str) {
        if !wanted.contains(found) {
            let list = wanted.iter().map(show).collect::<Vec<_>>().join(" or ");
            let message = format!("`{}` is {}, wanted: {list}", last(at), show(found));
            self.fail(Demand::Requirement, at, message).differs(list, show(found));
        }
    }

    fn same_as(&mut self, found: &Value, other: &str, item: &Value, at: &str) {
        let value = item.pointer(other).unwrap_or(&Value::Null);
        if found != value {
            let (found, value) = (show(found), show(value));
            let message = format!("`{}` is {found}, but `{}` is {value}", last(at), last(other));
            self.fail(Demand::Requirement, at, message).differs(value, found);
        }
    }

    fn every(&mut self, found: &Value, inner: &Predicate, at: &str) {
        for (index, member) in found.as_array().into_iter().flatten().enumerate() {
            let before = self.out.len();
            self.predicate(inner, member, &format!("{at}/{index}"));
            let name = ["id", "name"].iter().find_map(|key| member.get(key)?.as_str());
            for failure in self.out[before..].iter_mut().filter(|_| name.is_some()) {
                failure.message = format!("{}: {}", name.unwrap_or_default(), failure.message);
            }
        }
    }

    fn person(&mut self, found: &Value, at: &str) {
        let text = found.as_str().unwrap_or_default();
        // A placeholder is one fault, and has a rule of its own.
        let filled = !crate::markdown::placeholder::is_left(text);
        // Whom the policy lists by one word has one name.
        let persons = self.policy.pointer("/approval/persons").and_then(Value::as_array);
        let listed = persons.into_iter().flatten().any(|own| own["name"] == *found);
        let named = listed && is_mononym(text);
        if let Some(why) = not_a_person(text).filter(|_| filled && !named) {
            let message = format!("`{}` is {}: {why}", last(at), show(found));
            self.fail(Demand::Person, at, message).differs("a full name", show(found));
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
        // A span bounds a number of seconds.
        let span = || Some(Span::parse(limit.as_str()?).ok()?.seconds() as f64);
        let held = match (found.as_f64(), limit.as_f64().or_else(span)) {
            (Some(found), Some(limit)) => holds(found, limit),
            _ => false,
        };
        if !held {
            let expected = format!("{words} {}", show(limit));
            let message = format!("`{}` is {}, the gate wants {expected}", last(at), show(found));
            let failure = self.fail(Demand::Requirement, at, message);
            failure.by(bound).differs(expected, show(found));
            failure.too_much = found.as_f64().filter(|_| words == AT_MOST);
        }
    }

    fn sum(&mut self, found: &Value, parts: &[String], item: &Value, at: &str) {
        let sum: f64 = parts.iter().map(|part| sum_at(item, part)).sum();
        if found.as_f64() != Some(sum) {
            let parts: Vec<&str> = parts.iter().map(|part| part.trim_start_matches('/')).collect();
            let parts = parts.join(" + ");
            let message = format!("`{}` is {}, but {parts} add up to {sum}", last(at), show(found));
            self.fail(Demand::Arithmetic, at, message).differs(sum, show(found));
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
        let counts = |member: &&Value| {
            filter.is_none_or(|filter| {
                let mut probe = Run { path: "", policy: self.policy, out: Vec::new() };
                probe.predicate(filter, member, "");
                probe.out.is_empty()
            })
        };
        let members = item.pointer(list).and_then(Value::as_array);
        let count = members.into_iter().flatten().filter(counts).count();
        if found.as_u64() != u64::try_from(count).ok() {
            let list = list.trim_start_matches('/');
            let message =
                format!("`{}` is {}, but {count} of `{list}` count", last(at), show(found));
            self.fail(Demand::Arithmetic, at, message).differs(count, show(found));
        }
    }

    fn covers(&mut self, found: &Value, set: &Operand, by: Option<&str>, at: &str) {
        let members = found.as_array().map(Vec::as_slice).unwrap_or_default();
        for wanted in set.resolve(self.policy).as_array().into_iter().flatten() {
            let is_wanted =
                |member: &Value| by.map_or(Some(member), |by| member.pointer(by)) == Some(wanted);
            if !members.iter().any(is_wanted) {
                let message = format!("`{}` has nothing for {}", last(at), show(wanted));
                self.fail(Demand::Member, at, message).by(set);
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
                self.fail(Demand::Stranger, &place, message).by(set);
            }
        }
    }

    fn filled_or(&mut self, found: &Value, person: Option<&Value>, by: &str, at: &str) {
        if found.as_array().is_some_and(|members| !members.is_empty()) {
            return;
        }
        match person {
            Some(person) => self.person(person, by),
            None => {
                let message = format!(
                    "`{}` is empty, and `{}` names nobody who found none",
                    last(at),
                    last(by)
                );
                self.fail(Demand::Member, at, message);
            }
        }
    }

    fn people(&mut self, found: &Value, by: &str, at: &str) {
        for (index, member) in found.as_array().into_iter().flatten().enumerate() {
            let name = member.pointer(by).unwrap_or(&Value::Null);
            self.person(name, &format!("{at}/{index}{by}"));
        }
        self.unique(found, by, at, |name| fold(name.as_str().unwrap_or_default()));
    }

    fn unique(&mut self, found: &Value, by: &str, at: &str, known_by: impl Fn(&Value) -> String) {
        let mut seen = BTreeSet::new();
        for (index, member) in found.as_array().into_iter().flatten().enumerate() {
            let Some(key) = member.pointer(by) else { continue };
            if !seen.insert(known_by(key)) {
                let message = format!("{} stands twice in `{}`", show(key), last(at));
                self.fail(Demand::Twice, &format!("{at}/{index}{by}"), message);
            }
        }
    }
}
