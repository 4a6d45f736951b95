//! Asks from inside another program whether a step of a release may begin now.
//!
//! `cargo run --example may_launch -- DIRECTORY STEP` prints what speaks against it, a line each, and
//! exits 0 only where nothing does. A deployment tool that is written in Rust can embed this.

use d3p::{Env, Exit, Stamp, Watcher};
use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The exit code of `d3p check --before STEP`, and its report: JSON whose schema is
/// `schemas/check-report.v1.schema.json`. Everything of the outside world is an argument.
pub(crate) fn ask(
    dir: &Path,
    step: &str,
    vars: Vec<(OsString, OsString)>,
    now: &dyn Fn() -> Stamp,
) -> (Exit, String) {
    let args = ["d3p", "check", "--before", step, "--format", "json"];
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = d3p::run(
        args.into_iter().map(OsString::from),
        &mut Env {
            cwd: dir.to_owned(),
            now,
            vars,
            // Nothing that follows is used by a command that only reads.
            sleep: &|_| (),
            watcher: Watcher::Here,
            interrupted: &|| false,
            random: &|buffer| buffer.fill(0),
            terminal: false,
            stdin_terminal: false,
            stdin: &mut std::io::empty(),
            out: &mut out,
            err: &mut err,
        },
    );
    (exit, String::from_utf8_lossy(&out).into_owned())
}

/// The findings of such a report that refuse, a sentence each.
pub(crate) fn objections(report: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(report).unwrap_or_default();
    let findings = report["findings"].as_array().into_iter().flatten();
    let refusing = findings.filter(|finding| finding["level"] == "error");
    refusing.filter_map(|finding| Some(finding["message"].as_str()?.to_owned())).collect()
}

#[allow(dead_code, reason = "the test asks without it")]
fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let (Some(dir), Some(step)) = (args.next(), args.next()) else {
        let _ = writeln!(std::io::stderr(), "usage: may_launch DIRECTORY STEP");
        return ExitCode::from(2);
    };
    let now = || Stamp::from_timestamp(jiff::Timestamp::now());
    let vars = std::env::vars_os().collect();
    let (exit, report) = ask(Path::new(&dir), &step.to_string_lossy(), vars, &now);
    for objection in objections(&report) {
        let _ = writeln!(std::io::stdout(), "{objection}");
    }
    ExitCode::from(exit.code())
}
