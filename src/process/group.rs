//! A process group: started, watched, stopped.
//!
//! One loop polls the pipes. The only thread waits for the leader, without reaping it: as long as
//! its number is taken, a signal to the group cannot reach strangers.

use super::program::absolute;
use super::run::{How, Job};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, getpgid, kill_process, kill_process_group,
    test_kill_process_group, waitid,
};
use std::fs;
use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often `interrupted` is asked, at least.
const TICK: Duration = Duration::from_millis(20);
/// How long output is read after the group was killed.
const DRAIN: Duration = Duration::from_secs(1);
/// Silence that ends this sooner.
const IDLE: Duration = Duration::from_millis(100);

/// See [`run`](super::run()).
pub(super) fn run(
    job: &Job<'_>,
    interrupted: &dyn Fn() -> bool,
    sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<How> {
    let mut group = Group::start(job)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        if let Some(how) = group.step(interrupted)? {
            return Ok(how);
        }
        group.wait(&mut buffer, sink)?;
    }
}

/// Where it stands.
#[derive(Clone, Copy)]
enum Phase {
    /// Nobody has interfered.
    Running,
    /// The group was asked to stop, for this reason; at this time it is killed.
    Asked(How, Option<Instant>),
    /// The group was killed, for this reason or, without one, because it held the output open.
    Killed(Option<How>, Instant),
}

struct Group<'a> {
    leader: Child,
    id: Pid,
    phase: Phase,
    grace: Duration,
    deadline: Option<Instant>,
    /// Gone at the end of file.
    output: Option<PipeReader>,
    last_output: Instant,
    /// What still must be written; gone when all is written or nobody wants it.
    input: Option<(PipeWriter, &'a [u8])>,
    /// Hangs up when the leader has ended.
    ended: PipeReader,
    ended_at: Option<Instant>,
    status: Option<ExitStatus>,
}

impl<'a> Group<'a> {
    fn start(job: &Job<'a>) -> io::Result<Self> {
        let (output, theirs) = io::pipe()?;
        let (ended, at_end) = io::pipe()?;
        ioctl_fionbio(&output, true)?;
        let (stdin, input) = if job.stdin.is_empty() {
            (Stdio::null(), None)
        } else {
            let (stdin, input) = io::pipe()?;
            ioctl_fionbio(&input, true)?;
            (stdin.into(), Some((input, job.stdin)))
        };
        // A path that is relative would be looked for in the new directory.
        let mut command = Command::new(absolute(job.program));
        command
            .arg0(job.arg0)
            .args(job.args)
            .current_dir(job.dir)
            .env_clear()
            .envs(job.env.iter().map(|(name, value)| (name, value)))
            .stdin(stdin)
            .stdout(theirs.try_clone()?)
            .stderr(theirs)
            .process_group(0);
        let leader = command.spawn()?;
        // Our copies of the command's ends of the pipes; end of file needs them closed.
        drop(command);
        let now = Instant::now();
        let group = Self {
            id: Pid::from_child(&leader),
            leader,
            phase: Phase::Running,
            grace: job.grace,
            deadline: now.checked_add(job.timeout),
            output: Some(output),
            last_output: now,
            input,
            ended,
            ended_at: None,
            status: None,
        };
        let id = group.id;
        thread::Builder::new().name("wait".to_owned()).spawn(move || {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(waitid(WaitId::Pid(id), options), Err(Errno::INTR)) {}
            drop(at_end);
        })?;
        Ok(group)
    }

    /// Does what is due; how it ended, when it has.
    fn step(&mut self, interrupted: &dyn Fn() -> bool) -> io::Result<Option<How>> {
        let now = Instant::now();
        let over = self.ended_at.is_some() && self.output.is_none();
        match self.phase {
            Phase::Running => {
                if over {
                    return self.reap().map(Some);
                }
                if let Some(ended_at) = self.ended_at {
                    if now.duration_since(ended_at) >= self.grace || interrupted() {
                        self.kill(None);
                    }
                } else if interrupted() {
                    self.ask(How::Interrupted);
                } else if self.deadline.is_some_and(|deadline| now >= deadline) {
                    self.ask(How::TimedOut);
                }
            }
            Phase::Asked(why, kill_at) => {
                if over {
                    self.reap()?;
                    if !lives(self.id) {
                        return Ok(Some(why));
                    }
                }
                if kill_at.is_some_and(|kill_at| now >= kill_at) {
                    self.kill(Some(why));
                }
            }
            Phase::Killed(why, until) => {
                let silent = now.duration_since(self.last_output) >= IDLE;
                if over || now >= until || silent && self.ended_at.is_some() {
                    let how = self.reap()?;
                    return Ok(Some(why.unwrap_or(how)));
                }
            }
        }
        Ok(None)
    }

