//! `allowed_signers`: who signs with which key (ssh-keygen(1), ALLOWED SIGNERS).

use crate::model::{Sha256Digest, Stamp};
use crate::sign::certificate;
use crate::sign::sshsig::SshSignature;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey};

/// Everybody who may sign.
#[derive(Clone, Debug)]
pub struct AllowedSigners {
    /// SHA-256 of the file.
    pub digest: Sha256Digest,
    /// Its lines, without comments.
    pub lines: Vec<SignerLine>,
    /// Lines that cannot be used.
    pub faults: Vec<SignerFault>,
}

/// A line that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignerFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// A key and who signs with it.
#[derive(Clone, Debug)]
pub struct SignerLine {
    /// The line, from 1.
    pub line: usize,
    /// Names or patterns.
    pub principals: Vec<String>,
    /// Whether the key certifies other keys.
    pub cert_authority: bool,
    /// What the key may sign for; `None`: anything.
    pub namespaces: Option<Vec<String>>,
    /// From when on it counts.
    pub valid_after: Option<Stamp>,
    /// Until when it counts.
    pub valid_before: Option<Stamp>,
    /// The key.
    pub key: KeyData,
}

impl SignerLine {
    /// `SHA256:…` of its key.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint(HashAlg::Sha256).to_string()
    }

    /// Why an approval cannot rest on this line, whatever it signs: approvers are named literally,
    /// and their keys are for approvals only.
    pub fn unfit(&self, namespace: &str) -> Option<String> {
        let pattern = |name: &&String| name.contains(['*', '?', '!']) || name.is_empty();
        if let Some(name) = self.principals.iter().find(pattern) {
            return Some(format!("`{name}` is a pattern; name each approver"));
        }
        match &self.namespaces {
            Some(all) if all.len() == 1 && all[0] == namespace => None,
            Some(_) | None => Some(format!(
                "its key is not for approvals alone: write namespaces=\"{namespace}\""
            )),
        }
    }
}

impl AllowedSigners {
    /// Reads a file; what cannot be used is told and left out.
    pub fn parse(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut faults = Vec::new();
        for (index, text) in text.lines().enumerate() {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            match line(index + 1, text) {
                Ok(line) => lines.push(line),
                Err(message) => faults.push(SignerFault { line: index + 1, message }),
            }
        }
        Self { digest: Sha256Digest::of(text.as_bytes()), lines, faults }
    }

    /// The lines that name `identity` literally.
    pub fn of<'a, 'b>(
        &'a self,
        identity: &'b str,
    ) -> impl Iterator<Item = &'a SignerLine> + use<'a, 'b> {
        self.lines.iter().filter(move |line| line.principals.iter().any(|name| name == identity))
    }

    /// The line that lets `identity` sign with the key of `signature`, in `namespace`, at `at`.
    ///
    /// # Errors
    /// Why there is none: the nearest miss.
    pub fn find(
        &self,
        identity: &str,
        signature: &SshSignature,
        namespace: &str,
        at: Stamp,
    ) -> Result<&SignerLine, String> {
        let mut why = format!("no line names {identity} with the key {}", signature.fingerprint());
        for line in self.of(identity) {
            let matches = match signature.certificate() {
                Some(found) if line.cert_authority => {
                    certificate::holds(found, &line.key, identity, at)
                }
                // A certified key may also be listed itself.
                _ if !line.cert_authority && line.key == *signature.key() => Ok(()),
                _ => continue,
            };
            let outcome = matches
                .and_then(|()| line.unfit(namespace).map_or(Ok(()), Err))
                .and_then(|()| in_force(line, at));
            match outcome {
                Ok(()) => return Ok(line),
                Err(message) => why = format!("line {}: {message}", line.line),
            }
        }
        Err(why)
    }
}

