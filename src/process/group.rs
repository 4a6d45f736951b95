//! A process group: started, watched, stopped.
//!
//! One loop polls the pipes. The only thread waits for the leader, without reaping it: as long as
//! its number is taken, a signal to the group cannot reach strangers. Everything that can fail comes
//! before the leader starts: from then on it is watched to its end, whatever else goes wrong.

use super::alive::{Survivor, group_lives, id_of, survivors};
use super::drain::Drain;
use super::program::absolute;
use super::run::{How, Job, Watch, Watched};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, getpgid, kill_process, kill_process_group,
    test_kill_process_group, waitid,
};
use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often `interrupted` is asked, at least.
const TICK: Duration = Duration::from_millis(20);
/// How long output is read after the leader ended, or the group was killed.
const DRAIN: Duration = Duration::from_secs(1);
/// Silence that ends this sooner once the group was killed.
const IDLE: Duration = Duration::from_millis(100);

/// See [`watch`](super::watch()).
pub(super) fn watch(
    job: &Job<'_>,
    watch: &mut Watch<'_>,
    interrupted: &dyn Fn() -> bool,
    sink: &mut dyn FnMut(&[u8]),
) -> io::Result<Watched> {
    let mut buffer = vec![0; 64 * 1024];
    let mut group = Group::start(job, watch)?;
    (watch.started)(id_of(group.leader.id()));
    let how = loop {
        if let Some(how) = group.step(interrupted) {
            break how;
        }
        group.wait(&mut buffer, sink);
    };
    Ok(Watched { how, left: std::mem::take(&mut group.left) })
}

/// Where it stands.
#[derive(Clone, Copy)]
enum Phase {
    /// Nobody has interfered.
    Running,
    /// The group was asked to stop, for this reason; at this time it is killed.
    Asked(How, Option<Instant>),
    /// The group was killed, for this reason.
    Killed(How, Instant),
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
    /// By which id its processes know the run.
    run: String,
    /// Who was there when the leader had ended.
    left: Vec<Survivor>,
    /// Reads on for whoever holds the output open, once nobody else does.
    drain: Option<Drain>,
}

impl<'a> Group<'a> {
    fn start(job: &Job<'a>, watch: &Watch<'_>) -> io::Result<Self> {
        let (output, theirs) = io::pipe()?;
        let (ended, at_end) = io::pipe()?;
        ioctl_fionbio(&output, true)?;
        let drain = watch.program.map(|program| Drain::start(program, &output)).transpose()?;
        let number = wait_for(at_end)?;
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
        let id = Pid::from_child(&leader);
        // The thread is there and waits for it.
        let _ = number.send(id);
        let now = Instant::now();
        Ok(Self {
            id,
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
            run: watch.run.to_owned(),
            left: Vec::new(),
            drain,
        })
    }

    /// Does what is due; how it ended, when it has.
    fn step(&mut self, interrupted: &dyn Fn() -> bool) -> Option<How> {
        let now = Instant::now();
        let over = self.ended_at.is_some() && self.output.is_none();
        match self.phase {
            Phase::Running => match self.ended_at {
                // What the leader left behind is left alone; who still holds the output is heard
                // for a moment, and then read on for by somebody else.
                Some(ended_at) => {
                    let wait = self.grace.min(DRAIN);
                    if over || now.duration_since(ended_at) >= wait || interrupted() {
                        self.left =
                            survivors(Some(self.id.as_raw_pid().cast_unsigned()), &self.run);
                        let leader = self.leader.id();
                        self.left.retain(|process| process.pid != leader);
                        return Some(self.reap());
                    }
                }
                None if interrupted() => self.ask(How::Interrupted),
                None if self.deadline.is_some_and(|deadline| now >= deadline) => {
                    self.ask(How::TimedOut);
                }
                None => {}
            },
            Phase::Asked(why, kill_at) => {
                if over {
                    self.reap();
                    if !lives(self.id) {
                        return Some(why);
                    }
                }
                if kill_at.is_some_and(|kill_at| now >= kill_at) {
                    self.kill(why);
                }
            }
            Phase::Killed(why, until) => {
                let silent = now.duration_since(self.last_output) >= IDLE;
                if over || now >= until || silent && self.ended_at.is_some() {
                    self.reap();
                    return Some(why);
                }
            }
        }
        None
    }

    /// Waits until something happens or a tick is over; reads and writes what there is.
    fn wait(&mut self, buffer: &mut [u8], sink: &mut dyn FnMut(&[u8])) {
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
            Ok(0) | Err(Errno::INTR) => return,
            Ok(_) => {}
            // Such as no memory: whoever runs is watched all the same.
            Err(_) => return self.look(buffer, sink),
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
            self.read(buffer, sink);
        }
    }

    /// Looks at everything, where the system does not say at what.
    fn look(&mut self, buffer: &mut [u8], sink: &mut dyn FnMut(&[u8])) {
        thread::sleep(TICK);
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        if self.ended_at.is_none() && matches!(waitid(WaitId::Pid(self.id), options), Ok(Some(_))) {
            self.ended_at = Some(Instant::now());
        }
        self.feed();
        self.read(buffer, sink);
    }

    /// Until the next thing is due, below a second.
    fn until_due(&self) -> Duration {
        let due = match self.phase {
            Phase::Running => match self.ended_at {
                None => self.deadline,
                Some(ended_at) => ended_at.checked_add(self.grace.min(DRAIN)),
            },
            Phase::Asked(_, kill_at) => kill_at,
            Phase::Killed(_, until) => Some(until),
        };
        due.map_or(TICK, |due| due.saturating_duration_since(Instant::now()).min(TICK))
    }

    fn read(&mut self, buffer: &mut [u8], sink: &mut dyn FnMut(&[u8])) {
        let Some(output) = &mut self.output else { return };
        match output.read(buffer) {
            Ok(length) if length > 0 => {
                self.last_output = Instant::now();
                sink(&buffer[..length]);
            }
            Err(error) if again(&error) => {}
            // A pipe that cannot be read says no more.
            Ok(_) | Err(_) => self.output = None,
        }
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

    fn kill(&mut self, why: How) {
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
    fn reap(&mut self) -> How {
        if self.status.is_none() {
            self.status = self.leader.try_wait().ok().flatten();
        }
        if self.output.is_none()
            && let Some(drain) = self.drain.take()
        {
            drain.end();
        }
        let status = self.status.as_ref();
        let code = status.and_then(ExitStatus::code).map(How::Exited);
        let signal = || status.and_then(ExitStatusExt::signal).map(How::Signalled);
        // Nothing is told of a leader that does not even end when it is killed.
        code.or_else(signal).unwrap_or(How::Signalled(Signal::KILL.as_raw()))
    }
}

/// Starts the thread that waits for the leader, whose number it is sent, and then lets go of `at_end`.
fn wait_for(at_end: PipeWriter) -> io::Result<mpsc::Sender<Pid>> {
    let (sender, number) = mpsc::channel();
    thread::Builder::new().name("wait".to_owned()).spawn(move || {
        // Nothing is sent when nothing could be started.
        let Ok(id) = number.recv() else { return };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while matches!(waitid(WaitId::Pid(id), options), Err(Errno::INTR)) {}
        drop(at_end);
    })?;
    Ok(sender)
}

/// Whether anybody of the group is left. The dead whom nobody has reaped yet are in it, too, and in
/// a container that has no init they stay; so their state is asked where the system tells it.
fn lives(group: Pid) -> bool {
    test_kill_process_group(group) != Err(Errno::SRCH)
        && group_lives(group.as_raw_pid().cast_unsigned()).unwrap_or(true)
}

fn again(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
