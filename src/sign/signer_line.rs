//! One line of the allowed signers: `principals [options] kind key [comment]`, read as
//! `ssh-keygen` reads it.
//!
//! What `ssh-keygen` takes and d3p does not is a fault with a sentence, never something else.

use crate::model::{Reason, Stamp};
use crate::sign::key::{self, PublicKey};
use crate::sign::{pattern, wire::shown};

const FORM: &str = "a line is: principals, options, kind of key, key";

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
    pub key: PublicKey,
}

impl SignerLine {
    /// `SHA256:…` of its key.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint()
    }

    /// Whether its principals cover `identity`, literally or as a pattern.
    pub fn covers(&self, identity: &str) -> bool {
        pattern::covers(self.principals.iter().map(String::as_str), identity)
    }

    /// Why an approval cannot rest on this line, whatever it signs: approvers are named literally,
    /// and their keys are for approvals only.
    pub fn unfit(&self, namespace: &str) -> Option<String> {
        if let Some(name) = self.principals.iter().find(|name| pattern::is_pattern(name)) {
            return Some(format!("`{}` is a pattern; name each approver", shown(name)));
        }
        if self.principals.iter().any(|name| name.is_empty() || name.trim() != name) {
            return Some("a name is empty, or has a space before or after it".to_owned());
        }
        match &self.namespaces {
            Some(all) if all.len() == 1 && all[0] == namespace => None,
            Some(_) | None => Some(format!(
                "its key is not for approvals alone: write namespaces=\"{namespace}\""
            )),
        }
    }

    /// Whether it counts at a moment.
    ///
    /// # Errors
    /// From when on, or until when, it does.
    pub fn in_force(&self, at: Stamp) -> Result<(), Reason> {
        if let Some(after) = self.valid_after.filter(|after| at < *after) {
            return Err(format!("the key is valid after {after} only").into());
        }
        // OpenSSH still takes the very second.
        if let Some(before) = self.valid_before.filter(|before| at >= *before) {
            return Err(format!("the key was valid before {before} only").into());
        }
        Ok(())
    }
}

/// Reads a line; `None` for a comment, or nothing.
///
/// # Errors
/// A sentence when it cannot be used.
pub(super) fn read(number: usize, text: &str) -> Result<Option<SignerLine>, Reason> {
    let text = text.trim_start_matches([' ', '\t']);
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    if text.contains(is_unseen) {
        return Err("the line has an invisible character: write it again".into());
    }
    let (principals, rest) = principals(text)?;
    let (options, rest) = match rest.split_once([' ', '\t']) {
        Some((kind, _)) if key::is_known(kind).is_ok() => (Options::default(), rest),
        _ => options(rest)?,
    };
    let mut words = rest.split([' ', '\t']).filter(|word| !word.is_empty());
    let (Some(kind), Some(blob)) = (words.next(), words.next()) else {
        return Err(FORM.into());
    };
    let key = PublicKey::from_openssh(&format!("{kind} {blob}"))?;
    let Options { cert_authority, namespaces, valid_after, valid_before } = options;
    Ok(Some(SignerLine {
        line: number,
        principals,
        cert_authority,
        namespaces,
        valid_after,
        valid_before,
        key,
    }))
}

/// What can make two lines look the same. OpenSSH ends a line at a zero, too, and takes a return
/// for a space.
fn is_unseen(c: char) -> bool {
    let is_blank = c.is_control() || c.is_whitespace();
    let is_mark = matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    (is_blank && c != ' ' && c != '\t') || is_mark
}

/// The principals, and what follows them. They end at the first space, or at the end of what is in
/// quotes.
fn principals(text: &str) -> Result<(Vec<String>, &str), Reason> {
    let at = text.find([' ', '\t', '"']).ok_or(FORM)?;
    let (mut list, mut rest) = (text[..at].to_owned(), &text[at..]);
    if let Some(quoted) = rest.strip_prefix('"') {
        let (inner, after) = quoted.split_once('"').ok_or("a quote is not closed")?;
        list.push_str(inner);
        rest = after;
    }
    if list.split(',').any(|name| name.len() > pattern::LONGEST) {
        return Err("a principal is too long for OpenSSH".into());
    }
    let list = list.split(',').map(str::to_owned).collect();
    Ok((list, rest.trim_start_matches([' ', '\t'])))
}

