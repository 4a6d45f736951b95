//! Objections: every NO_GO there is, and when one no longer binds: its person, or enough others,
//! said GO over a ledger that names it.

use super::kind::{Approval, ApprovalDecision, NO_GO, approval_evidence, decisions};
use super::signers::signers;
use crate::decisions::person::{fold, signatures_on};
use crate::decisions::separation::approvers;
use crate::decisions::statement::decisions_of;
use crate::model::{Location, Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::{Decided, History, Ledger, Line};
use std::collections::{BTreeMap, BTreeSet};

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
    pub(crate) fn of(decision: &ApprovalDecision) -> Option<Self> {
        Some(Self::new(&decision.said()?.head.person, decision.digest()))
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
    now: Stamp,
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
        decisions: &[ApprovalDecision],
        now: Stamp,
        launched: Option<Stamp>,
    ) -> Self {
        let release = project.release();
        let signed = signatures_on(project).then(|| signers(project, decisions, now, launched));
        let go = |(index, decision): (usize, &ApprovalDecision)| {
            let (head, release) = (&decision.said()?.head, release.as_ref()?);
            let person = match &signed {
                Some(signers) => &signers[index].as_ref().ok()?.person,
                None => &head.person,
            };
            let heads = head.ledger_heads.iter().map(String::as_str);
            let counts = decision.is_go() && head.is_about(&release.version, &release.commit);
            counts.then(|| Go { index, person: fold(person), before: project.history(heads) })
        };
        let go = decisions.iter().enumerate().filter_map(go).collect();
        Self { project, now, go }
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

    /// How many others have to say GO over it, before it binds no more: more than the threshold; of
    /// somebody who has left, and cannot take it back, no more than everybody who may still decide.
    fn wanted(&self, objection: &Objection) -> usize {
        let threshold = self.project.effective().policy.approval.production.threshold;
        if !self.has_left(&objection.person) {
            return threshold + 1;
        }
        (threshold + 1).min(self.able(objection).max(threshold))
    }

    /// How many others could say GO.
    fn able(&self, objection: &Objection) -> usize {
        let able = approvers(self.project).into_iter().filter(|person| {
            let name = fold(&person.name);
            name != objection.person && !self.has_left(&name)
        });
        able.count()
    }

    /// What it takes until the objection binds no more.
    pub(crate) fn lifting(&self, objection: &Objection) -> Lifting {
        let wanted = self.wanted(objection);
        Lifting {
            left: self.has_left(&objection.person),
            wanted,
            lacks_persons: self.able(objection) < wanted,
        }
    }

    /// Whether nobody of this name, folded, can sign any more: the policy does not name them, or each
    /// of their keys has ended or was revoked.
    fn has_left(&self, name: &str) -> bool {
        let project = self.project;
        let persons = &project.effective().policy.approval.persons;
        let Some(person) = persons.iter().find(|person| fold(&person.name) == name) else {
            return true;
        };
        let lists = [&project.current, project.effective()];
        let revoked =
            |key: &String| lists.iter().any(|own| own.policy.approval.revoked.contains(key));
        let lines = project.signers.iter().flat_map(|signers| {
            person.principals.iter().flat_map(|principal| signers.of(principal))
        });
        let mut lines = lines.peekable();
        // Who was never given a key has not left.
        lines.peek().is_some()
            && lines.all(|line| {
                line.valid_before.is_some_and(|end| self.now >= end) || revoked(&line.fingerprint())
            })
    }

    /// Whether enough others said GO over it. Only signatures outvote anybody.
    pub(crate) fn outvote(&self, objection: &Objection) -> bool {
        signatures_on(self.project) && self.others(objection).len() >= self.wanted(objection)
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

/// What it takes until an objection binds no more: its person takes it back, or others outvote it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lifting {
    /// Whether its person can sign no more, and so not take it back.
    pub left: bool,
    /// How many others have to say GO over it.
    pub wanted: usize,
    /// Whether there are not so many others who could.
    pub lacks_persons: bool,
}

/// A NO_GO for this release and commit that its person has not taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenObjection {
    /// Full name of the person.
    pub person: String,
    /// What they object to, where they said so.
    pub reason: Option<String>,
    /// When they said so, as they claim.
    pub at: String,
    /// Attempt in which they said so.
    pub attempt: u64,
    /// Whether it binds no more: enough others said GO over it.
    pub outvoted: bool,
    /// What it takes until it does not.
    pub lifting: Lifting,
    /// Others who said GO over it, their names folded.
    others: BTreeSet<String>,
}

impl OpenObjection {
    /// How many other persons have said GO over it once `person` does, too; `None` when it is theirs.
    pub fn others_with(&self, person: &str) -> Option<usize> {
        let person = fold(person);
        let new = !self.others.contains(&person);
        (person != fold(&self.person)).then(|| self.others.len() + usize::from(new))
    }
}

/// Every NO_GO for this release and commit that its person has not taken back, in this attempt and in
/// those before, in the order of the files; keys are judged at `now`.
pub fn open_objections(project: &Project, now: Stamp) -> Vec<OpenObjection> {
    let answers = Answers::among(project, &all_decisions(project), now, project.launched_at());
    let Some(release) = project.release() else { return Vec::new() };
    let own = decisions(project).into_iter();
    let archived = archived_objections(project).into_iter().map(|(_, decision)| decision);
    let mut seen = BTreeSet::new();
    own.chain(archived)
        .filter_map(|decision| {
            let said = objection(&decision)?;
            let head = &said.head;
            let objection = Objection::of(&decision)?;
            let binds = head.is_about(&release.version, &release.commit);
            (binds && !answers.taken_back(&objection) && seen.insert(objection.clone())).then(
                || OpenObjection {
                    person: head.person.clone(),
                    reason: said.reason.clone(),
                    at: head.decided_at.clone(),
                    attempt: head.attempt,
                    outvoted: answers.outvote(&objection),
                    lifting: answers.lifting(&objection),
                    others: answers.others(&objection).into_iter().map(str::to_owned).collect(),
                },
            )
        })
        .collect()
}

/// Everybody who said NO_GO to this release and commit before it was launched, in this attempt or in those
/// before, by name; whether they took it back, or were outvoted, is another question. Once somebody has
/// said it this never changes, so it can stand in what a GO covers.
pub fn objectors(project: &Project) -> Vec<String> {
    let ledgers = project.earlier.iter().map(|attempt| &attempt.ledger).chain([&project.ledger]);
    let named = ledgers.flat_map(|ledger| said_no(ledger, project));
    let named = named.map(|(line, decided)| (decided.person.clone(), Some(line.at)));
    let archived = archived_objections(project).into_iter().map(|(_, decision)| decision);
    let release = project.release();
    let here = decisions(project).into_iter().filter(|decision| {
        let about = |said: &Approval, own: &Release| said.head.is_about(&own.version, &own.commit);
        objection(decision).zip(release.as_ref()).is_some_and(|(said, own)| about(said, own))
    });
    let filed = archived.chain(here).filter_map(|decision| {
        let head = &decision.said()?.head;
        Some((head.person.clone(), Stamp::parse(&head.decided_at).ok()))
    });
    let launched = project.launched_at();
    let known = named
        .chain(filed)
        .filter(|(_, at)| launched.is_none_or(|launched| at.is_some_and(|at| at <= launched)));
    let once: BTreeMap<String, String> = known.map(|(person, _)| (fold(&person), person)).collect();
    once.into_values().collect()
}

/// The lines of a ledger that name a NO_GO to this release and commit. Each counts for itself: one that is
/// added later takes no other back.
pub(crate) fn said_no<'a>(
    ledger: &'a Ledger,
    project: &Project,
) -> impl Iterator<Item = (&'a Line, &'a Decided)> {
    let release = project.release();
    ledger.decisions().filter(move |(line, decided)| {
        decided.decision == NO_GO
            && release.as_ref().is_some_and(|own| line.entry.is_about(&own.version, &own.commit))
    })
}