    /// Waits until something happens or a tick is over; reads and writes what there is.
    fn wait(
        &mut self,
        buffer: &mut [u8],
        sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut fds = Vec::with_capacity(3);
        let mut next = |fd| {
            fds.push(fd);
            fds.len() - 1
        };
        let ended = match self.ended_at {
            None => Some(next(PollFd::new(&self.ended, PollFlags::IN))),
            Some(_) => None,
        };
        let output = self.output.as_ref().map(|fd| next(PollFd::new(fd, PollFlags::IN)));
        let input = self.input.as_ref().map(|(fd, _)| next(PollFd::new(fd, PollFlags::OUT)));
        let nanos = i64::from(self.until_due().subsec_nanos());
        match poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: nanos as _ })) {
            // A signal of ours: time to ask whether to stop.
            Ok(0) | Err(Errno::INTR) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let ready = |at: Option<usize>| at.is_some_and(|at| !fds[at].revents().is_empty());
        let (ended, output, input) = (ready(ended), ready(output), ready(input));
        if ended {
            self.ended_at = Some(Instant::now());
        }
        if input {
            self.feed();
        }
        if output {
            self.read(buffer, sink)?;
        }
        Ok(())
    }

    /// Until the next thing is due, below a second.
    fn until_due(&self) -> Duration {
        let due = match self.phase {
            Phase::Running => match self.ended_at {
                None => self.deadline,
                Some(ended_at) => ended_at.checked_add(self.grace),
            },
            Phase::Asked(_, kill_at) => kill_at,
            Phase::Killed(_, until) => Some(until),
        };
        due.map_or(TICK, |due| due.saturating_duration_since(Instant::now()).min(TICK))
    }

    fn read(
        &mut self,
        buffer: &mut [u8],
        sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(output) = &mut self.output else { return Ok(()) };
        match output.read(buffer) {
            Ok(0) => self.output = None,
            Ok(length) => {
                self.last_output = Instant::now();
                sink(&buffer[..length])?;
            }
            Err(error) if again(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn feed(&mut self) {
        let Some((pipe, rest)) = &mut self.input else { return };
        match pipe.write(rest) {
            Ok(length) => *rest = &rest[length..],
            Err(error) if again(&error) => return,
            // It reads no further, which is its own business.
            Err(_) => *rest = &[],
        }
        if rest.is_empty() {
            self.input = None;
        }
    }

    /// Asks the group to stop.
    fn ask(&mut self, why: How) {
        self.signal(Signal::TERM);
        // What is stopped does not hear it.
        self.signal(Signal::CONT);
        self.phase = Phase::Asked(why, Instant::now().checked_add(self.grace));
    }

    fn kill(&mut self, why: Option<How>) {
        self.signal(Signal::KILL);
        let now = Instant::now();
        self.last_output = now;
        self.phase = Phase::Killed(why, now + DRAIN);
    }

    /// Signals the group. That nobody is left, or that it became another user's, is no failure of
    /// ours: what matters is whether it ends, and that is watched.
    fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.id, signal);
        // The leader may have moved to another group.
        if self.status.is_none() && getpgid(Some(self.id)) != Ok(self.id) {
            let _ = kill_process(self.id, signal);
        }
    }

    /// Takes note of how the leader ended.
    fn reap(&mut self) -> io::Result<How> {
        if self.status.is_none() {
            self.status = self.leader.try_wait()?;
        }
        let status = self.status.as_ref();
        let code = status.and_then(ExitStatus::code).map(How::Exited);
        let signal = || status.and_then(ExitStatusExt::signal).map(How::Signalled);
        // Nothing is told of a leader that does not even end when it is killed.
        Ok(code.or_else(signal).unwrap_or(How::Signalled(Signal::KILL.as_raw())))
    }
}

impl Drop for Group<'_> {
    /// After an error nothing goes on running behind the user's back.
    fn drop(&mut self) {
        if self.status.is_some() {
            return;
        }
        self.signal(Signal::KILL);
        if self.ended_at.is_none() {
            let timeout = Timespec { tv_sec: 1, tv_nsec: 0 };
            let _ = poll(&mut [PollFd::new(&self.ended, PollFlags::IN)], Some(&timeout));
        }
        let _ = self.reap();
    }
}

/// Whether anybody of the group is left. The dead whom nobody has reaped yet are in it, too, and in
/// a container that has no init they stay; so their state is asked where the system tells it.
fn lives(group: Pid) -> bool {
    if test_kill_process_group(group) == Err(Errno::SRCH) {
        return false;
    }
    let Ok(processes) = fs::read_dir("/proc") else { return true };
    let mut told = false;
    for process in processes.flatten() {
        let Ok(stat) = fs::read(process.path().join("stat")) else { continue };
        // The name, in parentheses, may hold anything; state, parent and group come after it.
        let Some(end) = stat.iter().rposition(|byte| *byte == b')') else { continue };
        let rest = String::from_utf8_lossy(&stat[end + 1..]).into_owned();
        let fields: Vec<&str> = rest.split_whitespace().take(3).collect();
        let [state, _, of] = fields[..] else { continue };
        told = true;
        if of.parse() == Ok(group.as_raw_pid()) && !matches!(state, "Z" | "X") {
            return true;
        }
    }
    !told
}

fn again(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