fn in_force(line: &SignerLine, at: Stamp) -> Result<(), String> {
    if let Some(after) = line.valid_after.filter(|after| at < *after) {
        return Err(format!("the key is valid after {after} only"));
    }
    if let Some(before) = line.valid_before.filter(|before| at >= *before) {
        return Err(format!("the key was valid before {before} only"));
    }
    Ok(())
}

/// `principals [options] keytype base64 [comment]`.
fn line(number: usize, text: &str) -> Result<SignerLine, String> {
    let (principals, rest) = word(text)?;
    let rest = rest.trim_start();
    let mut line = SignerLine {
        line: number,
        principals: principals.split(',').map(|name| name.trim().to_owned()).collect(),
        cert_authority: false,
        namespaces: None,
        valid_after: None,
        valid_before: None,
        key: KeyData::Ed25519(ssh_key::public::Ed25519PublicKey([0; 32])),
    };
    let key = match PublicKey::from_openssh(rest) {
        Ok(key) => key,
        Err(_) => {
            let (options, rest) = word(rest)?;
            set_options(&mut line, options)?;
            let key = PublicKey::from_openssh(rest.trim_start());
            key.map_err(|error| format!("the key cannot be read: {error}"))?
        }
    };
    line.key = key.key_data().clone();
    Ok(line)
}

/// The first word; spaces inside quotes do not end it. Quotes around a whole word are taken off.
fn word(text: &str) -> Result<(&str, &str), String> {
    let mut quoted = false;
    let end = text.char_indices().find(|&(_, c)| {
        if c == '"' {
            quoted = !quoted;
        }
        !quoted && (c == ' ' || c == '\t')
    });
    let Some((end, _)) = end else {
        return Err("a line is: principals, options, key type, key".to_owned());
    };
    let (first, rest) = text.split_at(end);
    let whole = first.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    Ok((whole.filter(|inner| !inner.contains('"')).unwrap_or(first), rest))
}

fn set_options(line: &mut SignerLine, options: &str) -> Result<(), String> {
    for option in split_options(options) {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => {
                let inner = value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
                let inner = inner.ok_or_else(|| format!("write {name}=\"…\" in quotes"))?;
                (name.to_ascii_lowercase(), Some(inner))
            }
            None => (option.to_ascii_lowercase(), None),
        };
        match (name.as_str(), value) {
            ("cert-authority", None) => line.cert_authority = true,
            ("namespaces", Some(value)) if line.namespaces.is_none() => {
                line.namespaces =
                    Some(value.split(',').map(|name| name.trim().to_owned()).collect());
            }
            ("valid-after", Some(value)) if line.valid_after.is_none() => {
                line.valid_after = Some(time(value)?);
            }
            ("valid-before", Some(value)) if line.valid_before.is_none() => {
                line.valid_before = Some(time(value)?);
            }
            _ => return Err(format!("`{option}` is no option of allowed signers, or given twice")),
        }
    }
    if let (Some(after), Some(before)) = (line.valid_after, line.valid_before)
        && before <= after
    {
        return Err(format!("valid before {before} and after {after}: never"));
    }
    Ok(())
}

/// Options, divided by commas that are not in quotes.
fn split_options(text: &str) -> Vec<&str> {
    let mut quoted = false;
    let parts = text.split(|c| {
        if c == '"' {
            quoted = !quoted;
        }
        c == ',' && !quoted
    });
    parts.collect()
}

/// `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`.
fn time(text: &str) -> Result<Stamp, String> {
    let fault = || format!("`{text}` is no time: write YYYYMMDDZ or YYYYMMDDHHMM[SS]Z");
    let Some(digits) = text.strip_suffix(['Z', 'z']) else {
        return Err(format!("`{text}` means another time on each machine: end it with Z, for UTC"));
    };
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault());
    }
    let padded = format!("{digits:0<14}");
    let part = |from: usize, to: usize| &padded[from..to];
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    );
    Stamp::parse(&text).map_err(|_| fault())
}