/// Every decision of this attempt and of those before, whatever it is about.
pub(crate) fn all_decisions(project: &Project) -> Vec<ApprovalDecision> {
    let earlier = project.earlier.iter().flat_map(|attempt| decisions_of(attempt.approval.value()));
    decisions(project).into_iter().chain(earlier).collect()
}

/// Every objection that was raised in an earlier attempt at this release and commit, and the archive
/// in which it lies.
pub(crate) fn archived_objections(project: &Project) -> Vec<(&str, ApprovalDecision)> {
    let Some(release) = project.release() else { return Vec::new() };
    let objects = |decision: &ApprovalDecision| {
        objection(decision)
            .is_some_and(|said| said.head.is_about(&release.version, &release.commit))
    };
    let files = project.earlier.iter().map(|attempt| &attempt.approval);
    files
        .chain(&project.same_commit)
        .flat_map(|file| {
            let own = decisions_of(file.value()).into_iter().filter(objects);
            own.map(move |decision| (file.path.as_str(), decision))
        })
        .collect()
}

fn objection(decision: &ApprovalDecision) -> Option<&Approval> {
    decision.said().filter(|said| said.decision == NO_GO)
}

/// An objection to this release at another commit, or to this commit as another release. It does not
/// bind, and is worth knowing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ObjectionElsewhere {
    /// Full name of the person.
    pub person: String,
    /// Full id of the commit.
    pub commit: String,
    /// The attempt, as `v1.4.0+1`.
    pub attempt: String,
    /// SHA-256 of the exact text.
    pub text: Sha256Digest,
    /// Where it is said: the statement, where it still lies there, or the line of a ledger.
    pub place: Location,
}

