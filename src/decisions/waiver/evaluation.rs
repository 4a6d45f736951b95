//! What people let stand: who signed it, whether that counts, and for which findings.
//!
//! A waiver is what several statements say in the same words. It lets exactly those findings stand
//! whose place holds what was seen when it was signed; what is missing or not to be believed cannot
//! be let stand at all, since nobody saw it.

use super::kind::{NoWorse, Waiver, WaiverDecision, waiver_decisions};
use super::place::{finding_digest, is_about, no_worse, not_waivable, untouchable};
use crate::decisions::person::{person_of, signatures_on};
use crate::decisions::separation::{Deed, not_separate};
use crate::decisions::signature::{Signer, Unsigned, lacking, signed_by};
use crate::model::{Finding, Location, Piece, Reason, Sha256Digest, Stamp};
use crate::project::{Project, piece_of};
use crate::record::UsedWaiver;
use std::collections::{BTreeMap, BTreeSet};

/// What the statements of a release come to.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// What was said in the same words, sorted by rule and place.
    pub sets: Vec<WaiverSet>,
    /// Statements that count for nothing: place in the file, and why.
    pub invalid: Vec<(usize, String)>,
}

/// One waiver, by all who signed it.
#[derive(Clone, Debug)]
pub struct WaiverSet {
    /// What it says.
    pub said: Waiver,
    /// Each person's statement.
    pub parts: Vec<WaiverPart>,
    /// The moment that what it is about is judged at.
    pub moment: Stamp,
    /// Whether it counts then.
    pub state: WaiverState,
    /// The pieces of the findings that it lets stand.
    pub used: Vec<Piece>,
}

/// One person's part in a waiver.
#[derive(Clone, Debug)]
pub struct WaiverPart {
    /// Its place in `waivers`.
    pub index: usize,
    /// Digest of the statement.
    pub digest: Sha256Digest,
    /// Who signed it.
    pub signer: Signer,
    /// When, as it claims.
    pub decided: Stamp,
    /// When it ends: as it says itself, and not later than the policy allows.
    pub ends: Stamp,
}

/// Whether a waiver counts at the moment that what it is about is judged at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WaiverState {
    /// It does.
    InForce,
    /// It ended before that.
    Expired(Stamp),
    /// It was signed after that.
    Late,
    /// Who has not signed yet, in words.
    Lacking(Vec<String>),
}

impl Waivers {
    /// Those that were signed after what they are about was judged.
    pub(crate) fn late(&self) -> impl Iterator<Item = &WaiverSet> {
        self.sets.iter().filter(|set| set.state == WaiverState::Late)
    }
}

impl WaiverSet {
    /// Where its first statement stands.
    pub(crate) fn location(&self, project: &Project) -> Location {
        let index = self.parts.iter().map(|part| part.index).min().unwrap_or_default();
        Location::pointer(project.places().waivers(), format!("/waivers/{index}/statement"))
    }

    /// When it ends: when the first of its parts does.
    pub fn ends(&self) -> Stamp {
        self.parts.iter().map(|part| part.ends).min().unwrap_or(self.moment)
    }

    /// The persons who signed, by full name.
    pub fn persons(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.signer.person.clone()).collect()
    }

    /// As a gate's record tells it.
    pub(crate) fn as_used(&self) -> UsedWaiver {
        UsedWaiver {
            rule: self.said.rule.clone(),
            path: self.said.path.clone(),
            pointer: self.said.pointer.clone(),
            until: self.ends().to_string(),
            reason: self.said.reason.clone(),
            by: self.persons(),
            statements: self.parts.iter().map(|part| part.digest.to_string()).collect(),
        }
    }

    /// Whether it is about a finding's rule and place, whatever was seen there.
    pub fn is_about(&self, finding: &Finding) -> bool {
        is_about(&self.said, finding)
    }
}

/// The waivers of a project, each judged at the `moment` that the piece it is about is judged at.
pub fn evaluate(project: &Project, now: Stamp, moment: &dyn Fn(&Piece) -> Stamp) -> Waivers {
    let (mut out, mut sets) = (Waivers::default(), Sets::default());
    for decision in waiver_decisions(project) {
        match part(project, &decision, now, moment) {
            Ok((said, part, moment)) => sets.add(said, part, moment),
            Err(why) => out.invalid.push((decision.index, why.into_text())),
        }
    }
    out.sets = sets.by_terms.into_values().collect();
    for set in &mut out.sets {
        set.parts.sort_by(|a, b| {
            (&a.signer.person, a.decided, a.digest).cmp(&(&b.signer.person, b.decided, b.digest))
        });
        settle(project, set);
    }
    out.sets.sort_by(|a, b| {
        let key = |set: &WaiverSet| {
            let said = &set.said;
            (said.rule.clone(), said.path.clone(), said.pointer.clone(), set.ends(), said.terms())
        };
        key(a).cmp(&key(b))
    });
    out
}

