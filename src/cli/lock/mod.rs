//! The launch lock: a ref in the repository that everybody pushes to, which a launch takes before it
//! begins, so that two machines cannot launch at once (DLC-8, X-10).
//!
//! Where it is and what it is called follows from the frozen policy and the release. It is taken when
//! reading it back gives what was pushed. It is moved by whoever knows the launch that holds it, or
//! by signature, and never deleted once a launch has begun with it.

mod claims;
mod heads;
mod rehearse;
mod take;

pub(super) use heads::{bring_objections, compared, publish, published_heads};
pub(super) use rehearse::{rehearse, show as show_rehearsal};
pub(super) use take::{Taken, give_back, has_begun, take};

use crate::collect::git::{GitEnv, GitError, Remote};
use crate::decisions::{how_to_decide, lets_go_unlocked, lets_take_over, signatures_on};
use crate::definition::LaunchLock;
use crate::env::Env;
use crate::model::{Actor, Advice, Finding, Location, Piece, Rule, Stamp, State};
use crate::project::{Project, Release};
use crate::record::{Entry, LaunchOf, LockRehearsal, locked_by};
use crate::rules::{GL538, GL539, GL540, close, lock_rehearsed};
use crate::source::Root;

/// The lock of the release's launch, and the repository that it is in.
pub(super) struct LaunchRef<'a> {
    project: &'a Project,
    policy: &'a LaunchLock,
    release: Release,
    place: String,
}

/// By whose git the other repository is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asker {
    /// That of the policy, whose hooks are about to run or have run.
    Policy,
    /// That of whoever decides, verifies, or asks before they run anything: a policy that they do not
    /// trust yet starts no program.
    Own,
}

/// What the lock is set to, seen from here.
enum Seen {
    /// Nothing: a launch may set it.
    Free,
    /// What a launch may move it from.
    Movable(String),
    /// The launch of another machine.
    Held(String, Option<Box<Entry>>),
    /// Nothing, though the ledger knows a launch that set it to this.
    Gone(String),
}

impl<'a> LaunchRef<'a> {
    /// That of the project's open release; `None` where the policy names none.
    pub(super) fn of(root: &Root, project: &'a Project) -> Option<Self> {
        let policy = project.effective().policy.launch_lock.as_ref()?;
        let release = project.release()?;
        let place = root.place_in_repository();
        // An archive is of the project that it lies in.
        let archives = format!("{}/", project.places().archives());
        let place = place.split(&archives).next().unwrap_or_default().to_owned();
        Some(Self { project, policy, release, place })
    }

