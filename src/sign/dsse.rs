//! DSSE envelopes (Dead Simple Signing Envelope, v1): what machines sign with.
//!
//! What is verified is the decoded payload, and what is then read are those same bytes. A key id is
//! a hint and decides nothing.

use crate::model::Reason;
use crate::sign::machine::{MachineKey, MachineSecret};
use crate::text::json;
use base64ct::{Base64, Base64Url, Encoding as _};
use serde::{Deserialize, Serialize};

/// The type of in-toto statements as payloads.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// Most signatures of one envelope; each costs a verification for every key.
const MOST_SIGNATURES: usize = 16;

/// An envelope, read and not yet verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The decoded payload.
    pub payload: Vec<u8>,
    signatures: Vec<(Option<String>, Vec<u8>)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<WrittenSignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSignature {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keyid: Option<String>,
    sig: String,
}

/// What is signed of a payload: the pre-authentication encoding of `DSSEv1`.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut out =
        format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    out.extend_from_slice(payload);
    out
}

impl Envelope {
    /// Signs an in-toto statement.
    pub fn sign(payload: &[u8], secret: &MachineSecret) -> Self {
        let signature = secret.sign(&pae(PAYLOAD_TYPE, payload));
        Self {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: payload.to_vec(),
            signatures: vec![(Some(secret.public().key_id()), signature)],
        }
    }

    /// The envelope's file: pretty JSON with a final line feed.
    pub fn to_text(&self) -> String {
        let signatures = self.signatures.iter().map(|(keyid, sig)| WrittenSignature {
            keyid: keyid.clone(),
            sig: Base64::encode_string(sig),
        });
        let written = Written {
            payload: Base64::encode_string(&self.payload),
            payload_type: self.payload_type.clone(),
            signatures: signatures.collect(),
        };
        serde_json::to_string_pretty(&written).expect("an envelope has only strings") + "\n"
    }

    /// Reads one. Strict where two readers could differ: keys that stand twice or that DSSE does not
    /// have, and Base64 that is not padded; both of its alphabets are allowed, as DSSE demands.
    ///
    /// # Errors
    /// A sentence.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let value = json::parse(text).map_err(|faults| {
            let why = faults.into_iter().next().map(|fault| fault.message);
            format!("it is no strict JSON: {}", why.unwrap_or_default())
        })?;
        let written: Written = serde_json::from_value(value)
            .map_err(|error| format!("it is no DSSE envelope: {error}"))?;
        if written.signatures.is_empty() {
            return Err("it has no signature".into());
        }
        if written.signatures.len() > MOST_SIGNATURES {
            return Err(format!("it has more than {MOST_SIGNATURES} signatures").into());
        }
        let signatures = written.signatures.into_iter().map(|signature| {
            let bytes = decode(&signature.sig).ok_or("a signature of it is not Base64")?;
            Ok((signature.keyid, bytes))
        });
        Ok(Self {
            payload: decode(&written.payload).ok_or("its payload is not Base64")?,
            payload_type: written.payload_type,
            signatures: signatures.collect::<Result<_, &str>>()?,
        })
    }

    /// Whether `key` made one of the signatures, over exactly this payload and its type.
    pub fn is_signed_by(&self, key: &MachineKey) -> bool {
        let message = pae(&self.payload_type, &self.payload);
        self.signatures.iter().any(|(_, signature)| key.verifies(&message, signature))
    }

    /// Whether it says, without proving it, that `key` signed.
    pub fn names(&self, key: &MachineKey) -> bool {
        let id = key.key_id();
        self.signatures.iter().any(|(keyid, _)| keyid.as_deref() == Some(&id))
    }
}

/// Padded Base64 in either alphabet; other spellings of the same bytes are refused.
fn decode(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).or_else(|_| Base64Url::decode_vec(text)).ok()
}

#[cfg(test)]
mod tests;
