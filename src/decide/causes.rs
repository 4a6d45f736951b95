//! Which findings are one fault: what is lost or edited, and everything that is found only because of
//! it.

use crate::model::{Advice, Cause, Finding, Piece, State};
use crate::project::{Damage, Harm, Project, piece_of};
use crate::rules::{
    GL101, GL201, GL220, GL223, GL227, GL311, GL504, GL902, GL906, GL908, GL912, GL922, restore,
};
use std::collections::BTreeMap;

/// Says of each finding which other one it comes of, and lets what is damaged be brought back before
/// anything else is done about it.
pub(super) fn find_causes(project: &Project, findings: &mut [Finding]) {
    let damage = project.damage();
    let launched = project.launched_at().is_some();
    let ledger = project.places().ledger();
    let harmed = project.ledger_harm().is_some();
    for finding in findings.iter_mut().filter(|finding| finding.state.is_some()) {
        // What may not be read is there, and nothing to be brought back.
        let mut lost = damage.iter().filter(|own| !matches!(own.harm, Harm::Denied(..)));
        // A decision on what is gone is not taken anew before that was looked for.
        if launched && finding.rule == &GL504 && lost.clone().next().is_some() {
            finding.advice = Some(restore());
        }
        if let Some(own) = lost.find(|own| own.path == finding.location.path) {
            let advice = finding.advice.take();
            finding.advice = Some(brought_back(project, own, launched, advice));
        }
        // Nobody writes lines of it anew, whatever else is said of the file.
        if harmed && finding.piece == Piece::Ledger && finding.location.path == ledger {
            finding.advice = Some(restore());
        }
    }
    let mut causes: Vec<Option<usize>> = vec![None; findings.len()];
    of_damage(project, &damage, findings, &mut causes);
    for index in 0..findings.len() {
        if causes[index].is_none() && !findings[index].follows.is_empty() {
            causes[index] = of_pieces(index, findings, &causes);
        }
    }
    for index in 0..findings.len() {
        let Some(cause) = root(index, &causes).filter(|cause| *cause != index) else { continue };
        let of = &findings[cause];
        let (rule, path) = (of.rule.code, of.location.path.clone());
        let state = worst(index, cause, findings, &causes);
        let message = findings[cause].message.clone();
        findings[index].cause = Some(Cause { rule, path, message, state });
    }
}

/// The worst of what a finding comes of: its cause, and whatever else is wrong with what it follows.
fn worst(
    index: usize,
    cause: usize,
    findings: &[Finding],
    causes: &[Option<usize>],
) -> Option<State> {
    let follows = &findings[index].follows;
    let others = findings.iter().enumerate().filter(|(other, own)| {
        *other != index && own.state.is_some() && follows.contains(&own.piece)
    });
    let roots = others.filter_map(|(other, _)| root(other, causes));
    roots
        .filter(|other| *other != index)
        .chain([cause])
        .filter_map(|other| findings[other].state)
        .max()
}

/// The restore first, where a copy is known to lie here, or where nothing else counts any more.
fn brought_back(
    project: &Project,
    damage: &Damage,
    launched: bool,
    advice: Option<Advice>,
) -> Advice {
    if launched {
        return restore();
    }
    let copy = damage.digest.is_some_and(|digest| {
        project.objects.get(&digest.to_string()) == Some(&digest)
            || project.raw.values().any(|file| file.digest == Some(digest))
    });
    match advice {
        None => restore(),
        Some(advice) if advice.argv.get(1).is_some_and(|word| word == "doctor") => advice,
        Some(advice) if copy => restore().or(advice),
        Some(advice) => advice.or(restore()),
    }
}

/// What is said of a damaged file, or of its piece, is one fault; and what is about all of them: that
/// the report or the observations are outdated, or an approval is superseded.
fn of_damage(
    project: &Project,
    damage: &[Damage],
    findings: &[Finding],
    causes: &mut [Option<usize>],
) {
    let mut own: BTreeMap<&str, usize> = BTreeMap::new();
    for Damage { path, harm, .. } in damage {
        let about = |finding: &Finding| finding.state.is_some() && finding.location.path == *path;
        let all = findings.iter().enumerate().filter(|(_, finding)| about(finding));
        let rank = |finding: &Finding| (!says(finding, harm), finding.rule.code);
        if let Some((index, _)) = all.min_by_key(|(_, finding)| rank(finding)) {
            own.insert(path, index);
        }
    }
    for (index, finding) in findings.iter().enumerate() {
        let piece = |path: &&str| piece_of(project, path) == finding.piece;
        let is_file = !matches!(finding.piece, Piece::Ledger | Piece::Policy | Piece::Gate(_));
        let by_path = own.get_key_value(finding.location.path.as_str());
        let found = by_path.or_else(|| {
            own.iter()
                .find(|(path, _)| is_file && piece(path))
                .map(|(path, _)| own.get_key_value(path).expect("it was found there"))
        });
        let of_all = [&GL223, &GL227, &GL504].contains(&finding.rule);
        let first = || own.values().min().filter(|_| of_all);
        let found = found.map(|(_, cause)| cause).or_else(first);
        causes[index] = found.copied().filter(|cause| *cause != index);
    }
}

/// Whether a finding says in so many words what became of a file.
fn says(finding: &Finding, harm: &Harm) -> bool {
    let rule = finding.rule;
    match harm {
        Harm::Edited => [&GL311, &GL906, &GL908, &GL912, &GL922].contains(&rule),
        Harm::Gone => [&GL101, &GL201, &GL220, &GL902, &GL906, &GL908, &GL922].contains(&rule),
        // The rules on files as such.
        Harm::Unreadable(_) | Harm::Denied(..) => ("GL103".."GL120").contains(&rule.code),
    }
}

/// What is wrong with the pieces that a finding follows.
fn of_pieces(index: usize, findings: &[Finding], causes: &[Option<usize>]) -> Option<usize> {
    let follows = &findings[index].follows;
    let of = |piece: &Piece| {
        let wrong = findings.iter().enumerate().filter(|(_, other)| other.state.is_some());
        let mut wrong = wrong.filter(|(other, finding)| *other != index && finding.piece == *piece);
        wrong.find(|(other, _)| root(*other, causes) != Some(index)).map(|(other, _)| other)
    };
    follows.iter().find_map(of)
}

/// The cause that has none itself.
fn root(index: usize, causes: &[Option<usize>]) -> Option<usize> {
    let mut at = index;
    for _ in 0..causes.len() {
        match causes[at] {
            Some(next) => at = next,
            None => return Some(at),
        }
    }
    None
}
