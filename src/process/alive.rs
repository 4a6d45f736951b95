//! Which processes there are: as far as this system tells, which Linux does.

use crate::model::ProcessId;
use std::fs;

/// The variable that each process of a run bears, and whoever it starts, unless they take it away.
pub const RUN_VARIABLE: &str = "D3P_RUN";

/// A process that goes on after the run that started it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Survivor {
    /// What it is called.
    pub name: String,
    /// Its number.
    pub pid: u32,
}

/// This process; `None` where the system does not tell.
pub fn own_id() -> Option<ProcessId> {
    id_of(std::process::id())
}

/// The process with the number `pid`, which is there now.
pub fn id_of(pid: u32) -> Option<ProcessId> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let stat = Stat::of(pid)?;
    Some(ProcessId { boot: boot.trim().to_owned(), pid, started: stat.started })
}

/// Whether exactly this process still is there, on this machine.
pub fn is_alive(id: &ProcessId) -> bool {
    let dead = Stat::of(id.pid).is_some_and(|stat| stat.is_dead());
    !dead && id_of(id.pid).as_ref() == Some(id)
}

/// Who is left of the run `run`: of the process group `group`, and whoever bears its id in the
/// environment that they were started with, where `run` is not empty. Sorted.
pub fn survivors(group: Option<u32>, run: &str) -> Vec<Survivor> {
    let mark = format!("{RUN_VARIABLE}={run}").into_bytes();
    let own = std::process::id();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut found: Vec<Survivor> = numbers
        .filter(|pid| *pid != own)
        .filter_map(|pid: u32| {
            let stat = Stat::of(pid).filter(|stat| !stat.is_dead())?;
            let of_group = group == Some(stat.group);
            let marked = || {
                let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
                environment.split(|byte| *byte == 0).any(|variable| variable == mark)
            };
            (of_group || !run.is_empty() && marked()).then_some(Survivor { name: stat.name, pid })
        })
        .collect();
    found.sort();
    found
}

/// What the system says of a process.
struct Stat {
    name: String,
    state: char,
    group: u32,
    started: u64,
}

impl Stat {
    fn of(pid: u32) -> Option<Self> {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        let stat = String::from_utf8_lossy(&stat);
        // The name, in parentheses, may hold anything, parentheses too.
        let (begin, end) = (stat.find('(')?, stat.rfind(')')?);
        let name = stat.get(begin + 1..end)?.to_owned();
        let rest: Vec<&str> = stat.get(end + 1..)?.split_whitespace().collect();
        Some(Self {
            name,
            state: rest.first()?.chars().next()?,
            group: rest.get(2)?.parse().ok()?,
            started: rest.get(19)?.parse().ok()?,
        })
    }

    /// Whether it only waits for its parent to take note of its end.
    fn is_dead(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }
}

/// Whether anybody of the group is left; `None` where the system does not tell.
pub(super) fn group_lives(group: u32) -> Option<bool> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let stats: Vec<Stat> = numbers.filter_map(Stat::of).collect();
    let lives = stats.iter().any(|stat| stat.group == group && !stat.is_dead());
    (!stats.is_empty()).then_some(lives)
}