/// One person's part: what it says, who signed, and when what it is about is judged.
fn part(
    project: &Project,
    decision: &WaiverDecision,
    now: Stamp,
    moment: &dyn Fn(&Piece) -> Stamp,
) -> Result<(Waiver, WaiverPart, Stamp), Reason> {
    let statement = decision.statement.as_ref().map_err(Clone::clone)?;
    let said = &statement.predicate;
    if !signatures_on(project) {
        return Err("d3p.yaml says `signatures: \"off\"`: nobody can sign one".into());
    }
    let piece = piece_of(project, &said.path);
    if let Some(why) = untouchable(project, &piece) {
        return Err(why.into());
    }
    let release = project.release().ok_or("no release is open")?;
    if let Some((what, was, now)) = said.head.differences(&release).into_iter().next() {
        return Err(format!("it is about {what} {was}, here is {now}").into());
    }
    let decided = decision.decided_at().ok_or("it does not say when it was signed")?;
    let ends = decision.ends(project).ok_or("it does not say when it ends")?;
    if decided > now.plus(project.effective().policy.skew) {
        return Err(format!("it was signed in the future ({decided})").into());
    }
    let moment = moment(&piece);
    let signer = signed_by(project, decision, now, Some(moment)).map_err(|why| match why {
        Unsigned::Missing => "it is not signed".to_owned(),
        Unsigned::Invalid(why) => format!("the signature does not count: {why}"),
        Unsigned::NotAllowed(why) => format!("its key may not decide: {why}"),
    })?;
    let person = person_of(&project.effective().policy.approval.persons, &signer.principal);
    if let Some(why) = person.and_then(|own| not_separate(project, &release, own, Deed::Waive)) {
        return Err(why.into());
    }
    let (index, digest) = (decision.index, decision.digest());
    Ok((said.clone(), WaiverPart { index, digest, signer, decided, ends }, moment))
}

/// The sets so far, by the digest of what each says, and the statements that are in one.
#[derive(Default)]
struct Sets {
    by_terms: BTreeMap<Sha256Digest, WaiverSet>,
    known: BTreeSet<Sha256Digest>,
}

impl Sets {
    fn add(&mut self, said: Waiver, part: WaiverPart, moment: Stamp) {
        // The same text twice is one statement.
        if !self.known.insert(part.digest) {
            return;
        }
        let (state, used) = (WaiverState::InForce, Vec::new());
        let empty = |said| WaiverSet { said, parts: Vec::new(), moment, state, used };
        self.by_terms.entry(said.terms()).or_insert_with(|| empty(said)).parts.push(part);
    }
}

/// Says whether a waiver counts; of one in force, only the parts that are stay.
fn settle(project: &Project, set: &mut WaiverSet) {
    let policy = &project.effective().policy.approval.waiver;
    let skew = project.effective().policy.skew;
    let moment = set.moment;
    let begun = |part: &&WaiverPart| part.decided <= moment.plus(skew);
    let counts = |part: &&WaiverPart| begun(part) && moment <= part.ends;
    let lacks = |wanted: &dyn Fn(&&WaiverPart) -> bool| {
        let signers: Vec<Signer> =
            set.parts.iter().filter(wanted).map(|part| part.signer.clone()).collect();
        lacking(policy, &signers)
    };
    let over = set.parts.iter().all(|part| part.ends < moment);
    set.state = if lacks(&counts).is_empty() {
        WaiverState::InForce
    } else if over || lacks(&begun).is_empty() {
        WaiverState::Expired(set.parts.iter().map(|part| part.ends).min().unwrap_or(moment))
    } else if lacks(&|_| true).is_empty() {
        WaiverState::Late
    } else {
        WaiverState::Lacking(lacks(&|_| true))
    };
    if set.state == WaiverState::InForce {
        set.parts.retain(|part| counts(&part));
    }
}

/// Lets those findings stand that a waiver in force is about, and notes what it let stand.
pub fn waive(project: &Project, waivers: &mut Waivers, findings: &mut [Finding]) {
    // Of two for one place, the one that holds longer counts.
    for set in waivers.sets.iter_mut().rev().filter(|set| set.state == WaiverState::InForce) {
        let mut left: Vec<Option<&str>> =
            set.said.seen.iter().map(|seen| Some(seen.as_str())).collect();
        let mut told: Vec<(Location, String)> = Vec::new();
        for finding in findings.iter_mut() {
            if !is_about(&set.said, finding) || not_waivable(project, finding).is_some() {
                continue;
            }
            let key = (finding.location.clone(), finding.message.clone());
            if !told.contains(&key) {
                let Some(seen) = finding_digest(project, finding) else { continue };
                let seen = seen.to_string();
                // Each thing that was seen stands for one finding.
                match left.iter_mut().find(|own| **own == Some(seen.as_str())) {
                    Some(place) => *place = None,
                    None if is_no_worse(&set.said, finding) => {}
                    None => continue,
                }
                told.push(key);
            }
            set.used.push(finding.piece.clone());
            let by = set.parts.iter().map(|part| part.signer.person.as_str());
            let by: Vec<&str> = by.collect();
            let until = set.parts.iter().map(|part| part.ends).min().unwrap_or(set.moment);
            finding.waive(format!("until {until} by {}: {}", by.join(", "), set.said.reason));
        }
    }
}

/// Whether a number that is measured anew is no worse than the one that was seen.
fn is_no_worse(said: &Waiver, finding: &Finding) -> bool {
    let found = no_worse(finding);
    let seen = |found: &NoWorse| {
        said.no_worse.iter().any(|own| own.of == found.of && found.thousandths <= own.thousandths)
    };
    found.as_ref().is_some_and(seen)
}

/// The waivers that let something in these pieces stand, as a gate's record tells them.
pub(crate) fn used_for(waivers: &Waivers, pieces: &[Piece]) -> Vec<UsedWaiver> {
    let uses = |set: &&WaiverSet| set.used.iter().any(|piece| pieces.contains(piece));
    waivers.sets.iter().filter(uses).map(WaiverSet::as_used).collect()
}
