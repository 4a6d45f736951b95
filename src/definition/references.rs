//! Whether everything that a phase definition refers to exists in it.

use crate::definition::{Before, Hold, NativeCheck, Phase, ThresholdSource};

/// References to nothing: JSON pointer into the definition, and a sentence with the known names.
pub fn unknown_references(phase: &Phase) -> Vec<(String, String)> {
    let mut check = Check { phase, out: Vec::new() };
    check.gates();
    check.steps();
    check.prerequisites();
    check.prompts();
    check.evidence();
    check.checkpoints();
    check.out
}

struct Check<'a> {
    phase: &'a Phase,
    out: Vec<(String, String)>,
}

impl Check<'_> {
    fn known(&mut self, what: &str, id: &str, pointer: String) {
        let phase = self.phase;
        let names: Vec<&String> = match what {
            "evidence" => phase.evidence.keys().collect(),
            "document" => phase.documents.keys().collect(),
            "prerequisite" => phase.prerequisites.keys().collect(),
            "prompt" => phase.prompts.keys().collect(),
            "step" => phase.steps.keys().collect(),
            "consumer" => phase.consumers.keys().collect(),
            _ => phase.gates.keys().collect(),
        };
        if !names.iter().any(|name| *name == id) {
            let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
            self.out.push((
                pointer,
                format!("`{id}` is no {what} of this phase; known: {}", names.join(", ")),
            ));
        }
    }

    fn gates(&mut self) {
        let phase = self.phase;
        for (id, gate) in &phase.gates {
            for (index, kind) in gate.evidence.iter().enumerate() {
                self.known("evidence", kind, format!("/gates/{id}/evidence/{index}"));
            }
            for (index, document) in gate.documents.iter().enumerate() {
                self.known("document", document, format!("/gates/{id}/documents/{index}"));
            }
            for (index, prerequisite) in gate.prerequisites.iter().enumerate() {
                self.known(
                    "prerequisite",
                    prerequisite,
                    format!("/gates/{id}/prerequisites/{index}"),
                );
            }
            for (index, own) in gate.schedule.iter().flat_map(|own| &own.of).enumerate() {
                let at = format!("/gates/{id}/schedule/of/{index}");
                self.known("document", &own.document, format!("{at}/document"));
                let sections = phase.documents.get(&own.document).map(|def| &def.sections);
                let mut known = sections.into_iter().flatten();
                if !known.any(|def| def.id == own.section && def.table.is_some()) {
                    let message = format!("`{}` is no table of that document", own.section);
                    self.out.push((format!("{at}/section"), message));
                }
            }
            for (outcome, exit) in &gate.by_outcome {
                let at = format!("/gates/{id}/by_outcome/{}", outcome.word());
                if let Some(gate) = &exit.after {
                    self.known("gate", gate, format!("{at}/after"));
                }
                for (index, kind) in exit.evidence.iter().enumerate() {
                    self.known("evidence", kind, format!("{at}/evidence/{index}"));
                }
            }
            if let Some(previous) = &gate.after {
                self.known("gate", previous, format!("/gates/{id}/after"));
                let number = phase.gates.get(previous).map_or(0, |gate| gate.number);
                if number >= gate.number {
                    let message =
                        format!("gate {id} must have a higher number than gate {previous}");
                    self.out.push((format!("/gates/{id}/number"), message));
                }
            }
        }
        // What no gate binds, nothing would ever demand.
        let bound =
            |pick: &dyn Fn(&crate::definition::GateDef) -> bool| phase.gates.values().any(pick);
        for id in phase.documents.keys() {
            if !bound(&|gate| gate.documents.contains(id)) {
                self.out.push((format!("/documents/{id}"), format!("no gate binds document {id}")));
            }
        }
        // The workflow state says that the last gate passed: no gate could bind it.
        let after_all = |native: &NativeCheck| matches!(native, NativeCheck::WorkflowState {});
        for (kind, def) in &phase.evidence {
            let state = def.native.iter().any(after_all);
            if !state && !bound(&|gate| gate.evidence.contains(kind)) {
                self.out
                    .push((format!("/evidence/{kind}"), format!("no gate binds evidence {kind}")));
            }
        }
    }

    fn steps(&mut self) {
        for (id, step) in &self.phase.steps {
            if let Some(target) = &step.rehearses {
                self.known("step", target, format!("/steps/{id}/rehearses"));
            }
            if let Some(kind) = &step.produces {
                self.known("evidence", kind, format!("/steps/{id}/produces"));
            }
            for (index, before) in step.before.iter().enumerate() {
                let pointer = format!("/steps/{id}/before/{index}");
                match before {
                    Before::Gate(gate) => self.known("gate", gate, pointer),
                    Before::Document(document) => self.known("document", document, pointer),
                    Before::Evidence(kind) => self.known("evidence", kind, pointer),
                    Before::Decision(decision) => self.decision(decision, pointer),
                    Before::Approval(_)
                    | Before::Window(_)
                    | Before::Questions(_)
                    | Before::Stage(_) => {}
                }
            }
        }
    }

    /// A decision that no evidence holds could never be made.
    fn decision(&mut self, id: &str, pointer: String) {
        let natives = self.phase.evidence.values().flat_map(|def| &def.native);
        let known: Vec<&str> = natives
            .filter_map(|native| match native {
                NativeCheck::Rollback { decision, .. } => Some(decision.as_str()),
                _ => None,
            })
            .collect();
        if !known.contains(&id) {
            let message =
                format!("no evidence holds the decision `{id}`; known: {}", known.join(", "));
            self.out.push((pointer, message));
        }
    }

    fn prerequisites(&mut self) {
        for (id, def) in &self.phase.prerequisites {
            if def.outcome.is_empty() && def.bound_by.is_none() {
                let message =
                    format!("nothing says how `{id}` ended: give `outcome` or `bound_by`");
                self.out.push((format!("/prerequisites/{id}/outcome"), message));
            }
            if let Some(record) = &def.bound_by {
                self.known("prerequisite", record, format!("/prerequisites/{id}/bound_by"));
            }
        }
    }

    fn prompts(&mut self) {
        for (id, prompt) in &self.phase.prompts {
            if let Some(gate) = &prompt.after {
                self.known("gate", gate, format!("/prompts/{id}/after"));
            }
        }
    }

    fn evidence(&mut self) {
        for (kind, def) in &self.phase.evidence {
            for (index, predecessor) in def.after.iter().enumerate() {
                self.known("evidence", predecessor, format!("/evidence/{kind}/after/{index}"));
            }
            for (index, native) in def.native.iter().enumerate() {
                let pointer = format!("/evidence/{kind}/native/{index}");
                match native {
                    NativeCheck::HealthSeries { thresholds, .. } => {
                        self.known("document", &thresholds.document, pointer);
                    }
                    NativeCheck::Approval { covers, documents, .. } => {
                        for gate in covers {
                            self.known("gate", gate, pointer.clone());
                        }
                        for document in documents {
                            self.known("document", document, pointer.clone());
                        }
                    }
                    NativeCheck::Window { plan: Some(plan), .. } => {
                        self.known("document", &plan.document, pointer);
                    }
                    NativeCheck::Rollback { authority, covers, prompt, .. } => {
                        self.authority(authority, &pointer);
                        for kind in covers {
                            self.known("evidence", kind, pointer.clone());
                        }
                        self.known("prompt", prompt, pointer);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The authority tree is a table with the columns that are read.
    fn authority(&mut self, source: &ThresholdSource, pointer: &str) {
        self.known("document", &source.document, pointer.to_owned());
        let Some(document) = self.phase.documents.get(&source.document) else { return };
        let section = document.sections.iter().find(|section| section.id == source.section);
        let table = section.and_then(|section| section.table.as_ref());
        let wanted = ["Order", "Name", "Role", "Reachable at"];
        if !table.is_some_and(|table| wanted.iter().all(|name| table.columns.contains_key(*name))) {
            let message = format!(
                "section `{}` of document {} is no table with {}",
                source.section,
                source.document,
                wanted.join(", ")
            );
            self.out.push((pointer.to_owned(), message));
        }
    }

    fn checkpoints(&mut self) {
        let phase = self.phase;
        for (id, context) in &phase.applies.context {
            for (index, own) in context.prerequisites.iter().enumerate() {
                let pointer = format!("/applies/context/{id}/prerequisites/{index}");
                self.known("prerequisite", own, pointer);
            }
        }
        if let Some(emergency) = &phase.emergency {
            self.known("evidence", &emergency.review, "/emergency/review".to_owned());
            let other = emergency.may_follow.iter().enumerate();
            for (index, id) in other.filter(|(_, id)| !phase.evidence.contains_key(*id)) {
                self.known("prerequisite", id, format!("/emergency/may_follow/{index}"));
            }
        }
        for (id, def) in &phase.consumers {
            let lists =
                [("evidence", &def.evidence), ("document", &def.documents), ("step", &def.runs)];
            for (what, names) in lists {
                for name in names {
                    self.known(what, name, format!("/consumers/{id}"));
                }
            }
        }
        let lists = [
            ("checkpoints", &phase.checkpoints),
            ("handoff", &phase.handoff),
            ("activities", &phase.activities),
            ("checklist", &phase.checklist),
        ];
        let all = lists.into_iter().flat_map(|(list, items)| {
            items.iter().enumerate().map(move |(index, item)| (list, (index, item)))
        });
        for (list, (index, checkpoint)) in all {
            for (place, hold) in checkpoint.holds.iter().enumerate() {
                let pointer = format!("/{list}/{index}/holds/{place}");
                match hold {
                    Hold::Prerequisite { prerequisite } => {
                        self.known("prerequisite", prerequisite, pointer)
                    }
                    Hold::Document { document } => self.known("document", document, pointer),
                    Hold::Taken { taken } => self.known("consumer", taken, pointer),
                    Hold::Evidence { evidence } => self.known("evidence", evidence, pointer),
                    Hold::Entries { entries, since } => {
                        self.known("evidence", entries, pointer.clone());
                        if let Some(kind) = since {
                            self.known("evidence", kind, pointer);
                        }
                    }
                }
            }
        }
    }
}
