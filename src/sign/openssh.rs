//! OpenSSH's own file of a private key (PROTOCOL.key), as far as machines have it: one key, no
//! passphrase.

use crate::sign::wire::Reader;

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The parts of a private key after its kind, as `ssh-agent` takes them.
pub(super) enum PrivateParts<'a> {
    /// It is encrypted.
    Encrypted,
    /// The seed and the point that stands beside it.
    Ed25519 { seed: &'a [u8], point: &'a [u8] },
    /// The name of the curve, the point, and the secret number without leading zeros.
    Ecdsa { curve: &'a str, point: &'a [u8], secret: &'a [u8] },
    /// Of another kind.
    Other,
}

/// Takes the decoded file apart; `None` when it is none, or not whole.
pub(super) fn read(bytes: &[u8]) -> Option<PrivateParts<'_>> {
    let mut reader = Reader::new(bytes.strip_prefix(MAGIC)?);
    let cipher = reader.text()?;
    let (_kdf, _options) = (reader.string()?, reader.string()?);
    if reader.number()? != 1 {
        return None;
    }
    let _public = reader.string()?;
    let inner = reader.string()?;
    if !reader.is_done() {
        return None;
    }
    if cipher != "none" {
        return Some(PrivateParts::Encrypted);
    }
    let mut reader = Reader::new(inner);
    if reader.number()? != reader.number()? {
        return None;
    }
    let parts = match reader.text()? {
        "ssh-ed25519" => {
            let point = reader.string()?;
            let (seed, again) = reader.string()?.split_at_checked(32)?;
            if again != point {
                return None;
            }
            PrivateParts::Ed25519 { seed, point }
        }
        "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" => {
            let (curve, point) = (reader.text()?, reader.string()?);
            PrivateParts::Ecdsa { curve, point, secret: reader.positive()? }
        }
        _ => return Some(PrivateParts::Other),
    };
    let _comment = reader.string()?;
    // Filled up to a whole block with 1, 2, 3, …
    let filler = reader.take(reader.left())?;
    let is_filler = filler.iter().zip(1u8..).all(|(found, wanted)| *found == wanted);
    (is_filler && filler.len() < 8).then_some(parts)
}
