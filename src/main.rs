//! The `d3p` program: parse, run, exit code.

use d3p::{Env, model::Stamp};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let now = || Stamp::from_timestamp(jiff::Timestamp::now()).to_millis();
    // Without randomness ids could repeat; a run that needs them must not go on.
    let random = |buffer: &mut [u8]| getrandom::fill(buffer).expect("the system has randomness");
    let sleep = |duration| std::thread::sleep(duration);
    let terminal = std::io::stdout().is_terminal();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut env = Env {
        cwd: std::env::current_dir().unwrap_or_default(),
        now: &now,
        sleep: &sleep,
        random: &random,
        vars: std::env::vars_os().collect(),
        terminal,
        stdin: &mut std::io::stdin(),
        out: &mut out,
        err: &mut std::io::stderr(),
    };
    let exit = d3p::run(std::env::args_os(), &mut env);
    // A reader that went away does not change the verdict.
    let _ = out.flush();
    ExitCode::from(exit.code())
}
