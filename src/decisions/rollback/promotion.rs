//! Going on although a stage of a rollout did not pass: the decision to continue, made over the line
//! that says how the stage went.

use super::ruling::{Moments, Ruling, Vote, ruling, wanted};
use crate::decisions::separation::{Deed, not_separate};
use crate::decisions::signature::{Signer, lacking};
use crate::project::Project;
use crate::record::Line;

/// What people decided on a stage whose line is `line`.
#[derive(Clone, Debug, Default)]
pub struct Promotion {
    /// Those who decided to go on, and whose decision counts.
    pub by: Vec<Vote>,
    /// What it still lacks; empty when it is decided.
    pub lacking: Vec<String>,
    /// Decisions that do not count, and why.
    pub refused: Vec<String>,
}

/// Who decided to go on over the line `line`. Whoever wrote or deployed the release does not.
pub fn promotion(project: &Project, line: &Line, moments: Moments) -> Promotion {
    let Ruling { votes, .. } = ruling(project, moments);
    let persons = &project.effective().policy.approval.persons;
    let release = project.release();
    let mut promotion = Promotion::default();
    let over = |vote: &Vote| project.lineage().holds(&vote.before, &line.digest);
    for vote in votes.into_iter().filter(|vote| !vote.roll_back && over(vote)) {
        let person = persons.iter().find(|person| person.name == vote.signer.person);
        let why = person
            .zip(release.as_ref())
            .and_then(|(person, release)| not_separate(project, release, person, Deed::Continue));
        match why {
            Some(why) => promotion.refused.push(why),
            None => promotion.by.push(vote),
        }
    }
    let signers: Vec<Signer> = promotion.by.iter().map(|vote| vote.signer.clone()).collect();
    promotion.lacking = lacking(&wanted(project), &signers);
    promotion
}
