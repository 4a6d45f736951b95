//! Signing with `ssh-keygen`: the one program that sees a person's private key.

use crate::model::Reason;
use crate::process::{Program, ProgramError, find_program};
use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Finds `ssh-keygen` in the directories of `path`, a `PATH` of the person's own.
///
/// # Errors
/// [`ProgramError`] when it is not there.
pub fn find_ssh_keygen(dir: &Path, path: Option<&str>) -> Result<Program, ProgramError> {
    let dirs: Vec<PathBuf> =
        path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
    find_program("ssh-keygen", dir, &dirs)
}

/// A signature to be asked for.
#[derive(Clone, Debug)]
pub struct SshSigning<'a> {
    /// The program.
    pub program: &'a Path,
    /// The person's key: a private one, or a public one whose other half an agent or a hardware key
    /// holds.
    pub key: &'a Path,
    /// What the signature is for.
    pub namespace: &'a str,
    /// What is signed.
    pub text: &'a str,
    /// The environment of the person, in which their agent is found.
    pub vars: &'a [(OsString, OsString)],
}

/// Lets `ssh-keygen -Y sign` sign, at the person's own terminal: it may ask for a passphrase or a
/// touch. `before` is told the arguments that it is run with. Where it gave no signature, what it said
/// is given back, unless it said so on a terminal.
///
/// # Errors
/// When it cannot be started, or a temporary file cannot be written or read.
pub fn ssh_sign(
    signing: &SshSigning<'_>,
    before: &mut dyn FnMut(&[String]) -> io::Result<()>,
) -> io::Result<Result<String, Reason>> {
    let (dir, file) = statement(signing.text)?;
    let args: Vec<String> = vec![
        "-Y".to_owned(),
        "sign".to_owned(),
        "-n".to_owned(),
        signing.namespace.to_owned(),
        "-f".to_owned(),
        signing.key.to_string_lossy().into_owned(),
        file.to_string_lossy().into_owned(),
    ];
    before(&args)?;
    // It asks for a touch on a terminal only, so a terminal is left to it.
    let seen = io::stderr().is_terminal();
    let said = Command::new(signing.program)
        .args(&args[..5])
        .arg(signing.key)
        .arg(&file)
        .env_clear()
        .envs(signing.vars.iter().cloned())
        .stdin(Stdio::inherit())
        .stdout(Stdio::null())
        .stderr(if seen { Stdio::inherit() } else { Stdio::piped() })
        .output()?;
    if !said.status.success() {
        return Ok(Err(String::from_utf8_lossy(&said.stderr).into_owned().into()));
    }
    let signature = dir.path().join("statement.sig");
    // On Windows it writes lines in their way; the armor is read in one way only.
    std::fs::read_to_string(signature).map(|text| Ok(text.replace("\r\n", "\n")))
}

/// Writes what is signed to a directory of its own.
fn statement(text: &str) -> io::Result<(tempfile::TempDir, PathBuf)> {
    let place = std::env::temp_dir();
    let told = |error: io::Error| {
        let what = format!(
            "no temporary file can be written in {} (TMPDIR says where): {error}",
            place.display()
        );
        io::Error::other(what)
    };
    let dir = tempfile::tempdir_in(&place).map_err(told)?;
    let file = dir.path().join("statement");
    std::fs::write(&file, text).map_err(told)?;
    Ok((dir, file))
}

/// Names that `ssh-keygen` gives to a key pair unasked.
const USUAL: [&str; 5] = ["id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa"];

/// Most files of `~/.ssh` that are looked at, and most bytes of each.
const MOST_KEYS: usize = 100;
const MOST_BYTES: u64 = 64 * 1024;

/// The key pairs of usual names below `home`: the path to sign with, and the public half.
fn usual_keys(home: &Path) -> Vec<(PathBuf, String)> {
    USUAL.into_iter().filter_map(|name| pair(home, name)).collect()
}

/// Whether a key has a name that `ssh-keygen` gives unasked.
pub fn is_usual(key: &Path) -> bool {
    let name = key.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    USUAL.contains(&name.strip_suffix(".pub").unwrap_or(name))
}

/// Every key pair in `~/.ssh`, those of usual names first.
pub fn own_keys(home: &Path) -> Vec<(PathBuf, String)> {
    let files = std::fs::read_dir(home.join(".ssh")).into_iter().flatten().flatten();
    let mut others: Vec<String> = files
        .filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".pub")?.to_owned()))
        .filter(|name| !USUAL.contains(&name.as_str()))
        .collect();
    others.sort();
    let others = others.iter().take(MOST_KEYS).filter_map(|name| pair(home, name));
    usual_keys(home).into_iter().chain(others).collect()
}

fn pair(home: &Path, name: &str) -> Option<(PathBuf, String)> {
    let private = home.join(".ssh").join(name);
    let public = home.join(".ssh").join(format!("{name}.pub"));
    let text = public_text(&public)?;
    // Without the private half an agent may have it.
    let path = if private.is_file() { private } else { public };
    Some((path, text))
}

/// What stands in a file with one public key or certificate.
fn public_text(path: &Path) -> Option<String> {
    // A pipe would never end, and a key is a line.
    let file = std::fs::metadata(path).ok()?;
    let is_key = file.is_file() && file.len() <= MOST_BYTES;
    let text = is_key.then(|| std::fs::read_to_string(path).ok()).flatten()?;
    Some(text.trim().to_owned())
}

/// The public half of a key pair: of `KEY` or `KEY.pub`, the text of `KEY.pub`.
pub fn public_half(key: &Path) -> Option<String> {
    let public = match key.extension() {
        Some(extension) if extension == "pub" => key.to_path_buf(),
        _ => {
            let mut name = key.as_os_str().to_owned();
            name.push(".pub");
            PathBuf::from(name)
        }
    };
    public_text(&public)
}
