//! What an authority outside says of the ledger's times.
//!
//! A stamp bounds from above the line that it is about and all that it leads back to, and from below
//! each line that leads back to it: nobody has a stamp before it was made.

use super::Project;
use crate::model::{Reason, Sha256Digest, Stamp};
use crate::sign::timestamp::{Attested, Roots, verify};
use base64ct::{Base64, Encoding as _};
use std::collections::BTreeMap;

/// The time stamps of a ledger, and what follows from them.
#[derive(Debug, Default)]
pub struct Attestations {
    /// The place of each line with a time stamp, and what that proves or why it proves nothing.
    pub each: Vec<(usize, Result<Attested, Reason>)>,
    /// For each line of the ledger the times between which it was written, as far as they are known.
    bounds: Vec<Bounds>,
    /// When each digest that a line names was there, at the latest.
    named: BTreeMap<Sha256Digest, Stamp>,
}

/// Between which times something was, as far as somebody outside knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// Not before.
    pub after: Option<Stamp>,
    /// Not later.
    pub before: Option<Stamp>,
}

impl Project {
    /// What an authority outside says of the ledger's times; read and verified once.
    pub fn attested(&self) -> &Attestations {
        self.attested.get_or_init(|| {
            let mut each = Vec::new();
            for (place, line) in self.ledger.lines.iter().enumerate() {
                if let Some(own) = &line.entry.timestamp {
                    each.push((place, self.proves(&own.of, &own.token)));
                }
            }
            let mut found = Attestations { each, ..Attestations::default() };
            if found.each.iter().any(|(_, own)| own.is_ok()) {
                found.bound(self);
            }
            found
        })
    }

    /// Who may vouch for the authority of time; `None` where the policy names no authority.
    pub fn timestamp_roots(&self) -> Option<Result<Roots, Reason>> {
        let (path, pem) = self.effective().timestamp_roots()?;
        let roots = pem.map_or_else(|| Err("it is not there".into()), Roots::parse);
        Some(roots.map_err(|why| format!("{path} cannot be used: {why}").into()))
    }

    fn proves(&self, of: &str, token: &str) -> Result<Attested, Reason> {
        let roots = self.timestamp_roots().ok_or("the policy names no authority")??;
        let digest = Sha256Digest::parse(of).filter(|_| self.ledger.place(of).is_some());
        let digest = digest.ok_or("it is about a line that is not in this ledger")?;
        let token = Base64::decode_vec(token).map_err(|_| "it is no base64")?;
        verify(&token, &digest, &roots)
    }

    /// When somebody outside had seen what has this digest, at the latest: a verifier who kept a head,
    /// or an authority.
    pub fn witnessed(&self, digest: &Sha256Digest) -> Option<Stamp> {
        let attested = self.attested().named.get(digest);
        self.kept.get(digest).into_iter().chain(attested).min().copied()
    }
}

impl Attestations {
    /// Between which times the line at `place` was written.
    pub fn bounds(&self, place: usize) -> Bounds {
        self.bounds.get(place).copied().unwrap_or_default()
    }

    fn bound(&mut self, project: &Project) {
        let ledger = &project.ledger;
        let mut bounds = vec![Bounds::default(); ledger.lines.len()];
        let heads: Vec<Vec<usize>> = ledger
            .lines
            .iter()
            .map(|line| line.entry.heads.iter().filter_map(|head| ledger.place(head)).collect())
            .collect();
        let earlier = |own: &mut Option<Stamp>, other: Stamp| {
            let is = own.is_none_or(|own| other < own);
            if is {
                *own = Some(other)
            };
            is
        };
        let mut made = BTreeMap::new();
        for (place, own) in &self.each {
            let Ok(own) = own else { continue };
            made.insert(*place, own.earliest);
            let of = ledger.lines[*place].entry.timestamp.as_ref();
            if let Some(of) = of.and_then(|of| ledger.place(&of.of)) {
                earlier(&mut bounds[of].before, own.latest);
            }
        }
        // Lines stand behind those that they name, but for what a merge has put in another order.
        let mut again = true;
        while std::mem::take(&mut again) {
            for (place, heads) in heads.iter().enumerate().rev() {
                let Some(before) = bounds[place].before else { continue };
                for head in heads {
                    again |= earlier(&mut bounds[*head].before, before);
                }
            }
            for (place, heads) in heads.iter().enumerate() {
                let own = made.get(&place).copied();
                let after = heads.iter().filter_map(|head| bounds[*head].after).chain(own).max();
                if after > bounds[place].after {
                    bounds[place].after = after;
                    again = true;
                }
            }
        }
        for (line, own) in ledger.lines.iter().zip(&bounds) {
            let Some(before) = own.before else { continue };
            for digest in line.entry.named().filter_map(Sha256Digest::parse) {
                let known = self.named.entry(digest).or_insert(before);
                *known = before.min(*known);
            }
        }
        self.bounds = bounds;
    }
}
