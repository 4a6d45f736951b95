//! The facts of a project, and everything that removes an obligation.

use crate::definition::{Checkpoint, EvidenceDef, FactCondition, Obligation};
use crate::project::Project;
use crate::record::CheckedChange;
use serde_json::Value;

impl Project {
    /// The facts that the policy gives.
    pub fn facts(&self) -> &Value {
        self.effective().values.get("facts").unwrap_or(&Value::Null)
    }

    /// Why something does not apply: the fact that removes it, and who gave it.
    pub fn removed_by_fact(&self, unless: Option<&FactCondition>) -> Option<String> {
        let condition = unless.filter(|condition| condition.holds(self.facts()))?;
        let by = self.effective().policy.facts.said_by.as_deref().unwrap_or("nobody named");
        Some(format!("{} (said by {by})", condition.told(self.facts())))
    }

    /// Whether evidence is judged only where it is there: no fact demands it.
    pub fn is_optional(&self, def: &EvidenceDef) -> bool {
        let demanded = || def.demanded_when.iter().any(|own| own.holds(self.facts()));
        def.obligation == Obligation::Optional && !demanded()
    }

    /// Whatever a fact removes, in words, in the order of the phase.
    pub fn left_out_by_facts(&self) -> Vec<String> {
        let evidence = self.phase.evidence.iter();
        let evidence = evidence.filter_map(|(kind, def)| {
            let why = self.removed_by_fact(def.unless.as_ref())?;
            Some(format!("{kind} does not apply: {why}"))
        });
        evidence.chain(self.parts_left_out()).collect()
    }

    /// Sections, activities and items of the checklist that a fact removes, in words.
    pub(super) fn parts_left_out(&self) -> Vec<String> {
        let documents = self.phase.documents.iter();
        let sections = documents.flat_map(|(id, def)| {
            def.sections.iter().map(move |own| (format!("{id}/{}", own.id), own.unless.as_ref()))
        });
        let items = self.phase.activities.iter().chain(&self.phase.checklist);
        let items = items.map(|own: &Checkpoint| (own.id.clone(), own.unless.as_ref()));
        let removed = sections.chain(items).filter_map(|(id, unless)| {
            let why = self.removed_by_fact(unless)?;
            Some(format!("{id} does not apply: {why}"))
        });
        removed.collect()
    }

    /// What git was asked about the change: just now, by the first gate, or for a skip.
    pub fn told_change(&self) -> Option<&CheckedChange> {
        let name = self.release()?.name();
        let lines = self.ledger.lines.iter().rev().map(|line| &line.entry);
        let mut told =
            lines.filter(|entry| entry.release == name).filter_map(|own| own.change.as_ref());
        self.asked_change.as_ref().or_else(|| told.next())
    }

    /// Whether the policy removed the obligation to have this evidence, and in whose words.
    pub fn exemption(&self, kind: &str) -> Option<String> {
        let def = self.phase.evidence.get(kind)?;
        if let Some(why) = self.removed_by_fact(def.unless.as_ref()) {
            return Some(format!("{kind} does not apply: {why}"));
        }
        if let Some(why) = self.deferred(kind) {
            return Some(why);
        }
        let rule = def.exempt_unless.as_ref()?;
        let values = &self.effective().values;
        if values.pointer(&rule.policy) == Some(&rule.equals) {
            return None;
        }
        let parent = rule.policy.rsplit_once('/').map_or("", |(parent, _)| parent);
        let text = |key: &str| values.pointer(&format!("{parent}/{key}")).and_then(Value::as_str);
        Some(format!(
            "{kind} is not required: {} (decided by {})",
            text("reason").unwrap_or("no reason given"),
            text("decided_by").unwrap_or("nobody named"),
        ))
    }

    /// Whether a prerequisite is not judged: the policy says so by name, or it is optional, and nobody
    /// handed it over.
    pub fn prerequisite_exemption(&self, id: &str) -> Option<String> {
        let unused = || self.is_unused(id).then(|| format!("{id} was not handed over"));
        self.prerequisite_removed(id).or_else(unused)
    }

    fn is_unused(&self, id: &str) -> bool {
        let optional = self.phase.prerequisites.get(id).is_some_and(|def| def.optional);
        let own = self.effective().policy.prerequisites.get(id);
        let named = own.is_some_and(|own| own.path.is_some());
        let path = self.prerequisite_paths.get(id);
        let there = path.and_then(|path| self.file(path)).is_some_and(|file| !file.is_absent());
        optional && !named && !there
    }

    /// Whether the policy says, by name, that a prerequisite does not apply.
    fn prerequisite_removed(&self, id: &str) -> Option<String> {
        if let Some(why) = self.deferred(id) {
            return Some(why);
        }
        let decision = self.effective().policy.prerequisites.get(id)?.not_applicable.as_ref()?;
        Some(format!(
            "{id} does not apply: {} (decided by {})",
            decision.reason, decision.decided_by
        ))
    }

    /// Whether the policy says, by name, that nothing of a family of signals is watched.
    pub fn family_exemption(&self, id: &str) -> Option<String> {
        let decision = self.effective().policy.health.families.get(id)?.not_applicable.as_ref()?;
        Some(format!(
            "signals of {id} are not watched: {} (decided by {})",
            decision.reason, decision.decided_by
        ))
    }

    /// Everything that removed an obligation, in words, sorted.
    pub fn exemptions(&self) -> Vec<String> {
        let evidence = self.phase.evidence.keys().filter_map(|kind| self.exemption(kind));
        let prerequisites =
            self.phase.prerequisites.keys().filter_map(|id| self.prerequisite_removed(id));
        let families = self.effective().policy.health.families.keys();
        let families = families.filter_map(|id| self.family_exemption(id));
        let mut all: Vec<String> =
            evidence.chain(prerequisites).chain(families).chain(self.parts_left_out()).collect();
        all.extend(self.told_emergency());
        all.sort();
        all
    }
}