    fn launch(&self) -> LaunchOf<'_> {
        let launch = self.project.phase.launch();
        LaunchOf {
            phase: &self.project.phase.id,
            repository: &self.project.effective().policy.project,
            place: &self.place,
            environment: launch.map_or("production", |(_, def)| def.environment.as_str()),
            region: self.policy.region.as_deref(),
            version: &self.release.version,
        }
    }

    /// The ref.
    fn name(&self) -> String {
        self.launch().lock(&self.policy.prefix, self.release.attempt)
    }

    /// The repository.
    fn remote(&self, asker: Asker, env: &Env<'_>) -> Result<Remote, GitError> {
        let mut git = GitEnv::from_vars(env.vars.iter().cloned());
        if asker == Asker::Policy {
            let dirs = self.project.effective().policy.run.path.iter().map(String::as_str);
            git = git.first_in(dirs.filter(|dir| dir.starts_with('/')));
        }
        let token = self.policy.token.as_deref().map(|name| (name, env.var(name)));
        if let Some((name, None)) = token {
            return Err(GitError::Other(format!(
                "the variable {name}, which holds the token, is not set"
            )));
        }
        let login = token.and_then(|(_, token)| Some((self.policy.user.as_str(), token?)));
        Remote::open(&git, &self.policy.url, self.release.commit.len(), login)
    }

    /// Below which everybody publishes what they know of the release.
    fn heads(&self) -> String {
        self.launch().heads(&self.policy.prefix)
    }

    /// What earlier launches of this attempt set it to, as the ledger says, the last one last.
    fn known(&self) -> Vec<&'a str> {
        let name = self.name();
        let locks =
            self.project.began().into_iter().filter_map(|began| began.line.entry.lock.as_ref());
        locks.filter(|lock| lock.name == name).filter_map(|lock| lock.object.as_deref()).collect()
    }

    /// What it is set to now; `claims` are objects that this directory set it to and with which no
    /// launch began.
    fn look(&self, remote: &Remote, claims: &[String], now: Stamp) -> Result<Seen, GitError> {
        let (name, known, heads) = (self.name(), self.known(), self.heads());
        let refs = remote.list(&[&name, &format!("{heads}/*")])?;
        let there = refs.iter().find(|(own, _)| *own == name).map(|(_, id)| id.clone());
        let Some(there) = there else {
            let mut were: Vec<String> = known.into_iter().map(str::to_owned).collect();
            if refs.iter().any(|(own, _)| own.starts_with(&heads)) {
                were.extend(self.told(&remote.texts(&heads)?, claims));
            }
            let over = were.iter().any(|own| lets_take_over(self.project, own, now));
            return Ok(were.pop().filter(|_| !over).map_or(Seen::Free, Seen::Gone));
        };
        let own = known.contains(&there.as_str()) || claims.contains(&there);
        if own || lets_take_over(self.project, &there, now) {
            return Ok(Seen::Movable(there));
        }
        let text = remote.text(&name)?.filter(|(object, _)| *object == there);
        let by = text.and_then(|(_, text)| locked_by(&text)).map(Box::new);
        Ok(Seen::Held(there, by))
    }

    /// What launches of this attempt set the lock to, as they published it, but for those of which this
    /// directory knows that nothing began.
    fn told(&self, heads: &[(String, String)], claims: &[String]) -> Vec<String> {
        let release = self.release.name();
        let own = heads.iter().filter(|(object, _)| !claims.contains(object));
        let launches =
            own.filter(|(_, text)| locked_by(text).is_some_and(|began| began.release == release));
        launches.map(|(object, _)| object.clone()).collect()
    }

    /// Whether the launch may go where the lock cannot be taken: whoever said GO lets it, or knew that
    /// nobody had tried whether it can.
    fn may_go_unlocked(&self, now: Stamp) -> bool {
        !lock_rehearsed(self.project) || lets_go_unlocked(self.project, now)
    }

    fn finding(&self, rule: &'static Rule, message: String, advice: Advice) -> Finding {
        let place = Location::pointer("d3p.yaml", "/launch_lock");
        Finding::new(rule, Piece::Policy, place, message).state(State::Failed).advise(advice)
    }

    /// What a launch may move it from, or what keeps one from that.
    fn movable(&self, seen: Seen) -> Result<Option<String>, Box<Finding>> {
        match seen {
            Seen::Free => Ok(None),
            Seen::Movable(object) => Ok(Some(object)),
            Seen::Held(object, by) => Err(Box::new(self.held(&object, by.as_deref()))),
            Seen::Gone(object) => Err(Box::new(self.gone(&object))),
        }
    }

    /// Another machine holds it.
    fn held(&self, object: &str, by: Option<&Entry>) -> Finding {
        let who = match by {
            Some(entry) => format!(
                "{} began {} there ({} {})",
                entry.hook.as_deref().unwrap_or("a launch"),
                entry.at,
                entry.actor,
                entry.release
            ),
            None => "what it is set to is not of d3p".to_owned(),
        };
        let message = format!(
            "another machine holds the launch lock {}, set to {object}: {who}, and this ledger does not know of it",
            self.name()
        );
        let wait = Advice::wait(
            "wait until that launch has ended, and take its ledger over (git pull); then run the command again",
        );
        self.finding(&GL538, message, wait.or(self.take_over(object)))
    }

    /// It is not there, though a launch set it.
    fn gone(&self, object: &str) -> Finding {
        let message = format!(
            "the launch lock {} is gone from {}: a launch of this attempt set it to {object}, and d3p does not delete it",
            self.name(),
            self.policy.url
        );
        self.finding(&GL539, message, self.take_over(object))
    }

    fn take_over(&self, object: &str) -> Advice {
        let what = "where its runner is gone: look at what production runs; whoever may launch signs that the lock is taken over";
        if !signatures_on(self.project) {
            return close("superseded").by(Actor::Approver).what(
                "where its runner is gone: look at what production runs, close this attempt, and begin the next one",
            );
        }
        how_to_decide(self.project).words(["--take-over", object]).what(what)
    }

    /// It could not be asked, or not be set.
    fn unreachable(&self, why: &str) -> Finding {
        let message = format!("the launch lock at {} cannot be taken: {why}", self.policy.url);
        let again = Advice::answer(
            "see that the repository can be reached and pushed to from here; then run the command again",
        );
        let advice = match signatures_on(self.project) {
            true => again.or(how_to_decide(self.project).words(["--without-lock"]).what(
                "or whoever may launch signs that it may go without, once they know that nobody else launches",
            )),
            false => again,
        };
        self.finding(&GL540, message, advice)
    }

    /// A further stage does not begin while nobody knows whether somebody objected meanwhile.
    fn untold(&self, why: &str) -> Finding {
        let message = format!(
            "whether somebody said NO_GO on another machine cannot be asked at {}: {why}",
            self.policy.url
        );
        let again = "see that the repository can be reached from here, then run the command again; the launch stays at the stage that it is at, and can be taken back";
        self.finding(&GL540, message, Advice::answer(again))
    }

    /// Another name than the one that was tried: the project lies elsewhere in its repository.
    fn renamed(&self) -> Option<Finding> {
        let name = self.name();
        let release = self.release.name();
        let lines = self.project.ledger.lines.iter().filter(|line| line.entry.release == release);
        let tried = |own: &&LockRehearsal| own.remote == self.policy.remote().to_string();
        let last = lines.filter_map(|line| line.entry.rehearsed.as_ref()).rfind(tried)?;
        (last.name != name).then(|| {
            let message = format!(
                "the launch lock is called {name} here, and was tried as {}: the project lies elsewhere in its repository",
                last.name
            );
            let advice = Advice::answer(
                "run the command where the project lies in its repository (a .git in between moves it)",
            );
            self.finding(&GL540, message, advice)
        })
    }
}

/// What the other repository has against a launch, or against a further stage of one, as it looks now;
/// nothing where the policy names none.
///
/// One that does not tell everything that is asked of it is in the way: a NO_GO is not to be hidden by
/// cutting a connection.
pub(super) fn against(
    root: &Root,
    project: &Project,
    launches: bool,
    asker: Asker,
    now: Stamp,
    env: &Env<'_>,
) -> Vec<Finding> {
    let Some(own) = LaunchRef::of(root, project) else { return Vec::new() };
    if let Some(finding) = own.renamed() {
        return vec![finding];
    }
    let asked = own.remote(asker, env).and_then(|remote| {
        let mut found = Vec::new();
        if launches {
            let seen = own.look(&remote, &claims::all(root, project), now)?;
            found.extend(own.movable(seen).err().map(|own| *own));
        }
        found.extend(own.findings(&own.elsewhere(&remote, now)?));
        Ok(found)
    });
    match asked {
        Ok(found) => found,
        Err(_) if own.may_go_unlocked(now) => Vec::new(),
        Err(error) if launches => vec![own.unreachable(&error.message())],
        Err(error) => vec![own.untold(&error.message())],
    }
}
