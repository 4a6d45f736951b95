//! Which lines of the ledgers lead back to which.

use super::Ledger;
use crate::model::Sha256Digest;
use std::collections::BTreeMap;

/// The lines of a release's ledgers, whom each names, and which of them name a decision.
#[derive(Debug, Default)]
pub struct Lineage {
    places: BTreeMap<Sha256Digest, usize>,
    /// Places of the lines that each line names.
    heads: Vec<Vec<usize>>,
    /// Places of the lines that name a decision, by the digest of its text.
    decided: BTreeMap<Sha256Digest, Vec<usize>>,
}

/// Some lines, and all that they lead back to: a bit for each place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct History(Vec<u64>);

impl Lineage {
    /// The lines of `ledgers`. A line that stands in two of them is one.
    pub fn of(ledgers: &[&Ledger]) -> Self {
        let mut lineage = Self::default();
        let lines = || ledgers.iter().flat_map(|ledger| &ledger.lines);
        for line in lines() {
            let next = lineage.places.len();
            lineage.places.entry(line.digest).or_insert(next);
        }
        lineage.heads = vec![Vec::new(); lineage.places.len()];
        for line in lines() {
            let place = lineage.places[&line.digest];
            if let Some(decided) = &line.entry.decided
                && let Some(text) = Sha256Digest::parse(&decided.statement)
            {
                lineage.decided.entry(text).or_default().push(place);
            }
            let heads = line.entry.heads.iter().filter_map(|head| lineage.place(head));
            lineage.heads[place] = heads.collect();
        }
        lineage
    }

    fn place(&self, digest: &str) -> Option<usize> {
        self.places.get(&Sha256Digest::parse(digest)?).copied()
    }

    /// Every line that `heads` name, or lead back to.
    pub fn history<'a>(&self, heads: impl IntoIterator<Item = &'a str>) -> History {
        let mut seen = History(vec![0; self.heads.len().div_ceil(64)]);
        let mut open: Vec<usize> = heads.into_iter().filter_map(|head| self.place(head)).collect();
        while let Some(place) = open.pop() {
            if seen.add(place) {
                open.extend(self.heads[place].iter().filter(|head| !seen.has(**head)));
            }
        }
        seen
    }

    /// Whether the line with this digest is among them.
    pub fn holds(&self, history: &History, line: &Sha256Digest) -> bool {
        self.places.get(line).is_some_and(|place| history.has(*place))
    }

    /// Whether a line names what somebody said.
    pub fn names(&self, said: Sha256Digest) -> bool {
        self.decided.contains_key(&said)
    }

    /// Whether somebody who signed over heads that lead back to `before` had every line before them
    /// that names what another said. No clock is asked, and no line that is added later changes the
    /// answer to yes.
    pub fn is_known(&self, said: Sha256Digest, before: &History) -> bool {
        let lines = self.decided.get(&said);
        lines.is_some_and(|lines| lines.iter().all(|place| before.has(*place)))
    }
}

impl History {
    fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|bits| bits & (1 << (place % 64)) != 0)
    }

    /// Whether it was not there before.
    fn add(&mut self, place: usize) -> bool {
        let Some(bits) = self.0.get_mut(place / 64) else { return false };
        let new = *bits & (1 << (place % 64)) == 0;
        *bits |= 1 << (place % 64);
        new
    }
}
