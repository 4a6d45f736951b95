//! A bundle that somebody takes apart and puts together again.

use super::*;
use crate::common::archive::{Piece, gzip, pieces, put, tar};
use d3p::testing::model::Sha256Digest;
use serde_json::json;

pub(super) const MANIFEST: &str = "d3p-bundle/manifest.json";
pub(super) const APPROVAL: &str = ".artifacts/deployment/production-approval.json";

/// A release's bundle, and an empty directory to verify others in.
pub(super) struct Case {
    pub(super) honest: Vec<u8>,
    pub(super) world: World,
}

impl Case {
    pub(super) fn new() -> Self {
        let world = World::played();
        run(&world, &CREATE, Exit::Passed);
        Self { honest: bytes(&world, BUNDLE), world: elsewhere(&world, BUNDLE) }
    }

    pub(super) fn pieces(&self) -> Vec<Piece> {
        pieces(&self.honest)
    }

    pub(super) fn verify(&self, bundle: &[u8]) -> Said {
        let now = self.world.now();
        self.world.write("b", bundle);
        let said = self.world.json(&["verify", "b"]);
        self.world.at(now);
        said
    }

    /// Refused, with this rule at this place. After GL920 nothing is judged.
    pub(super) fn refused(&self, what: &str, bundle: &[u8], rule: &str, path: &str) {
        let said = self.verify(bundle);
        assert_eq!(said.exit, Exit::Refused, "{what}: {}", said.all());
        assert!(has(&said, rule, path), "{what}: no {rule} at {path:?}: {}", said.all());
        let judged = said.json().get("gates").is_some();
        assert_eq!(judged, rule != "GL920", "{what}: {}", said.all());
        // A person is told the same, without what moves a cursor.
        let human = self.world.run(&["verify", "b"]);
        assert_eq!(human.exit, Exit::Refused, "{what}");
        assert!(human.all().contains(rule), "{what}: {}", human.all());
        assert!(!human.all().contains('\u{1b}'), "{what}");
    }

    pub(super) fn pieces_refused(&self, what: &str, pieces: &[Piece], rule: &str, path: &str) {
        self.refused(what, &gzip(&tar(pieces)), rule, path);
    }
}

/// Puts a member in, and makes the manifest fit.
pub(super) fn listed(all: &mut Vec<Piece>, piece: Piece) {
    relist(all, |manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        files.retain(|file| file["path"] != piece.name());
        files.push(json!({
            "path": piece.name(),
            "bytes": piece.content.len(),
            "sha256": Sha256Digest::of(&piece.content).to_string(),
        }));
        files.sort_by(|a, b| a["path"].as_str().cmp(&b["path"].as_str()));
    });
    put(all, piece);
}

pub(super) fn relist(all: &mut [Piece], change: impl FnOnce(&mut Value)) {
    let mut manifest: Value = serde_json::from_slice(&all[0].content).unwrap();
    change(&mut manifest);
    all[0].content = format!("{manifest:#}\n").into_bytes();
}
