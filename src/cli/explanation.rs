//! What `d3p explain` says as data: what a piece asks, where it lies, what it waits for, what it unlocks.

use crate::cli::control_page;
use crate::cli::record::example;
use crate::decide::{Assessment, asked, needs, unlocks};
use crate::definition::{Obligation, Phase};
use crate::model::{Actor, Piece};
use crate::project::{Project, catalogues};
use crate::rules::{self, RULES};
use serde_json::{Value, json};

/// Everything that has a name, as kind, name and title: the pieces of the phase in its order, then rules.
pub(super) fn names(phase: &Phase) -> Vec<(&'static str, String, String)> {
    let gates = phase.gates.iter().map(|(id, def)| ("gate", id.clone(), def.title.clone()));
    let handed_over = phase.prerequisites.iter();
    let handed_over = handed_over.map(|(id, def)| ("prerequisite", id.clone(), def.title.clone()));
    let documents =
        phase.documents.iter().map(|(id, def)| ("document", id.clone(), def.title.clone()));
    let evidence =
        phase.evidence.iter().map(|(id, def)| ("evidence", id.clone(), def.title.clone()));
    let steps = phase.steps.iter().map(|(id, def)| ("step", id.clone(), def.title.clone()));
    let catalogues = catalogues(&phase.folder);
    let controls = catalogues.into_iter().flat_map(|own| own.controls);
    let controls = controls.map(|own| ("control", own.id, own.title));
    let rules = RULES.iter().map(|rule| ("rule", rule.code.to_owned(), rule.name.to_owned()));
    gates
        .chain(handed_over)
        .chain(documents)
        .chain(evidence)
        .chain(steps)
        .chain(controls)
        .chain(rules)
        .collect()
}

/// What is known of everything that has this name; how far it is, where there is a release.
pub(super) fn view(name: &str, phase: &Phase, here: Option<(&Project, &Assessment)>) -> Vec<Value> {
    let about = About { phase, here };
    let kinds = [
        about.gate(name),
        about.prerequisite(name),
        about.document(name),
        about.evidence(name),
        about.step(name),
        control_page::view(name, phase),
        rules::find(name).map(|rule| {
            json!({
                "kind": "rule", "name": rule.code, "title": rule.name, "level": rule.level.to_string(),
                "clauses": rule.clauses, "may_be_waived": rule.waivable,
            })
        }),
    ];
    kinds.into_iter().flatten().collect()
}

struct About<'a> {
    phase: &'a Phase,
    here: Option<(&'a Project, &'a Assessment)>,
}

impl About<'_> {
    fn state(&self, piece: &Piece) -> Option<&'static str> {
        let (_, assessment) = self.here?;
        match piece {
            Piece::Gate(id) if assessment.is_passed(id) => Some("passed"),
            Piece::Gate(_) => Some("open"),
            own => assessment.states.get(own).map(|state| state.word()),
        }
    }

    fn list(&self, pieces: impl IntoIterator<Item = Piece>) -> Vec<Value> {
        let one =
            |own: Piece| json!({ "kind": own.kind(), "id": own.id(), "state": self.state(&own) });
        pieces.into_iter().map(one).collect()
    }

    /// What every piece has: its state, what it waits for, and what waits for it.
    fn with(&self, piece: &Piece, title: &str, actor: Actor, own: Value) -> Value {
        let mut out = json!({
            "kind": piece.kind(), "name": piece.id(), "title": title, "state": self.state(piece),
            "waits_for": self.list(needs(self.phase, piece)),
            "unlocks": self.list(unlocks(self.phase, piece)), "who": self.who(actor),
        });
        for (key, value) in own.as_object().into_iter().flatten() {
            out[key.as_str()] = value.clone();
        }
        out
    }

    fn gate(&self, name: &str) -> Option<Value> {
        let (id, def) = self.phase.gate(name)?;
        let own = json!({ "asks": def.criteria, "argv": ["d3p", "gate", id] });
        Some(self.with(&Piece::Gate(id.to_owned()), &def.title, Actor::Agent, own))
    }

    fn prerequisite(&self, name: &str) -> Option<Value> {
        let def = self.phase.prerequisites.get(name)?;
        let paths: Vec<&String> = std::iter::once(&def.path).chain(&def.aliases).collect();
        let piece = Piece::Prerequisite(name.to_owned());
        Some(self.with(&piece, &def.title, Actor::Person, json!({ "paths": paths })))
    }

    fn document(&self, name: &str) -> Option<Value> {
        let def = self.phase.documents.get(name)?;
        let asks = def.sections.iter();
        let asks = asks
            .map(|own| json!({ "id": own.id, "title": own.title, "prompt": own.prompt }))
            .collect::<Vec<_>>();
        let template = self.phase.folder.skeleton(&def.template);
        let own =
            json!({ "path": def.path, "asks": asks, "template": template, "argv": ["d3p", "doc"] });
        Some(self.with(&Piece::Document(name.to_owned()), &def.title, Actor::Person, own))
    }

    fn evidence(&self, name: &str) -> Option<Value> {
        let def = self.phase.evidence.get(name)?;
        let example = example(self.phase, name);
        let decides = self.phase.approval().is_some_and(|(kind, _)| kind == name);
        let actor = match (decides, def.computed || def.derive.is_some()) {
            (true, _) => Actor::Approver,
            (false, true) => Actor::Agent,
            (false, false) => Actor::Person,
        };
        let own = json!({
            "path": def.path, "environment": def.environment,
            "max_age": def.max_age.map(|own| own.to_string()),
            "required": def.obligation == Obligation::Required,
            "asks": def.require.iter().map(super::explain::asked_of).collect::<Vec<_>>(),
            "schema": ["d3p", "schema", name],
            "example": example.and_then(|text| serde_json::from_str::<Value>(text).ok()),
            "template": def.template.as_ref().and_then(|own| self.phase.folder.skeleton(own)),
        });
        Some(self.with(&Piece::Evidence(name.to_owned()), &def.title, actor, own))
    }

    fn step(&self, name: &str) -> Option<Value> {
        let def = self.phase.steps.get(name)?;
        let before = def.before.iter().filter_map(|own| asked(self.phase, own));
        let made = def.produces.iter().cloned().map(Piece::Evidence);
        Some(json!({
            "kind": "step", "name": name, "title": def.title, "waits_for": self.list(before),
            "unlocks": self.list(made), "who": self.who(Actor::Agent),
            "argv": ["d3p", "check", "--before", name],
        }))
    }

    /// Who does it, and the persons of the policy who may.
    fn who(&self, actor: Actor) -> Value {
        let here = self.here.filter(|_| actor == Actor::Approver);
        let persons = here.map(|(project, _)| {
            let persons = &project.effective().policy.approval.persons;
            let may = persons.iter().filter(|own| !own.principals.is_empty());
            may.map(|own| own.name.clone()).collect::<Vec<_>>()
        });
        json!({ "actor": actor.word(), "names": persons.unwrap_or_default() })
    }
}
