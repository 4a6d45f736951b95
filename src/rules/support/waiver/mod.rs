//! What people let stand: who signed it, whether that counts, and for which findings.
//!
//! A waiver is what several statements say in the same words. It lets exactly those findings stand
//! whose place holds what was seen when it was signed; what is missing or not to be believed cannot
//! be let stand at all, since nobody saw it.

mod place;

pub(crate) use place::used_for;
pub use place::{is_waivable, not_waivable, precedes_launch, seen_at, waive};

use super::faults::piece_of;
use super::signed::{Signed, Signer, Unsigned, lacking, signatures_on, signed_by};
use crate::derive::waiver::{Stated, stated};
use crate::model::{Finding, Location, Piece, Sha256Digest, Stamp};
use crate::project::{Project, short};
use crate::record::{UsedWaiver, WAIVERS_PATH, Waiver};
use crate::rules::Context;
use place::{gate_of, is_about, untouchable};
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
    pub worth: Worth,
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
pub enum Worth {
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
        self.sets.iter().filter(|set| set.worth == Worth::Late)
    }
}

impl WaiverSet {
    /// Where its first statement stands.
    pub(crate) fn location(&self) -> Location {
        let index = self.parts.iter().map(|part| part.index).min().unwrap_or_default();
        Location::pointer(WAIVERS_PATH, format!("/waivers/{index}/statement"))
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

/// The waivers of a project, each judged at the moment that what it is about is judged at.
pub fn waivers(context: &Context<'_>) -> Waivers {
    let now = context.judgement.now;
    evaluate(context.project, now, &|piece| {
        if precedes_launch(context.project, piece) {
            return context.launched_at().unwrap_or(now);
        }
        gate_of(context.project, piece).map_or(now, |(gate, _)| context.judged_at(gate))
    })
}

fn evaluate(project: &Project, now: Stamp, moment: &dyn Fn(&Piece) -> Stamp) -> Waivers {
    let (mut out, mut sets) = (Waivers::default(), Sets::default());
    for stated in stated(project) {
        match part(project, &stated, now, moment) {
            Ok((said, part, moment)) => sets.add(said, part, moment),
            Err(why) => out.invalid.push((stated.index, why)),
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
    stated: &Stated,
    now: Stamp,
    moment: &dyn Fn(&Piece) -> Stamp,
) -> Result<(Waiver, WaiverPart, Stamp), String> {
    let statement = stated.statement.as_ref().map_err(Clone::clone)?;
    let said = &statement.predicate;
    if !signatures_on(project) {
        return Err("d3p.yaml says `signatures: \"off\"`: nobody can sign one".to_owned());
    }
    let rule = crate::rules::RULES.iter().find(|rule| rule.code == said.rule);
    if !rule.is_some_and(|rule| is_waivable(rule)) {
        return Err(format!("{} can never be waived", said.rule));
    }
    let piece = piece_of(project, &said.path);
    if let Some(why) = untouchable(project, &piece) {
        return Err(why.to_owned());
    }
    let release = project.release().ok_or("no release is open")?;
    let about = (&said.release, &said.commit, said.attempt);
    if about != (&release.version, &release.commit, release.attempt) {
        return Err(format!(
            "it is about {} attempt {} at {}, and this is {} attempt {} at {}",
            said.release,
            said.attempt,
            short(&said.commit),
            release.version,
            release.attempt,
            short(&release.commit)
        ));
    }
    let decided = Stamp::parse(&said.decided_at).map_err(|error| error.to_string())?;
    let own = Stamp::parse(&said.not_after).map_err(|error| error.to_string())?;
    if decided > now.plus(project.effective().policy.skew) {
        return Err(format!("it was signed in the future ({decided})"));
    }
    let moment = moment(&piece);
    let signed = Signed { text: &stated.text, signature: Some(&stated.signature) };
    let by = crate::record::Predicate::by(said);
    let signer = signed_by(project, signed, by, now, Some(moment)).map_err(|why| match why {
        Unsigned::Missing => "it is not signed".to_owned(),
        Unsigned::Invalid(why) => format!("the signature does not count: {why}"),
        Unsigned::NotAllowed(why) => format!("its key may not decide: {why}"),
    })?;
    let ends = own.min(decided.plus(project.effective().policy.approval.waiver.max_age));
    let digest = Sha256Digest::of(stated.text.as_bytes());
    Ok((said.clone(), WaiverPart { index: stated.index, digest, signer, decided, ends }, moment))
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
        let (worth, used) = (Worth::InForce, Vec::new());
        let empty = |said| WaiverSet { said, parts: Vec::new(), moment, worth, used };
        self.by_terms.entry(said.terms()).or_insert_with(|| empty(said)).parts.push(part);
    }
}

/// Says what a waiver is worth; of one in force, only the parts that are stay.
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
    set.worth = if lacks(&counts).is_empty() {
        Worth::InForce
    } else if over || lacks(&begun).is_empty() {
        Worth::Expired(set.parts.iter().map(|part| part.ends).min().unwrap_or(moment))
    } else if lacks(&|_| true).is_empty() {
        Worth::Late
    } else {
        Worth::Lacking(lacks(&|_| true))
    };
    if set.worth == Worth::InForce {
        set.parts.retain(|part| counts(&part));
    }
}

/// Everything that removed an obligation and that whoever approves takes over: what the policy
/// exempts, and what is let stand of what leads to the launch, in words.
pub fn accepted(project: &Project, now: Stamp) -> Vec<String> {
    let mut all = project.exemptions();
    all.extend(waived_for_launch(project, now));
    all
}

/// The waivers in force for the launch: now, or when it began.
pub(crate) fn waived_for_launch(project: &Project, now: Stamp) -> Vec<String> {
    let moments = std::iter::once(now).chain(project.launched_at());
    let sets = moments.flat_map(|moment| evaluate(project, now, &|_| moment).sets);
    let counts = |set: &WaiverSet| {
        set.worth == Worth::InForce && precedes_launch(project, &piece_of(project, &set.said.path))
    };
    let mut all: Vec<String> = sets.filter(counts).map(|set| line(&set.said)).collect();
    all.sort();
    all.dedup();
    all
}

/// A waiver among the exemptions of an approval: what it says, and the digest of exactly that.
fn line(said: &Waiver) -> String {
    format!("{WAIVED}{} (sha256:{})", said.words(), said.terms())
}

/// How such a line begins.
const WAIVED: &str = "waived: ";

/// Whether a line of an approval's exemptions is a waiver.
pub(crate) fn is_waiver_line(line: &str) -> bool {
    line.starts_with(WAIVED)
}
