//! A launch whose terminal, front or watcher is lost, and one whose end cannot be written down.

use super::{LEDGER, RUNS, Shop, all, is_alive, signal, wait_for};
use serde_json::Value;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn whatever_signal_ends_the_front_the_launch_is_recorded_and_no_other_begins() {
    let cleared = Shop::cleared();
    let signals = ["HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "PIPE", "TERM", "KILL"];
    thread::scope(|scope| {
        for (index, name) in signals.into_iter().enumerate() {
            let shop = cleared.copy();
            scope.spawn(move || {
                // Not all at once, on a machine with few processors.
                thread::sleep(Duration::from_millis(150) * u32::try_from(index).unwrap());
                a_signal(&shop, name);
            });
        }
    });
    println!("signals: {}, launches unrecorded: 0, launches at once: 1", signals.len());
}

fn a_signal(shop: &Shop, name: &str) {
    let mut launched = shop.launch(&shop.until("go"));
    signal(name, launched.front.id());
    let asks = ["INT", "TERM"].contains(&name);
    if !asks {
        // A broken pipe ends nobody who has caught it.
        if name != "PIPE" {
            let end = launched.front.wait().unwrap();
            assert!(end.signal().is_some(), "{name}: {end}");
        }
        let again = shop.run(&["run", "deploy-production"]);
        assert_eq!(again.status.code(), Some(2), "{name}: {}", all(&again));
        assert!(all(&again).contains("runs already"), "{name}: {}", all(&again));
        assert!(shop.lines("ran").is_empty(), "{name}");
        fs::write(shop.beside("go"), "").unwrap();
    }
    let (line, record) = shop.recorded();
    let ended = if asks { "interrupted" } else { "exited" };
    assert_eq!(line["outcome"]["ended"], ended, "{name}");
    assert_eq!(record["ended"], ended, "{name}");
    assert_eq!((shop.launches(), shop.lines("began").len(), shop.lines("ran").len()), (1, 1, 1));
    launched.front.wait().unwrap();
    wait_for(|| shop.pending().is_empty().then_some(()));
    let status = shop.run(&["status"]);
    assert!(!all(&status).contains("panicked"), "{}", all(&status));
}

#[test]
fn a_launch_that_nobody_watches_any_more_is_not_begun_again() {
    let shop = Shop::cleared();
    let mut launched = shop.launch(&shop.until("go"));
    let watcher = shop.watcher();
    signal("KILL", &watcher);
    let end = launched.front.wait().unwrap();
    assert_eq!(end.code(), Some(2));
    // The hook goes on, and what it says is read by somebody: it is not ended by that.
    let again = shop.run(&["run", "deploy-production"]);
    assert_eq!(again.status.code(), Some(2), "{}", all(&again));
    assert!(all(&again).contains("nobody watches it any more"), "{}", all(&again));
    fs::write(shop.beside("go"), "").unwrap();
    // Then how it ended is not known, which is for a person to look at.
    let said = wait_for(|| {
        let said = shop.run(&["run", "deploy-production"]);
        (said.status.code() == Some(1)).then_some(said)
    });
    assert!(all(&said).contains("nothing was run"), "{}", all(&said));
    assert_eq!((shop.launches(), shop.lines("ran").len()), (1, 0));
}

#[test]
fn a_launch_that_cannot_be_written_down_is_told_and_recorded_later_without_another() {
    let shop = Shop::cleared();
    // The hook puts something in the way of its own record.
    let runs = shop.dir().join(RUNS);
    let block = "cd ../../../../../$(echo shop)/.artifacts/deployment/raw/runs; \
                 mkdir deploy-production-$(echo $D3P_RUN | cut -c 1-8).json; echo shipped";
    let args = shop.launching(block);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let said = shop.run(&args);
    let text = all(&said);
    assert_eq!(said.status.code(), Some(2), "{text}");
    for words in
        ["hook deploy-production passed at", "could not be recorded", "d3p run deploy-production"]
    {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    assert!(!text.contains("nothing was changed"), "{text}");
    assert!(shop.lines("ran").is_empty());
    for entry in fs::read_dir(&runs).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.extension().is_some() {
            fs::remove_dir(path).unwrap();
        }
    }
    let said = shop.run(&["run", "deploy-production"]);
    assert!(all(&said).contains("it is recorded now, and nothing was run"), "{}", all(&said));
    let (line, record) = shop.recorded();
    assert_eq!(line["outcome"]["exit_code"], 0);
    assert!(record["argv"][2].as_str().unwrap().contains("echo shipped"), "{record}");
    assert_eq!((shop.launches(), shop.lines("began").len(), shop.lines("ran").len()), (1, 1, 1));
    assert_eq!(shop.pending(), Vec::<String>::new());
    let log = fs::read_to_string(shop.dir().join(record["log"]["path"].as_str().unwrap())).unwrap();
    assert_eq!(log, "up\nshipped\n");
}

#[test]
fn a_launch_that_cannot_be_watched_is_not_begun() {
    let shop = Shop::cleared();
    let args = shop.launching("exit 0");
    let mut shell = Command::new("sh");
    // Room for what is written before, and none for what is to be kept free.
    let script = "ulimit -f 200; exec \"$0\" \"$@\"";
    shop.set_up(&mut shell).args(["-c", script, env!("CARGO_BIN_EXE_d3p")]).args(&args);
    let said = shell.output().unwrap();
    assert_eq!(said.status.code(), Some(2), "{}", all(&said));
    assert!(all(&said).contains("nothing was changed"), "{}", all(&said));
    assert_eq!((shop.launches(), shop.lines("began").len()), (0, 0));
    assert_eq!(shop.pending(), Vec::<String>::new());
}

#[test]
fn what_a_launch_leaves_running_is_left_alone_and_listed() {
    let shop = Shop::cleared();
    // A server that holds the output open, and goes on to say something.
    let server = shop.beside("server");
    let script = format!(
        "(while :; do echo still here || exit 9; sleep 0.1; done) & echo $! > {}; echo shipped",
        server.display()
    );
    let begun = Instant::now();
    let args = shop.launching(&script);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let said = shop.run(&args);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    let (line, record) = shop.recorded();
    assert_eq!(line["outcome"]["exit_code"], 0, "{}", all(&said));
    let pid = fs::read_to_string(server).unwrap().trim().to_owned();
    let left = record["still_running"].as_array().unwrap();
    assert!(left.iter().any(|own| own["pid"] == pid.parse::<u64>().unwrap()), "{record}");
    assert!(all(&said).contains("still runs: sh"), "{}", all(&said));
    // It writes to an output that somebody still reads.
    thread::sleep(Duration::from_millis(500));
    assert!(is_alive(&pid), "it was ended");
    signal("KILL", pid);
}

#[test]
fn a_front_that_is_stopped_holds_nothing_up() {
    let shop = Shop::cleared();
    let mut launched =
        shop.launch("i=0; while [ $i -lt 400 ]; do printf %01000d 0; i=$((i+1)); done");
    signal("STOP", launched.front.id());
    let (line, record) = shop.recorded();
    assert_eq!(line["outcome"]["exit_code"], 0);
    assert_eq!(record["log"]["size"], 400 * 1000 + 3);
    launched.front.kill().unwrap();
    launched.front.wait().unwrap();
}

/// What `began` names is believed to run where it is exactly that process: after another start of the
/// machine, or where its number belongs to another one, somebody looks at what was launched.
#[test]
fn a_machine_that_stopped_in_a_launch_does_not_launch_again() {
    let shop = Shop::cleared();
    let mut launched = shop.launch(&shop.until("go"));
    signal("KILL", shop.watcher());
    launched.front.wait().unwrap();
    let ledger = shop.dir().join(LEDGER);
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(shop.beside("go"), "").unwrap();
    wait_for(|| (shop.run(&["run", "deploy-production"]).status.code() == Some(1)).then_some(()));
    let (before, last) = text.trim_end().rsplit_once('\n').unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    assert_eq!(last["kind"], "began");
    let began = |process: &Value| {
        let mut line = last.clone();
        line["process"] = process.clone();
        fs::write(&ledger, format!("{before}\n{line}\n")).unwrap();
    };
    // A process that lives: this one.
    let pid = std::process::id();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let started = stat.rsplit_once(") ").unwrap().1.split(' ').nth(19).unwrap();
    let mut own = last["process"].clone();
    (own["pid"], own["started"]) = (pid.into(), serde_json::from_str(started).unwrap());
    began(&own);
    let said = shop.run(&["run", "deploy-production"]);
    assert_eq!(said.status.code(), Some(2), "{}", all(&said));
    assert!(all(&said).contains(&format!("runs already (process {pid})")), "{}", all(&said));
    for (member, other) in [("boot", "0".into()), ("started", 1.into())] {
        let mut gone = own.clone();
        gone[member] = other;
        began(&gone);
        let said = shop.run(&["run", "deploy-production"]);
        assert_eq!(said.status.code(), Some(1), "{member}: {}", all(&said));
        assert!(all(&said).contains("nothing was run"), "{member}: {}", all(&said));
        // It is left by what is printed: a person says what became of it.
        let next = all(&shop.run(&["status", "--next"]));
        assert!(next.contains("look at what production runs"), "{next}");
        assert!(!next.contains("d3p run deploy-production"), "{next}");
    }
    assert_eq!((shop.launches(), shop.lines("ran").len()), (1, 0));
}
