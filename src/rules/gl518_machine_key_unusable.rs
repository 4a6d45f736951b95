//! GL518: machine-key-unusable.

use super::Context;
use crate::model::{Finding, Location, Piece};
use crate::sign::{MachineKey, SIGNERS_PATH};
use std::collections::BTreeMap;

rule! {
    /// A machine of the policy has no key of its own that can be used.
    ///
    /// ## What it checks
    /// Each key of `machines` is a public key of a kind that machines sign with: ed25519, or ecdsa over
    /// P-256 or P-384, as an OpenSSH line or PEM. No two machines share a name or a key, and none has
    /// the key of somebody in `.d3p/allowed_signers`. Each of its `steps` is a step of the phase.
    ///
    /// ## Why it matters
    /// A key that cannot be read vouches for nothing, and says so too late. A key under two names
    /// tells nobody which job signed. A machine is not a person: a job that holds an approver's key
    /// could approve what it built.
    ///
    /// ## How to fix
    /// Make a pair for the job alone, `openssl genpkey -algorithm ed25519 -out ci.pem`, and put the
    /// public half, `openssl pkey -in ci.pem -pubout`, into `d3p.yaml`.
    GL518 "machine-key-unusable" Error since "0.1.0" clauses ["X-3", "X-5"] waivable false
}

const HELP: &str = "openssl genpkey -algorithm ed25519 -out ci.pem makes a key; openssl pkey -in ci.pem -pubout shows the half that belongs here";

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let machines = &project.effective().policy.machines;
    let mut add = |index: usize, key: &str, message: String| {
        let place = Location::pointer("d3p.yaml", format!("/machines/{index}/{key}"));
        out.push(Finding::new(&GL518, Piece::Policy, place, message).edit(HELP));
    };
    let mut names = BTreeMap::new();
    let mut keys = BTreeMap::new();
    for (index, machine) in machines.iter().enumerate() {
        let name = machine.name.as_str();
        if names.insert(name, index).is_some() {
            add(index, "name", format!("two machines are called {name}"));
        }
        let unknown = |step: &&String| !project.phase.steps.contains_key(*step);
        for step in machine.steps.iter().flatten().filter(unknown) {
            add(index, "steps", format!("{name} signs for {step}, which is no step of this phase"));
        }
        let key = match MachineKey::parse(&machine.key) {
            Ok(key) => key,
            Err(why) => {
                add(index, "key", format!("the key of {name} cannot be used: {why}"));
                continue;
            }
        };
        let fingerprint = key.fingerprint();
        let signers = project.signers.iter().flat_map(|signers| &signers.lines);
        if let Some(line) = signers.into_iter().find(|line| line.fingerprint() == fingerprint) {
            let message = format!(
                "the key of {name} stands in line {} of {SIGNERS_PATH}, too: a machine is not a person",
                line.line
            );
            add(index, "key", message);
        }
        if let Some(other) = keys.insert(fingerprint, name) {
            add(index, "key", format!("{name} has the key of {other}"));
        }
    }
}
