//! What follows before the launch from all that is known: the one answer that the staging validation report
//! and `d3p approve show` give (DLC-10).

use crate::decisions::{gates_covered, objectors};
use crate::derive::view::View;
use crate::project::Project;
use std::fmt;

/// Whether to launch, and why.
///
/// Nothing in it changes by a GO: whoever says GO covers a report that says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recommendation {
    /// Not: this gate is not passed.
    NotPassed(String),
    /// Every gate before the launch is passed.
    Passed {
        /// Each of them, and when it was passed.
        gates: Vec<String>,
        /// Who said NO_GO: not to launch while that binds.
        objectors: Vec<String>,
        /// Whether something waits for whoever decides, or a waiver lets it stand: nothing is recommended.
        waits: bool,
    },
}

impl Recommendation {
    /// What follows from a gate that is not passed.
    pub fn not_passed(project: &Project, gate: &str) -> Self {
        Self::NotPassed(title(project, gate))
    }
}

/// What follows from the gates that the decision covers, from everybody who objected, and from what waits.
pub fn recommendation(view: &View<'_>) -> Recommendation {
    let project = view.project;
    let passes = view.passes();
    let mut gates = Vec::new();
    for gate in gates_covered(project) {
        let Some(pass) = passes.iter().find(|pass| pass.gate == gate) else {
            return Recommendation::not_passed(project, &gate);
        };
        gates.push(format!("{} {}", title(project, &gate), pass.at));
    }
    Recommendation::Passed { gates, objectors: objectors(project), waits: view.waits }
}

fn title(project: &Project, gate: &str) -> String {
    project.phase.gates.get(gate).map_or(gate, |def| def.title.as_str()).to_owned()
}

impl fmt::Display for Recommendation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recommendation: ")?;
        let (gates, objectors, waits) = match self {
            Self::NotPassed(gate) => {
                return write!(f, "do not deploy to production. {gate} is not passed.");
            }
            Self::Passed { gates, objectors, waits } => (gates.join(", "), objectors, waits),
        };
        match (objectors.join(", ").as_str(), waits) {
            ("", false) => f.write_str("deploy to production. Nothing waits."),
            ("", true) => f.write_str("none. Whoever approves judges what waits for them."),
            (persons, _) => {
                write!(f, "do not deploy to production while a NO_GO binds: {persons}.")
            }
        }?;
        write!(f, " Passed: {gates}.")
    }
}
