//! `controls.yaml` beside a phase: controls of other catalogues, and the clauses that bring evidence to them.

use crate::definition::Phase;
use crate::model::Piece;
use serde::Deserialize;

/// The controls that a phase brings evidence to.
pub(crate) const CONTROLS: &str = "controls.yaml";

/// A catalogue of controls.
#[derive(Clone, Debug, Deserialize)]
pub struct Catalogue {
    /// A short name of it.
    pub id: String,
    /// Its name in full.
    pub name: String,
    /// The edition whose ids these are.
    pub version: String,
    /// Where it can be read.
    pub address: String,
    /// Its controls, in its order.
    pub controls: Vec<Control>,
}

/// A control of a catalogue.
#[derive(Clone, Debug, Deserialize)]
pub struct Control {
    /// Its id, as the catalogue writes it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Controls of other catalogues that it refers to itself.
    #[serde(default)]
    pub refers_to: Vec<String>,
    /// The clauses that bring evidence to it.
    pub clauses: Vec<String>,
}

impl Phase {
    /// What serves any of these clauses: gates, prerequisites, documents and evidence, by their ids.
    pub fn serving(&self, clauses: &[String]) -> Vec<Piece> {
        let any = |own: &[String]| own.iter().any(|clause| clauses.contains(clause));
        let gates = self.gates.iter().filter(|(_, def)| any(&def.clauses));
        let handed_over = self.prerequisites.iter().filter(|(_, def)| any(&def.clauses));
        let documents = self.documents.iter().filter(|(_, def)| {
            any(&def.clauses) || def.sections.iter().any(|section| any(&section.clauses))
        });
        let evidence = self.evidence.iter().filter(|(_, def)| any(&def.clauses));
        let gates = gates.map(|(id, _)| Piece::Gate(id.clone()));
        let handed_over = handed_over.map(|(id, _)| Piece::Prerequisite(id.clone()));
        let documents = documents.map(|(id, _)| Piece::Document(id.clone()));
        let evidence = evidence.map(|(kind, _)| Piece::Evidence(kind.clone()));
        gates.chain(handed_over).chain(documents).chain(evidence).collect()
    }
}
