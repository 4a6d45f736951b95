//! Logs that are only ever added to: entries that were recorded are put back among those that are there.

use super::copies::Copies;
use super::{Copy, Damaged};
use crate::markdown::entries::{Entry, parse_entries};
use crate::model::Sha256Digest;
use crate::project::Damage;
use std::collections::{BTreeMap, BTreeSet};

/// The log with the entries that it lacks, as far as some copy has them.
pub(super) fn damaged(here: Option<String>, damage: &Damage, copies: &Copies<'_>) -> Damaged {
    let objects: Vec<Sha256Digest> = damage.digest.into_iter().collect();
    let mut texts = copies.texts(&damage.path, &objects);
    texts.extend(here.clone().map(|text| (text, "the file itself".to_owned())));
    let mut lines: BTreeMap<Sha256Digest, &str> = BTreeMap::new();
    for (text, _) in &texts {
        for line in text.split('\n').filter(|line| line.starts_with("- ")) {
            lines.insert(Sha256Digest::of(line.as_bytes()), line);
        }
    }
    let there = |text: &str| -> usize {
        let entries: BTreeSet<Sha256Digest> =
            parse_entries(text).0.into_iter().map(|entry| entry.digest).collect();
        damage.entries.iter().filter(|digest| entries.contains(digest)).count()
    };
    // The copy that a gate bound comes first, and so stands where others hold as much.
    let best = texts.iter().rev().max_by_key(|(text, _)| there(text));
    let missing: Vec<String> = damage
        .entries
        .iter()
        .filter(|digest| !lines.contains_key(digest))
        .map(|digest| format!("no copy holds the entry with the digest {digest}"))
        .collect();
    let merged = best.map(|(text, from)| {
        (merged(text, damage, &lines, here.as_deref().unwrap_or_default()), from.clone())
    });
    let found = merged.filter(|(text, _)| here.as_ref() != Some(text) && there(text) > 0);
    Damaged {
        path: damage.path.clone(),
        what: damage.harm.words(),
        named_by: damage.named_by.clone(),
        found: found.map(|(text, from)| Copy { bytes: text.into_bytes(), from }),
        denied: None,
        is_missed: true,
        notes: missing,
    }
}

/// The entries of `base` in their order, then what was recorded besides, then what else lies here.
fn merged(base: &str, damage: &Damage, lines: &BTreeMap<Sha256Digest, &str>, here: &str) -> String {
    let (own, _) = parse_entries(base);
    // To the byte: gates bind what stands before the first entry.
    let head = own.first().map_or(base, |first| &base[..first.range.start]);
    let mut ids: BTreeSet<String> = own.iter().map(|entry| entry.id.clone()).collect();
    let mut text: Vec<&str> = own.iter().map(|entry| &base[entry.range.clone()]).collect();
    let recorded = damage.entries.iter().filter_map(|digest| lines.get(digest).copied());
    let (others, _) = parse_entries(here);
    let others = others.iter().map(|entry: &Entry| &here[entry.range.clone()]);
    for line in recorded.chain(others) {
        let id = line.split(' ').nth(2).unwrap_or_default();
        if ids.insert(id.to_owned()) {
            text.push(line);
        }
    }
    let body: String = text.iter().map(|line| format!("{line}\n")).collect();
    match head.ends_with('\n') {
        true => format!("{head}{body}"),
        false => format!("{head}\n{body}"),
    }
}
