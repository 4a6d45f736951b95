//! Machines that launch at the same time, while calls fail and processes are killed.

#![allow(clippy::print_stdout, reason = "the figures are what it is run for")]

use super::server::{Remote, Transport};
use super::{Machine, Set, WELL, all, launches};
use std::fs;
use std::process::{Child, Output};

/// What goes wrong for one of the machines.
const FAULTS: [(&str, &str); 15] = [
    ("none", ""),
    ("init", "kill-before"),
    ("ls-remote", "kill-after"),
    ("hash-object", "kill-after"),
    ("push", "kill-before"),
    ("push", "kill-after"),
    ("readback", "kill-before"),
    ("readback", "kill-after"),
    ("push", "broken"),
    ("push", "cut"),
    ("push", "silent"),
    ("push", "slow"),
    ("readback", "cut"),
    ("readback", "slow"),
    ("ls-remote", "cut"),
];

/// What becomes of the ref once the first launch has begun.
const TAMPERED: [&str; 3] = ["nothing", "deleted", "forced"];

/// The figures of a race.
#[derive(Debug, Default)]
struct Figures {
    rounds: usize,
    launched: usize,
    twice: Vec<String>,
    without_way: Vec<String>,
    refused: usize,
    killed: usize,
    again: usize,
}

/// `rounds` races of `machines` clones.
fn race(transport: Transport, machines: usize, rounds: usize) -> Figures {
    let set = Set::new(Remote::serve(transport));
    let all_machines: Vec<Machine> = (0..machines).map(|_| set.machine()).collect();
    let mut figures = Figures::default();
    for round in 0..rounds {
        let (verb, how) = FAULTS[round % FAULTS.len()];
        // Whoever is not first meets it late; so several do.
        let faulty = match verb {
            "none" => 0,
            _ if round % 2 == 0 => machines,
            _ => 1 + round % machines,
        };
        for (index, machine) in all_machines.iter().enumerate() {
            machine.reset(&set.template);
            if index < faulty {
                machine.fault(verb, how);
            }
        }
        set.remote.forget("refs/d3p");
        let _ = fs::remove_file(set.count());
        if round % 25 == 24 {
            println!("{transport:?}: {}", said(&figures));
        }
        play(
            &set,
            &all_machines,
            &format!("{transport:?} {round} {verb} {how}"),
            round,
            &mut figures,
        );
    }
    figures
}

fn begin(machine: &Machine, set: &Set) -> Child {
    let args = Machine::launching(&set.count(), WELL);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    machine.command(&args).spawn().unwrap()
}

fn play(set: &Set, machines: &[Machine], name: &str, round: usize, figures: &mut Figures) {
    figures.rounds += 1;
    let begun: Vec<Child> = machines.iter().map(|machine| begin(machine, set)).collect();
    let ended: Vec<Output> =
        begun.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    for output in &ended {
        judge(output, name, figures);
    }
    // What becomes of the ref afterwards lets nobody launch again.
    if let (1, Some((name, _))) =
        (launches(&set.count()), set.remote.refs("refs/d3p/launch").first())
    {
        match TAMPERED[round % TAMPERED.len()] {
            "deleted" => set.remote.forget("refs/d3p/launch"),
            "forced" => {
                super::server::git(&set.remote.dir, &["update-ref", name, &other(set)]);
            }
            _ => {}
        }
    }
    // Once more, without faults: whoever was killed, since one that was killed before it began gets
    // through; who launched; and one that was refused. Where nobody launched everybody tries: one of
    // them may have set the lock, and could not read it back.
    let none = launches(&set.count()) == 0;
    let refused = ended.iter().position(|own| !was_killed(own) && !has_launched(own));
    let begun: Vec<Child> = ended
        .iter()
        .enumerate()
        .filter(|(at, own)| none || was_killed(own) || has_launched(own) || Some(*at) == refused)
        .map(|(at, _)| begin(&machines[at], set))
        .collect();
    figures.again += usize::from(none);
    for child in begun {
        judge(&child.wait_with_output().unwrap(), name, figures);
    }
    figures.launched += launches(&set.count());
    note(set, name, figures);
}

/// A commit that is not of d3p.
fn other(set: &Set) -> String {
    let dir = &set.remote.dir;
    let tree = super::server::git(dir, &["hash-object", "-w", "-t", "tree", "/dev/null"]);
    let commit = super::server::git(dir, &["commit-tree", "-m", "something else", tree.trim()]);
    commit.trim().to_owned()
}

fn note(set: &Set, name: &str, figures: &mut Figures) {
    match launches(&set.count()) {
        1 => {}
        count => figures.twice.push(format!("{name}: {count} launches")),
    }
}

fn has_launched(output: &Output) -> bool {
    all(output).contains("ran deploy-production: passed")
}

/// The front of one that was killed says so, and what to look at.
fn was_killed(output: &Output) -> bool {
    all(output).contains("was ended by signal")
}

fn judge(output: &Output, name: &str, figures: &mut Figures) {
    if was_killed(output) {
        figures.killed += 1;
    } else if !has_launched(output) {
        figures.refused += 1;
        let said = all(output);
        if !said.contains("help:") {
            figures.without_way.push(format!("{name}: {said}"));
        }
    }
}

fn said(figures: &Figures) -> String {
    format!(
        "rounds {}, launched {}, launched other than once {}, refused {}, refused without a way out {}, killed {}, launched by another try {}",
        figures.rounds,
        figures.launched,
        figures.twice.len(),
        figures.refused,
        figures.without_way.len(),
        figures.killed,
        figures.again
    )
}

fn hold(figures: &Figures) {
    println!("{}", said(figures));
    let found = [&figures.twice[..], &figures.without_way[..]].concat();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn of_clones_that_race_over_git_daemon_one_launches() {
    hold(&race(Transport::Daemon, 4, 2));
}

#[test]
fn of_clones_that_race_over_http_one_launches() {
    hold(&race(Transport::Http, 3, 1));
}

/// How many rounds `tests/locks/play` asks for.
fn rounds() -> usize {
    std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

#[test]
#[ignore = "minutes; tests/locks/play"]
fn of_twelve_clones_one_launches_over_git_daemon() {
    hold(&race(Transport::Daemon, 12, rounds().div_ceil(2)));
}

#[test]
#[ignore = "minutes; tests/locks/play"]
fn of_twelve_clones_one_launches_over_http() {
    hold(&race(Transport::Http, 12, rounds() / 2));
}
