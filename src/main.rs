//! The `d3p` program: parse, run, exit code.

use d3p::{Env, model::Stamp};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::cell::OnceCell;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn main() -> ExitCode {
    keep_variables();
    let now = || Stamp::from_timestamp(jiff::Timestamp::now()).to_millis();
    // Without randomness ids could repeat; a run that needs them must not go on.
    let random = |buffer: &mut [u8]| getrandom::fill(buffer).expect("the system has randomness");
    let sleep = |duration| std::thread::sleep(duration);
    let listening = OnceCell::new();
    let interrupted = || listening.get_or_init(listen).load(Ordering::Relaxed);
    let terminal = std::io::stdout().is_terminal();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut env = Env {
        cwd: std::env::current_dir().unwrap_or_default(),
        now: &now,
        sleep: &sleep,
        interrupted: &interrupted,
        random: &random,
        vars: std::env::vars_os().collect(),
        terminal,
        stdin_terminal: std::io::stdin().is_terminal(),
        stdin: &mut std::io::stdin(),
        out: &mut out,
        err: &mut std::io::stderr(),
    };
    let exit = d3p::run(std::env::args_os(), &mut env);
    match out.flush() {
        // A reader that went away does not change the verdict; a file that is not whole is no answer.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "error: the output could not be written: {error}");
            ExitCode::from(d3p::Exit::Incomplete.code())
        }
        _ => ExitCode::from(exit.code()),
    }
}

/// Keeps the variables of this process, where a signing key may be among them, from other processes
/// of the same user, such as the hooks that it runs; and out of core dumps.
fn keep_variables() {
    #[cfg(target_os = "linux")]
    if d3p::definition::SIGNING_VARIABLES.iter().any(|name| std::env::var_os(name).is_some()) {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // Where the system cannot do it, the hook is no worse off than without.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// A flag that Ctrl-C and a request to terminate set. From here on neither ends the program, also
/// not when it comes again: whoever asked for the flag stops in good order and writes what was.
fn listen() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // Without a handler the signal ends the program as it always did; nothing is worse.
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
    }
    flag
}
