//! When a NO_GO no longer binds: its person, or enough others, said GO over a ledger that names it.

use super::approval::Decision;
use super::signed::{fold, signatures_on, signers};
use crate::model::{Sha256Digest, Stamp};
use crate::project::{Project, Told};
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
    told: Told<'a>,
    go: Vec<Go>,
}

/// One of them.
#[derive(Debug)]
struct Go {
    index: usize,
    /// The person's name, folded.
    person: String,
    /// The lines that their heads lead back to.
    before: BTreeSet<Sha256Digest>,
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
        Self { project, told: project.told(), go }
    }

    fn over(&self, objection: &Objection) -> impl Iterator<Item = &Go> {
        let knows = |go: &&Go| self.told.is_known(objection.text, &go.before);
        self.go.iter().filter(knows)
    }

    /// Places, among the decisions, of those that were said over the objection.
    pub(crate) fn to(&self, objection: &Objection) -> Vec<usize> {
        self.over(objection).map(|go| go.index).collect()
    }

    /// Whether more others than the threshold said GO over it. Only signatures outvote anybody.
    pub(crate) fn outvote(&self, objection: &Objection) -> bool {
        let persons = self.over(objection).map(|go| go.person.as_str());
        let others: BTreeSet<&str> = persons.filter(|person| *person != objection.person).collect();
        signatures_on(self.project)
            && others.len() > self.project.effective().policy.approval.production.threshold
    }

    /// Whether its own person has answered it, or was outvoted.
    pub(crate) fn settle(&self, objection: &Objection) -> bool {
        self.over(objection).any(|go| go.person == objection.person) || self.outvote(objection)
    }
}
