//! Advice that several rules and commands give.

use crate::model::{Actor, Advice, Placeholder};
use crate::project::Project;

/// Records a piece from a file that whoever is asked writes first.
pub(crate) fn record_from(kind: &str) -> Advice {
    Advice::d3p(["record", kind, "--from"])
        .fill(Placeholder::BODY)
        .what(format!("write its body, as d3p record {kind} --example prints it, and record it"))
}

/// Takes `d3p.yaml` as it is into this release; only before the launch.
pub fn refreeze(project: &Project) -> Advice {
    let gate = project.phase.first_gate().map_or("", |(id, _)| id);
    Advice::d3p(["gate", gate, "--refreeze"])
        .what("before the launch, take the edit into this release")
}

/// Closes the release with an outcome.
pub fn close(outcome: &str) -> Advice {
    Advice::d3p(["archive", "--outcome", outcome]).with("--reason", Placeholder::REASON)
}

/// Closes an attempt that cannot be mended any more, so that the next one can begin.
pub fn abandon() -> Advice {
    close("abandoned").what("close this attempt, so that the next one can begin")
}

/// Begins the next release or attempt.
pub fn begin() -> Advice {
    Advice::d3p(["init"])
        .with("--release", Placeholder::VERSION)
        .what("once it is closed, begin the next one")
}

/// Lets a person sign that findings may stand.
pub(crate) fn waive(rule: &str, path: &str) -> Advice {
    Advice::decide(["waive", rule, "--path", path])
        .with("--until", Placeholder::UNTIL)
        .with("--reason", Placeholder::REASON)
        .with("--as", Placeholder::PRINCIPAL)
}

/// Drops the waivers that count for nothing.
pub(crate) fn drop_waivers() -> Advice {
    Advice::d3p(["waive", "--remove"]).what("drop what counts for nothing")
}

/// Makes a key that shows who was there.
pub fn hardware_key() -> Advice {
    Advice::run(["ssh-keygen", "-t", "ed25519-sk"])
        .by(Actor::Person)
        .what("sign with a FIDO key; where the policy wants a PIN, add -O verify-required")
}

/// Asks another person to approve what somebody made themselves.
pub fn let_another() -> Advice {
    Advice::decide(["approve", "sign"])
        .with("--as", Placeholder::PRINCIPAL)
        .words(["--decision", "go"])
        .what("let another person approve; a team of one says approval.separation: \"off\"")
}
