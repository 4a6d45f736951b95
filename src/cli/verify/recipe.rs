//! How to check one approval with nothing but jq, sha256sum and ssh-keygen.

use crate::decisions::{Signer, approval_evidence, decisions, signatures_on, signer};
use crate::model::Stamp;
use crate::project::Project;
use crate::sign::{NAMESPACE, SIGNERS_PATH};
use crate::text::shell;
use serde_json::Value;

/// Commands of a shell, to be run in the project's directory, for each GO that counts; none
/// where nothing is signed.
pub(super) fn recipe(project: &Project, now: Stamp) -> Vec<String> {
    let Some(evidence) = approval_evidence(project) else { return Vec::new() };
    if !signatures_on(project) {
        return Vec::new();
    }
    let launched = project.launched_at();
    let counting = decisions(project).into_iter().filter(|decision| decision.is_go());
    let signed = counting.filter_map(|decision| {
        let signer = signer(project, &decision, now, launched).ok()?;
        Some((decision.index, signer))
    });
    let signed: Vec<(usize, Signer)> = signed.collect();
    if signed.is_empty() {
        return Vec::new();
    }
    let path = shell::word(&evidence.def.path);
    let mut out = vec!["t=$(mktemp -d)".to_owned()];
    out.extend(signed.iter().flat_map(|(index, signer)| one(*index, signer, &path, launched)));
    out
}

/// Commands that check, with the tools of SLSA, the record of each gate that a machine signed.
pub(super) fn of_records(project: &Project) -> Vec<String> {
    let mut out = Vec::new();
    for (id, gate) in &project.phase.gates {
        let path = project.places().gate(gate.number, id);
        let Some(file) = project.present(&path) else { continue };
        let (Some(record), Some(digest)) = (file.value(), file.digest) else { continue };
        let envelope = project.places().envelope(&path, digest);
        let text = project.raw.get(&envelope).map(|own| own.text.as_str()).unwrap_or_default();
        let Ok(read) = serde_json::from_str::<Value>(text) else { continue };
        let keyid = read.pointer("/signatures/0/keyid").and_then(Value::as_str);
        let line = project.ledger.lines.iter().rev().find_map(|line| {
            let names = line.entry.digests.iter().any(|own| own.path == envelope);
            line.entry.machine.as_ref().filter(|_| names)
        });
        let machines = &project.effective().policy.machines;
        let place = machines.iter().position(|own| Some(&own.name) == line);
        let (Some(keyid), Some(place)) = (keyid, place) else { continue };
        if out.is_empty() {
            out.push("t=$(mktemp -d)".to_owned());
        }
        let pem = machines[place].key.contains("-----BEGIN");
        let key = format!("jq -r '.policy.machines[{place}].key' {}", project.places().policy());
        out.push(match pem {
            true => format!("{key} > $t/key.pem"),
            false => format!("{key} > $t/key && ssh-keygen -e -m PKCS8 -f $t/key > $t/key.pem"),
        });
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or("");
        let subjects = record.get("subject").and_then(Value::as_array).into_iter().flatten();
        let digests = subjects.filter_map(|own| own.get("digest")?.as_object()).flatten();
        let digests: Vec<String> = digests
            .filter_map(|(name, value)| {
                Some(format!("--subject-digest {name}:{}", value.as_str()?))
            })
            .collect();
        out.push(format!(
            "slsa-verifier verify-vsa {} --attestation-path {} --verifier-id {} --resource-uri {} --verified-level {} --public-key-path $t/key.pem --public-key-id {}",
            digests.join(" "),
            shell::word(&envelope),
            shell::word(text("/predicate/verifier/id")),
            shell::word(text("/predicate/resourceUri")),
            shell::word(text("/predicate/verifiedLevels/0")),
            shell::word(keyid),
        ));
    }
    out
}

/// What checks one GO.
fn one(index: usize, signer: &Signer, path: &str, launched: Option<Stamp>) -> Vec<String> {
    // ssh-keygen judges keys now, unless it is told when.
    let then = launched.filter(|_| signer.expired.is_some()).map_or(String::new(), |at| {
        let digits: String = at.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
        format!(" -Overify-time={digits}Z")
    });
    vec![
        format!("jq -j '.decisions[{index}].statement' {path} > $t/statement"),
        format!("jq -r '.decisions[{index}].signature' {path} > $t/statement.sig"),
        format!(
            "ssh-keygen -Y verify{then} -f {SIGNERS_PATH} -I {} -n {NAMESPACE} -s $t/statement.sig < $t/statement",
            shell::word(&signer.principal)
        ),
        "jq -r '.predicate.covers[] | .sha256 + \"  \" + .path' $t/statement | sha256sum --check --quiet"
            .to_owned(),
        "jq '.predicate | del(.covers)' $t/statement".to_owned(),
    ]
}