#[derive(Default)]
struct Options {
    cert_authority: bool,
    namespaces: Option<Vec<String>>,
    valid_after: Option<Stamp>,
    valid_before: Option<Stamp>,
}

/// The options, and what follows them.
fn options(text: &str) -> Result<(Options, &str), Reason> {
    let mut options = Options::default();
    let mut rest = text;
    loop {
        let end = rest.find(['=', ',', ' ', '\t']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        rest = match after.strip_prefix('=') {
            Some(after) => {
                let (value, after) = value(name, after)?;
                options.set(name, Some(&value))?;
                after
            }
            None => {
                options.set(name, None)?;
                after
            }
        };
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.is_empty() || rest.starts_with([' ', '\t']) => break,
            None => return Err(format!("a comma is missing after {}", shown(name)).into()),
        }
    }
    if let (Some(after), Some(before)) = (options.valid_after, options.valid_before)
        && before <= after
    {
        return Err(format!("valid before {before} and after {after}: never").into());
    }
    Ok((options, rest.trim_start_matches([' ', '\t'])))
}

impl Options {
    fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), Reason> {
        let lower = name.to_ascii_lowercase();
        match (lower.as_str(), value) {
            ("cert-authority", None) => self.cert_authority = true,
            ("namespaces", Some(value)) if self.namespaces.is_none() => {
                if value.split(',').any(|name| name.len() > pattern::LONGEST) {
                    return Err("a namespace is too long for OpenSSH".into());
                }
                self.namespaces = Some(value.split(',').map(str::to_owned).collect());
            }
            ("valid-after", Some(value)) if self.valid_after.is_none() => {
                self.valid_after = Some(time(value)?);
            }
            ("valid-before", Some(value)) if self.valid_before.is_none() => {
                self.valid_before = Some(time(value)?);
            }
            ("namespaces" | "valid-after" | "valid-before", Some(_)) => {
                return Err(format!("{lower} is given twice").into());
            }
            ("namespaces" | "valid-after" | "valid-before", None) => {
                return Err(format!("{lower} needs a value: write {lower}=\"…\"").into());
            }
            ("cert-authority", Some(_)) => return Err(format!("{lower} takes no value").into()),
            _ => return Err(unknown(name).into()),
        }
        Ok(())
    }
}

/// What stands where an option, or a kind of key, would.
fn unknown(name: &str) -> String {
    match key::is_known(name) {
        Err(why) if key::is_refused(name) => why.into_text(),
        _ => format!("`{}` is no option of allowed signers, and no kind of key", shown(name)),
    }
}

/// A value in quotes, and what follows it; `\"` stands for a quote.
fn value<'a>(name: &str, text: &'a str) -> Result<(String, &'a str), Reason> {
    let inner =
        text.strip_prefix('"').ok_or_else(|| format!("write {}=\"…\" in quotes", shown(name)))?;
    let mut value = String::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &inner[at + 1..])),
            '\\' if chars.next_if(|(_, next)| *next == '"').is_some() => value.push('"'),
            _ => value.push(c),
        }
    }
    Err("a quote is not closed".into())
}

/// `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`.
fn time(text: &str) -> Result<Stamp, Reason> {
    let fault = || {
        format!(
            "`{}` is no time from 1970 to 99991230: write YYYYMMDDZ or YYYYMMDDHHMM[SS]Z",
            shown(text)
        )
    };
    let is_time = |digits: &str| {
        matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if is_time(text) {
        return Err(
            format!("`{text}` means another time on each machine: end it with Z, for UTC").into()
        );
    }
    // OpenSSH takes `UTC` too, from a version on that not everybody has.
    let digits = text.strip_suffix(['Z', 'z']).filter(|digits| is_time(digits));
    let padded = format!("{:0<14}", digits.ok_or_else(fault)?);
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
    let stamp = Stamp::parse(&text).map_err(|_| fault())?;
    // For OpenSSH, nothing was before 1970, and its first second stands for no time at all.
    if stamp.timestamp().as_second() <= 0 { Err(fault().into()) } else { Ok(stamp) }
}
