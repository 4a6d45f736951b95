//! Advice that several rules and commands give.

use crate::decisions::{rollback_hook, signatures_on};
use crate::model::{Actor, Advice, Closing, Location, Placeholder};
use crate::project::Project;
use crate::record::Line;

/// Records a piece from a file that whoever is asked writes first.
pub(crate) fn record_from(kind: &str) -> Advice {
    Advice::d3p(["record", kind, "--from"])
        .fill(Placeholder::BODY)
        .what(format!("write its body, as d3p record {kind} --example prints it, and record it"))
}

/// Brings back what was recorded, from wherever a copy of it lies. What is to be done where nobody has
/// one any more, `doctor` says, which has looked.
pub fn restore() -> Advice {
    Advice::d3p(["doctor", "--restore"]).what("bring back what was recorded")
}

/// Brings one file back as a gate bound it, whatever it says now.
pub(crate) fn restore_file(path: &str) -> Advice {
    Advice::d3p(["doctor", "--restore", path]).what("bring it back as it was bound")
}

/// Brings back what was recorded in the release that `path` lies in: this one, or an archived one.
pub(crate) fn restore_in(project: &Project, path: &str) -> Advice {
    match project.places().in_archive(path) {
        Some((dir, _)) => Advice::run(["d3p", "-C", dir, "doctor", "--restore"])
            .what("bring back what was recorded there"),
        None => restore(),
    }
}

/// Moves aside a file that nothing names.
pub fn set_aside(path: &str) -> Advice {
    Advice::d3p(["doctor", "--set-aside", path]).what("take it away; it is kept in .d3p/replaced/")
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

/// Has the time of a line of the ledger withdrawn, which a clock that was ahead wrote; where nobody
/// signs, only the next attempt has a ledger without it.
pub fn withdraw(project: &Project, line: &Line) -> Advice {
    let what = "where it was that line's clock that was wrong";
    match signatures_on(project) {
        true => Advice::decide(["withdraw", &line.entry.id])
            .with("--as", Placeholder::PRINCIPAL)
            .with("--reason", Placeholder::REASON)
            .what(format!("{what}, who may approve withdraws its time")),
        false => abandon().what(format!("{what}, close this attempt")),
    }
}

/// Closes a release that was launched and taken back (DLC-9).
pub fn close_rolled_back() -> Advice {
    Advice::d3p(["archive", "--outcome", Closing::RolledBack.word()])
        .what("close it as rolled back, so that the next one can begin")
}

/// Writes down what went wrong; makes the file, with the times that the ledger tells, where it is not
/// there.
pub(crate) fn tell_incident(project: &Project) -> Option<Advice> {
    let (kind, def) = project.phase.incident()?;
    Some(match project.present(&def.path) {
        None => Advice::d3p(["record", kind]).what("begin to write down what went wrong"),
        Some(_) => Advice::edit(Location::file(&def.path), "write down what went wrong, and why"),
    })
}

/// What comes after a rollback, in its order: that it succeeded, what went wrong, and the end.
pub fn after_rollback(project: &Project) -> Advice {
    let report = project.phase.taken_back(false).and_then(|(kind, _)| project.evidence(kind));
    let back = report.is_some_and(|report| report.text_at("/status") == Some("passed"));
    let hook = rollback_hook(project).filter(|_| !back);
    if let Some(hook) = hook {
        return Advice::d3p(["run", hook]).what("until each service answers as it did before");
    }
    let incident = project.phase.incident().and_then(|(_, def)| project.present(&def.path));
    match incident {
        None => tell_incident(project).unwrap_or_else(close_rolled_back),
        Some(_) => close_rolled_back(),
    }
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
