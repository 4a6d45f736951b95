//! The `d3p` program: parse, run, exit code.

use d3p::{Env, Stamp, Watcher};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::cell::OnceCell;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn main() -> ExitCode {
    keep_variables();
    catch_limit();
    let mut args: Vec<OsString> = std::env::args_os().collect();
    #[cfg(unix)]
    if args.get(1).is_some_and(|arg| arg == d3p::program::DRAIN) {
        d3p::program::drain();
        return ExitCode::SUCCESS;
    }
    let apart = Apart::taken_from(&mut args);
    let now = || Stamp::from_timestamp(jiff::Timestamp::now()).to_millis();
    // Without randomness ids could repeat; a run that needs them must not go on.
    let random = |buffer: &mut [u8]| getrandom::fill(buffer).expect("the system has randomness");
    let sleep = |duration| std::thread::sleep(duration);
    let listening = OnceCell::new();
    let interrupted = || listening.get_or_init(listen).load(Ordering::Relaxed);
    if apart.is_some() {
        leave_session();
        // Whoever is in front may ask to stop at any time.
        let _ = interrupted();
    }
    let (mut out, mut err) = streams(apart.as_ref());
    let watcher = match (own_program(), &apart) {
        (None, _) => Watcher::Here,
        (Some(program), None) => Watcher::Apart(program),
        (Some(program), Some(_)) => Watcher::IsApart(program),
    };
    let mut env = Env {
        cwd: std::env::current_dir().unwrap_or_default(),
        now: &now,
        sleep: &sleep,
        watcher,
        interrupted: &interrupted,
        random: &random,
        vars: std::env::vars_os().collect(),
        terminal: apart
            .as_ref()
            .map_or_else(|| std::io::stdout().is_terminal(), |own| own.terminal),
        stdin_terminal: apart.is_none() && std::io::stdin().is_terminal(),
        stdin: &mut std::io::stdin(),
        out: &mut out,
        err: &mut err,
    };
    ExitCode::from(d3p::run(args, &mut env).code())
}

/// Standard output and standard error.
fn streams(apart: Option<&Apart>) -> (Box<dyn Write>, Box<dyn Write>) {
    #[cfg(unix)]
    if apart.is_some() {
        use d3p::program::Told;
        return (Box::new(Told::new(std::io::stdout())), Box::new(Told::new(std::io::stderr())));
    }
    let _ = apart;
    (Box::new(std::io::BufWriter::new(std::io::stdout().lock())), Box::new(std::io::stderr()))
}

/// This program's file. On Linux by a name that means it even when it was replaced meanwhile, so that
/// whoever watches a hook is of one version with whoever began it.
fn own_program() -> Option<PathBuf> {
    let own = PathBuf::from("/proc/self/exe");
    if cfg!(target_os = "linux") && own.exists() { Some(own) } else { std::env::current_exe().ok() }
}

/// That this process is one apart, and whether it is shown on a terminal.
struct Apart {
    /// Whether whoever started it is at a terminal.
    terminal: bool,
}

impl Apart {
    /// Takes the argument that says so, which comes first.
    fn taken_from(args: &mut Vec<OsString>) -> Option<Self> {
        #[cfg(unix)]
        {
            use d3p::program::{APART, APART_ON_TERMINAL};
            let terminal = args.get(1).is_some_and(|arg| arg == APART_ON_TERMINAL);
            if terminal || args.get(1).is_some_and(|arg| arg == APART) {
                args.remove(1);
                return Some(Self { terminal });
            }
        }
        let _ = args;
        None
    }
}

/// Leaves session and terminal of whoever started this process, and outlives what ends other programs.
/// The signals are caught and not ignored: what is ignored, the hook would ignore, too.
fn leave_session() {
    #[cfg(unix)]
    {
        // It fails where this process leads a session already, which is as good.
        let _ = rustix::process::setsid();
        catch();
    }
}

/// Catches the signals that would end this process and are not for it.
#[cfg(unix)]
fn catch() {
    use signal_hook::consts::{SIGALRM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGVTALRM};
    for signal in [SIGALRM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGVTALRM] {
        let _ = signal_hook::flag::register(signal, Arc::default());
    }
}

/// A file that grows beyond the limit is an error of the write, which is told, and no end.
fn catch_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Keeps the variables of this process, where a signing key may be among them, from other processes
/// of the same user, such as the hooks that it runs; and out of core dumps.
fn keep_variables() {
    #[cfg(target_os = "linux")]
    if d3p::program::SIGNING_VARIABLES.iter().any(|name| std::env::var_os(name).is_some()) {
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
