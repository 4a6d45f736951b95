//! Signing as a machine: where the key comes from, and what is written with it.
//!
//! The key is read before anything happens, stays in memory, and is passed on to nobody: no command
//! that `d3p` starts sees the variables that it may come from.

use crate::cli::common::{Global, ledger_entry};
use crate::cli::session::Session;
use crate::cli::{Code, Failure};
use crate::decisions::how_to_decide;
use crate::definition::{EvidenceFormat, NativeCheck, SIGNING_VARIABLES};
use crate::env::Env;
use crate::model::{Actor, Advice, Location, Placeholder, Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::{Attested, EntryKind, EvidenceStatement, FileDigest};
use crate::rules::{beyond, machine_keys, machine_signatures, refreeze};
use crate::sign::{Envelope, MachineKey, MachineSecret};
use crate::source::{DEFAULT_LIMIT, Loaded, load_given};
use crate::write::ChangeSet;
use std::path::Path;

/// Holds a private key as text.
const KEY_VARIABLE: &str = SIGNING_VARIABLES[0];
/// Names the file of one.
const FILE_VARIABLE: &str = SIGNING_VARIABLES[1];

/// A machine that signs what it records.
#[derive(Debug)]
pub(super) struct Signer {
    secret: MachineSecret,
    /// The machine, as the policy names it.
    pub(super) machine: String,
}

/// A private key and where it came from, not yet held against a policy.
#[derive(Debug)]
pub(super) struct SigningKey {
    secret: MachineSecret,
    source: String,
}

/// Reads the key that the command line or a variable names; `None` when nothing does.
///
/// # Errors
/// When it cannot be used.
pub(super) fn key(
    given: Option<&Path>,
    global: &Global,
    env: &Env<'_>,
) -> Result<Option<SigningKey>, Failure> {
    let (source, text) = match (given, variable(KEY_VARIABLE, env)?, variable(FILE_VARIABLE, env)?)
    {
        (Some(path), ..) => read(path, &format!("--sign-key {}", path.display()), global)?,
        (None, Some(_), Some(_)) => {
            return Err(Failure::usage(format!(
                "both {KEY_VARIABLE} and {FILE_VARIABLE} are set: it is not clear which key signs"
            ))
            .advise(Advice::answer("unset one of the two, or say --sign-key FILE")));
        }
        (None, Some(text), None) => (KEY_VARIABLE.to_owned(), text),
        (None, None, Some(path)) => {
            read(Path::new(&path), &format!("{FILE_VARIABLE}={path}"), global)?
        }
        (None, None, None) => return Ok(None),
    };
    // Some stores of secrets keep only one line.
    let text = if text.contains('\n') { text } else { text.replace("\\n", "\n") };
    match MachineSecret::parse(&text) {
        Ok(secret) => Ok(Some(SigningKey { secret, source })),
        Err(why) => Err(Failure::incomplete(format!("the key of {source} cannot sign: {why}"))
            .code(Code::Key)
            .note("nothing was written")),
    }
}

/// A variable that is set and not empty.
fn variable(name: &str, env: &Env<'_>) -> Result<Option<String>, Failure> {
    let Some((_, value)) = env.vars.iter().find(|(key, _)| key == name) else { return Ok(None) };
    match value.to_str() {
        Some("") => Ok(None),
        Some(text) => Ok(Some(text.to_owned())),
        None => Err(Failure::incomplete(format!("{name} is set, and is no text"))),
    }
}

fn read(path: &Path, source: &str, global: &Global) -> Result<(String, String), Failure> {
    match load_given(&global.directory.join(path), DEFAULT_LIMIT) {
        Loaded::File(file) => Ok((source.to_owned(), file.text)),
        Loaded::Faulty { fault, .. } => {
            Err(Failure::incomplete(format!("{source}: {}", fault.message))
                .note("nothing was written"))
        }
    }
}

impl SigningKey {
    /// The machine that the policy gives this key to, to sign records of gates.
    ///
    /// # Errors
    /// As for [`Self::of`], and where the policy limits it to steps.
    pub(super) fn for_gates(self, project: &Project) -> Result<Signer, Failure> {
        self.of(project)?.for_step(None, project)
    }

    /// The machine that the policy gives this key to, to sign what is recorded of `kind`.
    ///
    /// # Errors
    /// As for [`Self::of`], and where the policy limits it to other steps.
    pub(super) fn for_evidence(self, kind: &str, project: &Project) -> Result<Signer, Failure> {
        let step = project.phase.step_producing(kind).map(|(step, _)| step);
        self.of(project)?.for_step(step, project)
    }

    /// The machine that the policy gives this key to.
    ///
    /// # Errors
    /// A refusal with the lines that would let it sign.
    pub(super) fn of(self, project: &Project) -> Result<Signer, Failure> {
        let public = self.secret.public();
        let named = |machines| {
            let known = machine_keys(machines).into_iter().find(|(_, key)| *key == public);
            known.map(|(name, _)| name.to_owned())
        };
        let current = named(&project.current.policy.machines);
        match (named(&project.effective().policy.machines), &current) {
            (Some(machine), Some(_)) => Ok(Signer { secret: self.secret, machine }),
            (None, Some(machine)) => Err(Failure::refused(format!(
                "d3p.yaml gives the key of {} to {machine}, and this release froze its policy before that",
                self.source
            ))
            .advise(refreeze(project).what("before the launch, and without a key, take the edited policy"))),
            (frozen, None) => Err(unlisted(&self.source, &public, frozen.as_deref(), project)),
        }
    }
}

fn unlisted(source: &str, public: &MachineKey, frozen: Option<&str>, project: &Project) -> Failure {
    let mut lines = project.signers.iter().flat_map(|signers| &signers.lines);
    if let Some(line) = lines.find(|line| line.fingerprint() == public.fingerprint()) {
        let who = line.principals.join(", ");
        return Failure::refused(format!("the key of {source} is the approver's key of {who}"))
            .advise(
                Advice::run(["ssh-keygen", "-t", "ed25519"])
                    .by(Actor::Person)
                    .what("take it out of the job, and make a key for the machine"),
            )
            .note("nothing was signed or written");
    }
    let message = match frozen {
        Some(machine) => format!("the key of {source}, of {machine}, was taken out of d3p.yaml"),
        None => format!("d3p.yaml lists no machine with the key of {source}"),
    };
    Failure::refused(message)
        .advise(Advice::edit(Location::key("d3p.yaml", "/machines"), format!("to let this key sign, have its line reviewed: machines: [{{ name: release-ci, key: \"{}\" }}]", public.to_openssh())))
        .note("nothing was signed or written")
}

/// Refuses a policy that would show the key to commands of the project.
///
/// # Errors
/// A refusal that names the key of `d3p.yaml`.
pub(super) fn keep_from_hooks(project: &Project) -> Result<(), Failure> {
    match project.effective().policy.run.signing_variables().first() {
        None => Ok(()),
        Some((pointer, name)) => Err(Failure::refused(format!(
            "no hook may see {name}: it could sign what it likes; nothing was run"
        ))
        .advise(Advice::edit(Location::key("d3p.yaml", pointer.as_str()), "remove it"))),
    }
}

/// The key of the command, held against the policy; `None` where no key is given.
///
/// # Errors
/// When it cannot be used, or the policy does not list it.
pub(super) fn signer(
    given: Option<&Path>,
    project: &Project,
    global: &Global,
    env: &Env<'_>,
) -> Result<Option<Signer>, Failure> {
    key(given, global, env)?.map(|key| key.of(project)).transpose()
}

/// Why no machine signs evidence of this kind, and what to do instead; `None` where one may.
pub(super) fn unsigned(kind: &str, project: &Project) -> Option<(String, Advice)> {
    let def = project.phase.evidence.get(kind)?;
    if def.native.iter().any(|native| matches!(native, NativeCheck::Approval { .. })) {
        let why = format!("{kind} is a person's decision: no machine signs it");
        return Some((why, how_to_decide(project)));
    }
    (def.format == EvidenceFormat::AppendOnly).then(|| {
        let why = format!("no machine signs an entry of {kind} by itself");
        let run = Advice::d3p(["run"]).fill(Placeholder::NAME);
        let signed = run.with("--sign-key", Placeholder::FILE);
        (why, signed.what("a sample names the run that measured it, and that is signed"))
    })
}

impl Signer {
    /// Itself, for a step that its signatures count for; without one, for the record of a gate.
    ///
    /// # Errors
    /// A refusal where the policy limits it to other steps.
    pub(super) fn for_step(self, step: Option<&str>, project: &Project) -> Result<Self, Failure> {
        let Some(why) = beyond(project, &self.machine, step) else { return Ok(self) };
        Err(Failure::refused(format!("this signature would not count: {why}"))
            .advise(Advice::answer("run it without the key, or in the job whose key is for it"))
            .note("nothing was signed or written"))
    }

    /// Signs the record of a gate that was computed to pass before, and is computed to be valid now;
    /// `None` when it is signed already.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn sign_valid(
        &self,
        session: &Session,
        gate: &str,
        release: &Release,
        env: &Env<'_>,
    ) -> Result<Option<String>, Failure> {
        let project = &session.project;
        let Some(def) = project.phase.gates.get(gate) else { return Ok(None) };
        let path = project.places().gate(def.number, gate);
        let now = (env.now)();
        let signed = machine_signatures(project, now).valid;
        let done = signed.iter().any(|own| own.path == path && own.machine == self.machine);
        let Some(file) = project.present(&path).filter(|_| !done) else { return Ok(None) };
        let mut changes = ChangeSet::new(session.root());
        let envelope = self.sign_record(&path, &file.text, project, &mut changes);
        let name = envelope.path.clone();
        let mut entry = ledger_entry(project, EntryKind::Recorded, release, now, env);
        entry.machine = Some(self.machine.clone());
        let sha256 = Sha256Digest::of(file.text.as_bytes()).to_string();
        changes.unchanged(path.as_str(), file.digest);
        entry.digests = vec![FileDigest { path, sha256 }, envelope];
        changes.append_line(project.places().ledger(), entry.to_line());
        session.apply(changes)?;
        Ok(Some(name))
    }

    /// Adds the envelope of a gate's record, which is a statement already; gives its name for the
    /// ledger.
    pub(super) fn sign_record(
        &self,
        path: &str,
        text: &str,
        project: &Project,
        changes: &mut ChangeSet,
    ) -> FileDigest {
        self.write(path, text.as_bytes(), Sha256Digest::of(text.as_bytes()), project, changes)
    }

    /// Adds an envelope about the file at `path`; gives its name for the ledger.
    pub(super) fn sign_file(
        &self,
        path: &str,
        text: &str,
        about: About<'_>,
        project: &Project,
        changes: &mut ChangeSet,
    ) -> FileDigest {
        let predicate = Attested {
            kind: about.kind.to_owned(),
            release: about.release.version.clone(),
            commit: about.release.commit.clone(),
            attempt: about.release.attempt,
            environment: about.environment.to_owned(),
            signed_at: about.at.to_string(),
            generated_by: concat!("d3p ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let digest = Sha256Digest::of(text.as_bytes());
        let statement = EvidenceStatement::about(path, digest, predicate);
        self.write(path, statement.to_text().as_bytes(), digest, project, changes)
    }

    fn write(
        &self,
        path: &str,
        payload: &[u8],
        digest: Sha256Digest,
        project: &Project,
        changes: &mut ChangeSet,
    ) -> FileDigest {
        let envelope = project.places().envelope(path, digest);
        let text = Envelope::sign(payload, &self.secret).to_text();
        let sha256 = Sha256Digest::of(text.as_bytes()).to_string();
        match project.digest_of(&envelope) {
            None => changes.create(envelope.as_str(), text),
            // Only something that was put there by hand can be in the way.
            there => changes.replace(envelope.as_str(), text, there),
        };
        FileDigest { path: envelope, sha256 }
    }
}

/// What a machine says of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    /// Kind of evidence, or `run`.
    pub(super) kind: &'a str,
    /// The release.
    pub(super) release: &'a Release,
    /// The environment.
    pub(super) environment: &'a str,
    /// When it is signed.
    pub(super) at: Stamp,
}
