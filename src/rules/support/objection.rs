//! When a NO_GO no longer binds: its person, or enough others, said GO over a ledger that names it.

use super::approval::{Decision, all_decisions, archived_objections, decisions};
use super::signed::{fold, signatures_on, signers};
use crate::model::{Sha256Digest, Stamp};
use crate::project::Project;
use crate::record::{History, NO_GO};
use std::collections::BTreeSet;

/// A NO_GO for this release and commit: who said it, and the digest of its text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Objection {
    /// The person's name, folded.
    person: String,
    /// What they said.
    text: Sha256Digest,
}

impl Objection {
    /// One by `person`, of which only the digest is known.
    pub(crate) fn new(person: &str, text: Sha256Digest) -> Self {
        Self { person: fold(person), text }
    }

    /// One that lies there.
    pub(crate) fn of(decision: &Decision) -> Option<Self> {
        let said = &decision.statement.as_ref().ok()?.predicate;
        Some(Self::new(&said.principal, Sha256Digest::of(decision.text.as_bytes())))
    }

    /// Its text.
    pub(crate) fn text(&self) -> Sha256Digest {
        self.text
    }
}

/// Every GO for this release and commit that somebody said who may, and what they knew.
#[derive(Debug)]
pub(crate) struct Answers<'a> {
    project: &'a Project,
    go: Vec<Go>,
}

/// One of them.
#[derive(Debug)]
struct Go {
    index: usize,
    /// The person's name, folded.
    person: String,
    /// The lines that their heads lead back to.
    before: History,
}

impl<'a> Answers<'a> {
    /// Those among `decisions`; signed, where the policy wants that.
    pub(crate) fn among(
        project: &'a Project,
        decisions: &[Decision],
        now: Stamp,
        launched: Option<Stamp>,
    ) -> Self {
        let release = project.release();
        let signed = signatures_on(project).then(|| signers(project, decisions, now, launched));
        let go = |(index, decision): (usize, &Decision)| {
            let (said, release) = (&decision.statement.as_ref().ok()?.predicate, release.as_ref()?);
            let person = match &signed {
                Some(signers) => &signers[index].as_ref().ok()?.person,
                None => &said.principal,
            };
            let heads = said.ledger_heads.iter().map(String::as_str);
            let counts = decision.is_go() && said.is_about(&release.version, &release.commit);
            counts.then(|| Go { index, person: fold(person), before: project.history(heads) })
        };
        let go = decisions.iter().enumerate().filter_map(go).collect();
        Self { project, go }
    }

    fn over(&self, objection: &Objection) -> impl Iterator<Item = &Go> {
        let knows = |go: &&Go| self.project.lineage().is_known(objection.text, &go.before);
        self.go.iter().filter(knows)
    }

    /// Places, among the decisions, of those that were said over the objection.
    pub(crate) fn to(&self, objection: &Objection) -> Vec<usize> {
        self.over(objection).map(|go| go.index).collect()
    }

    /// Other persons who said GO over it.
    fn others(&self, objection: &Objection) -> BTreeSet<&str> {
        let persons = self.over(objection).map(|go| go.person.as_str());
        persons.filter(|person| *person != objection.person).collect()
    }

    /// Whether more others than the threshold said GO over it. Only signatures outvote anybody.
    pub(crate) fn outvote(&self, objection: &Objection) -> bool {
        signatures_on(self.project)
            && self.others(objection).len()
                > self.project.effective().policy.approval.production.threshold
    }

    /// Whether its own person has answered it.
    fn taken_back(&self, objection: &Objection) -> bool {
        self.over(objection).any(|go| go.person == objection.person)
    }

    /// Whether its own person has answered it, or was outvoted.
    pub(crate) fn settle(&self, objection: &Objection) -> bool {
        self.taken_back(objection) || self.outvote(objection)
    }
}

/// A NO_GO for this release and commit that its person has not taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Full name of the person.
    pub person: String,
    /// When they said so, as they claim.
    pub at: String,
    /// Attempt in which they said so.
    pub attempt: u64,
    /// Whether it binds no more: enough others said GO over it.
    pub outvoted: bool,
    /// Others who said GO over it, their names folded.
    others: BTreeSet<String>,
}

impl Standing {
    /// How many other persons have said GO over it once `person` does, too; `None` when it is theirs.
    pub fn others_with(&self, person: &str) -> Option<usize> {
        let person = fold(person);
        let new = !self.others.contains(&person);
        (person != fold(&self.person)).then(|| self.others.len() + usize::from(new))
    }
}

/// Every NO_GO for this release and commit that its person has not taken back, in this attempt and in
/// those before, in the order of the files; keys are judged at `now`.
pub fn standing_objections(project: &Project, now: Stamp) -> Vec<Standing> {
    let answers = Answers::among(project, &all_decisions(project), now, project.launched_at());
    let Some(release) = project.release() else { return Vec::new() };
    let own = decisions(project).into_iter();
    let archived = archived_objections(project).into_iter().map(|(_, decision)| decision);
    let mut seen = BTreeSet::new();
    own.chain(archived)
        .filter_map(|decision| {
            let said = &decision.statement.as_ref().ok()?.predicate;
            let objection = Objection::of(&decision)?;
            let binds = said.decision == NO_GO && said.is_about(&release.version, &release.commit);
            (binds && !answers.taken_back(&objection) && seen.insert(objection.clone())).then(
                || Standing {
                    person: said.principal.clone(),
                    at: said.decided_at.clone(),
                    attempt: said.attempt,
                    outvoted: answers.outvote(&objection),
                    others: answers.others(&objection).into_iter().map(str::to_owned).collect(),
                },
            )
        })
        .collect()
}