/// Whether something was said after the last launch that stands.
fn since(project: &Project, at: &str) -> bool {
    let last = project.last_launch.as_ref().map(|last| last.launched_at);
    last.is_none_or(|last| Stamp::parse(at).is_ok_and(|at| at > last))
}

/// Every objection to another commit of this release, in this attempt and in those before, and to this
/// commit in archives of other versions, or since the last launch; by the digest of its text.
pub(crate) fn objections_elsewhere(project: &Project) -> Vec<ObjectionElsewhere> {
    let Some(release) = project.release() else { return Vec::new() };
    let mut found: BTreeMap<Sha256Digest, ObjectionElsewhere> = BTreeMap::new();
    let earlier = project.earlier.iter().map(|attempt| &attempt.approval);
    let own = approval_evidence(project).map(|own| own.file).into_iter();
    for file in own.chain(earlier).chain(&project.same_commit) {
        for decision in decisions_of::<Approval>(file.value()) {
            let Some(said) = objection(&decision) else { continue };
            let same_release = said.head.release == release.version;
            let same_commit = said.head.commit == release.commit;
            // Where both are others, it is of a release that was given up since the last launch.
            let given_up = !same_release && !same_commit && since(project, &said.head.decided_at);
            if same_release != same_commit || given_up {
                let text = decision.digest();
                found.entry(text).or_insert_with(|| ObjectionElsewhere {
                    person: said.head.person.clone(),
                    commit: said.head.commit.clone(),
                    attempt: format!("{}+{}", said.head.release, said.head.attempt),
                    text,
                    place: Location::pointer(&file.path, decision.pointer()),
                });
            }
        }
    }
    let earlier =
        project.earlier.iter().map(|attempt| (&*attempt.ledger_file.path, &attempt.ledger));
    for (path, ledger) in
        std::iter::once((project.places().ledger(), &project.ledger)).chain(earlier)
    {
        for (line, decided) in ledger.decisions().filter(|(_, own)| own.decision == NO_GO) {
            let Some(text) = Sha256Digest::parse(&decided.statement) else { continue };
            let commit = &decided.commit;
            // One of the two is another, and not both.
            let same_release = line.entry.is_about(&release.version, commit);
            if same_release != (*commit == release.commit) {
                found.entry(text).or_insert_with(|| ObjectionElsewhere {
                    person: decided.person.clone(),
                    commit: commit.clone(),
                    attempt: line.entry.release.clone(),
                    text,
                    place: Location::span(path, line.range.clone()),
                });
            }
        }
    }
    found.into_values().collect()
}
