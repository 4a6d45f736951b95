//! Whether the phase is gone through, and which of its parts apply: computed from facts, each answer
//! with the fact that decided (OPS-1, OPS-2, OPS-3).

use crate::decide::Assessment;
use crate::decisions::skip_reason;
use crate::definition::{EvidenceDef, FactCondition, ReasonDef, told};
use crate::model::{Piece, State};
use crate::project::Project;
use std::collections::BTreeSet;

/// An answer, and what decided it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Yes, or no.
    pub yes: bool,
    /// The fact, or what is lacking.
    pub why: String,
    /// Where the protocol contradicts itself here, and what was chosen.
    pub note: Option<String>,
}

/// A part of the phase that depends on a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// `activity`, `evidence`, `section` or `checklist item`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The fact.
    pub fact: String,
    /// Whether it applies.
    pub applies: Answer,
}

/// What follows from the facts.
#[derive(Clone, Debug)]
pub struct Applies {
    /// `canExecutePhase`.
    pub can_execute: Answer,
    /// `shouldSkipPhase`.
    pub should_skip: Answer,
    /// `requiresDeployment`.
    pub requires_deployment: Answer,
    /// Each part that a fact could remove.
    pub parts: Vec<Part>,
    /// Facts that something depends on and that are not given.
    pub unanswered: Vec<String>,
}

/// What follows from the facts of `project`, whose pieces were judged.
pub fn applies(project: &Project, assessment: &Assessment) -> Applies {
    let requires_deployment = requires_deployment(project);
    let parts = parts(project);
    let def = &project.phase.applies;
    let reasons = def.skip.iter().chain(&def.spared);
    let asked = reasons.flat_map(|own| own.when.iter().map(|condition| &condition.fact));
    let facts: BTreeSet<&String> =
        asked.chain(&def.change).chain(parts.iter().map(|part| &part.fact)).collect();
    let given = |fact: &&String| project.facts().get(*fact).is_some_and(|own| !own.is_null());
    let unanswered = facts.into_iter().filter(|fact| !given(fact)).cloned().collect();
    Applies {
        can_execute: can_execute(project, assessment, &requires_deployment),
        should_skip: should_skip(project),
        requires_deployment,
        parts,
        unanswered,
    }
}

fn from(own: &ReasonDef, yes: bool, project: &Project) -> Answer {
    let why = format!("{} ({}: {})", own.told(project.facts()), own.name, own.title);
    Answer { yes, why, note: own.note.clone() }
}

fn should_skip(project: &Project) -> Answer {
    match skip_reason(project) {
        Some(own) => from(own, true, project),
        None => Answer {
            yes: false,
            why: "no fact says so; one that is not given removes nothing".to_owned(),
            note: None,
        },
    }
}

fn requires_deployment(project: &Project) -> Answer {
    let (def, facts) = (&project.phase.applies, project.facts());
    if let Some(own) = def.spared.iter().find(|own| own.holds(facts)) {
        return from(own, false, project);
    }
    if let Some(own) = def.deploys.iter().find(|own| own.holds(facts)) {
        return from(own, true, project);
    }
    let fact = def.change.as_deref().unwrap_or("change");
    let given = facts.get(fact).is_some_and(|own| !own.is_null());
    let why = match given {
        true => format!("{}: nothing of that is deployed", told(fact, facts)),
        false => format!("{}, and so nothing says that nothing is deployed", told(fact, facts)),
    };
    Answer { yes: !given, why, note: None }
}

fn can_execute(project: &Project, assessment: &Assessment, deploys: &Answer) -> Answer {
    let lacking = project.phase.applies.context.iter().find_map(|(id, context)| {
        let open = context.prerequisites.iter().find(|own| {
            let state = assessment.states.get(&Piece::Prerequisite((*own).clone()));
            !state.copied().is_some_and(State::satisfies)
        })?;
        let state = assessment.states.get(&Piece::Prerequisite(open.clone()));
        let state = state.map_or("missing", |state| state.word());
        Some(format!("{id}: {} is not shown, {open} is {state}", context.title))
    });
    match (lacking, deploys.yes) {
        (Some(why), _) => Answer { yes: false, why, note: None },
        (None, false) => {
            let why = format!("it requires no deployment: {}", deploys.why);
            Answer { yes: false, why, note: deploys.note.clone() }
        }
        (None, true) => {
            let names: Vec<&str> =
                project.phase.applies.context.keys().map(String::as_str).collect();
            let why = format!("{} are shown, and {}", names.join(", "), deploys.why);
            Answer { yes: true, why, note: None }
        }
    }
}

/// Evidence that a fact demands, or that none does.
fn demanded(kind: &str, def: &EvidenceDef, project: &Project) -> Option<Part> {
    let facts = project.facts();
    let by = def.demanded_when.iter().find(|own| own.holds(facts));
    let condition = by.or(def.demanded_when.first())?;
    let applies = Answer { yes: by.is_some(), why: condition.told(facts), note: None };
    let (title, fact) = (def.title.clone(), condition.fact.clone());
    Some(Part { kind: "evidence", id: kind.to_owned(), title, fact, applies })
}

/// Each part that a fact could remove, in the order of the phase.
fn parts(project: &Project) -> Vec<Part> {
    let phase = &project.phase;
    let part = |kind: &'static str, id: String, title: &str, unless: &Option<FactCondition>| {
        let condition = unless.as_ref()?;
        let removed = condition.holds(project.facts());
        let applies = Answer { yes: !removed, why: condition.told(project.facts()), note: None };
        Some(Part { kind, id, title: title.to_owned(), fact: condition.fact.clone(), applies })
    };
    let activities = phase.activities.iter();
    let activities =
        activities.filter_map(|own| part("activity", own.id.clone(), &own.title, &own.unless));
    let checklist = phase.checklist.iter();
    let checklist =
        checklist.filter_map(|own| part("checklist item", own.id.clone(), &own.title, &own.unless));
    let sections = phase.documents.iter().flat_map(|(id, def)| {
        let own = def.sections.iter();
        own.filter_map(move |own| {
            part("section", format!("{id}/{}", own.id), &own.title, &own.unless)
        })
    });
    let evidence = phase.evidence.iter().filter_map(|(kind, def)| {
        let demanded = || demanded(kind, def, project);
        part("evidence", kind.clone(), &def.title, &def.unless).or_else(demanded)
    });
    activities.chain(sections).chain(evidence).chain(checklist).collect()
}
