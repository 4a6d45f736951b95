//! How to check one approval with nothing but jq, sha256sum and ssh-keygen.

use crate::decisions::{Signer, approval_evidence, decisions, signatures_on, signer};
use crate::model::Stamp;
use crate::project::Project;
use crate::sign::{NAMESPACE, SIGNERS_PATH};
use crate::text::shell;

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
