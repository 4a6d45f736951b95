//! The ledger as the union of what several copies of it hold: no line of any of them is dropped.

use super::{Entry, Ledger, Line};
use crate::model::{Reason, Sha256Digest};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What several copies of a ledger come to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Union {
    /// The ledger, each line with its ending.
    pub text: String,
    /// How many lines came from the other copies.
    pub added: usize,
    /// What stands in the copy that lies there and is no line of the ledger, or an edited one.
    pub left_out: Vec<String>,
    /// Digests that lines name and that no copy holds, sorted.
    pub lacking: Vec<String>,
}

/// A line and the text that it was read from.
struct Found<'a> {
    text: &'a str,
    line: Line,
    /// Whether a copy besides the one that lies there holds it.
    elsewhere: bool,
}

/// The lines of `here`, and those of `others` that `belongs` says are of the same release, each once
/// and after the lines that it names. Where two have one id, one that nothing else knows is an edited
/// one, and left out.
pub fn union(
    here: &str,
    others: &[&str],
    belongs: impl Fn(&Entry) -> bool,
    strict: impl Fn(&str) -> Result<Value, Reason>,
) -> Union {
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut places: BTreeMap<Sha256Digest, usize> = BTreeMap::new();
    let (own, mut left_out) = (Ledger::parse(here, &strict), Vec::new());
    for line in own.lines {
        places.insert(line.digest, found.len());
        found.push(Found { text: &here[line.range.clone()], line, elsewhere: false });
    }
    let is_double = |text: &str| places.contains_key(&Sha256Digest::of(text.as_bytes()));
    let lines = here.split('\n').filter(|text| !text.is_empty() && !is_double(text));
    left_out.extend(lines.map(str::to_owned));
    for other in others {
        for line in Ledger::parse(other, &strict).lines {
            match places.get(&line.digest) {
                Some(place) => found[*place].elsewhere = true,
                None if belongs(&line.entry) => {
                    places.insert(line.digest, found.len());
                    found.push(Found { text: &other[line.range.clone()], line, elsewhere: true });
                }
                None => {}
            }
        }
    }
    let edited = edited(&found);
    left_out.extend(edited.iter().map(|place| found[*place].text.to_owned()));
    let mut union = Union { left_out, ..Union::default() };
    for place in ordered(&found, &places) {
        if edited.contains(&place) {
            continue;
        }
        union.added += usize::from(!here.contains(found[place].text));
        union.text.push_str(found[place].text);
        union.text.push('\n');
    }
    let heads = found.iter().flat_map(|own| &own.line.entry.heads);
    let lacks = |head: &&String| {
        Sha256Digest::parse(head).is_none_or(|digest| !places.contains_key(&digest))
    };
    let lacking: BTreeSet<&String> = heads.filter(lacks).collect();
    union.lacking = lacking.into_iter().cloned().collect();
    union
}

/// Places of lines that share their id with another, and that neither a line names nor another copy
/// holds, while it is so for one of those others.
fn edited(found: &[Found<'_>]) -> BTreeSet<usize> {
    let named: BTreeSet<&str> =
        found.iter().flat_map(|own| &own.line.entry.heads).map(String::as_str).collect();
    let known =
        |own: &Found<'_>| own.elsewhere || named.contains(own.line.digest.to_string().as_str());
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, own) in found.iter().enumerate() {
        by_id.entry(&own.line.entry.id).or_default().push(place);
    }
    let of_one_id = by_id.into_values();
    let doubtful = of_one_id.filter(|all| all.iter().any(|place| known(&found[*place])));
    doubtful.flatten().filter(|place| !known(&found[*place])).collect()
}

/// Places in the order in which they were found, each after those that it names.
fn ordered(found: &[Found<'_>], places: &BTreeMap<Sha256Digest, usize>) -> Vec<usize> {
    let mut order = Vec::with_capacity(found.len());
    let mut seen = vec![false; found.len()];
    for start in 0..found.len() {
        let mut open = vec![(start, false)];
        while let Some((place, done)) = open.pop() {
            if done {
                order.push(place);
            } else if !std::mem::replace(&mut seen[place], true) {
                open.push((place, true));
                let heads = found[place].line.entry.heads.iter().rev();
                let before = heads.filter_map(|head| places.get(&Sha256Digest::parse(head)?));
                open.extend(before.map(|before| (*before, false)));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Caller, Stamp};
    use crate::record::EntryKind;

    fn line(id: u64, release: &str, heads: &[&str]) -> String {
        let at = Stamp::parse("2026-11-21T09:00:00Z").expect("a time");
        let heads: Vec<Sha256Digest> =
            heads.iter().map(|head| Sha256Digest::of(head.as_bytes())).collect();
        let actor = Caller::parse("unknown", crate::model::CallerKind::Person);
        let id = format!("{id:016x}");
        let mut entry = Entry::new(id, at, actor, EntryKind::Archived, release.to_owned(), &heads);
        entry.closed = Some(crate::model::Closing::Abandoned);
        entry.to_line()
    }

    fn of(here: &[&str], other: &[&str]) -> Union {
        let text =
            |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let strict = |line: &str| {
            serde_json::from_str(line).map_err(|error| Reason::from(error.to_string()))
        };
        union(&text(here), &[&text(other)], |entry| entry.release == "v1+1", strict)
    }

    #[test]
    fn no_line_is_dropped_and_each_stands_after_those_it_names() {
        let one = line(1, "v1+1", &[]);
        let two = line(2, "v1+1", &[&one]);
        let (left, right) = (line(3, "v1+1", &[&two]), line(4, "v1+1", &[&two]));
        let end = line(5, "v1+1", &[&left, &right]);
        let merged = of(&[&one, "<<<<<<< HEAD", &end], &[&one, &two, &left, &right]);
        let lines: Vec<&str> = merged.text.lines().collect();
        assert_eq!(lines, [&one, &two, &left, &right, &end]);
        assert_eq!((merged.added, merged.lacking.len()), (3, 0));
        assert_eq!(merged.left_out, ["<<<<<<< HEAD"]);
        let lost = of(&[&one, &end], &[]);
        assert_eq!(lost.lacking.len(), 2);
        assert_eq!(lost.text.lines().count(), 2);
    }

    #[test]
    fn what_is_of_another_release_or_was_edited_is_left_out() {
        let one = line(1, "v1+1", &[]);
        let edited = one.replace("abandoned", "completed");
        let other = line(9, "v0+1", &[]);
        let merged = of(&[&edited], &[&one, &other]);
        assert_eq!(merged.text, format!("{one}\n"));
        assert_eq!(merged.left_out, [edited.as_str()]);
        // With nothing to tell which is the edited one, both stay.
        let both = of(&[&one, &edited], &[]);
        assert_eq!(both.text.lines().count(), 2);
    }
}
