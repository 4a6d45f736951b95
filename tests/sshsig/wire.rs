//! Signatures, keys and certificates, put together from their parts.

use base64ct::{Base64, Encoding as _};
use d3p::testing::sign::NAMESPACE;
use sha2::{Digest as _, Sha512};

/// A string with its length.
pub(crate) fn string(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let mut out = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(bytes);
    out
}

/// Strings with their lengths.
pub(crate) fn strings(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().flat_map(string).collect()
}

/// A positive number, in its shortest form.
pub(crate) fn number(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let mut shortest = bytes[start..].to_vec();
    if shortest.first().is_some_and(|byte| *byte >= 0x80) {
        shortest.insert(0, 0);
    }
    string(shortest)
}

/// Takes strings apart.
pub(crate) fn parts(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_at(4);
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        let (part, rest) = rest.split_at(length);
        parts.push(part.to_vec());
        bytes = rest;
    }
    parts
}

/// The parts of an SSHSIG.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) version: u32,
    pub(crate) key: Vec<u8>,
    pub(crate) namespace: Vec<u8>,
    pub(crate) reserved: Vec<u8>,
    pub(crate) hash: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) after: Vec<u8>,
}

impl Parts {
    pub(crate) fn new(key: Vec<u8>, signature: Vec<u8>) -> Self {
        Self {
            version: 1,
            key,
            namespace: NAMESPACE.into(),
            reserved: Vec::new(),
            hash: b"sha512".to_vec(),
            signature,
            after: Vec::new(),
        }
    }

    pub(crate) fn read(armored: &str) -> Self {
        let bytes = unarmored(armored);
        let parts = parts(&bytes[10..]);
        let [key, namespace, reserved, hash, signature] = parts.try_into().unwrap();
        let version = u32::from_be_bytes(bytes[6..10].try_into().unwrap());
        Self { version, key, namespace, reserved, hash, signature, after: Vec::new() }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"SSHSIG".to_vec();
        bytes.extend_from_slice(&self.version.to_be_bytes());
        let parts = [&self.key, &self.namespace, &self.reserved, &self.hash, &self.signature];
        bytes.extend(parts.into_iter().flat_map(string));
        bytes.extend_from_slice(&self.after);
        bytes
    }

    pub(crate) fn armored(&self) -> String {
        armored(&self.bytes())
    }

    /// With another signature, whose own two parts are these.
    pub(crate) fn signed(&self, kind: &str, bytes: &[u8]) -> Self {
        Self { signature: strings(&[kind.as_bytes(), bytes]), ..self.clone() }
    }
}

/// What is signed of `message`.
pub(crate) fn to_sign(message: &[u8], reserved: &[u8]) -> Vec<u8> {
    let mut signed = b"SSHSIG".to_vec();
    let digest = Sha512::digest(message);
    signed.extend(strings(&[NAMESPACE.as_bytes(), reserved, b"sha512", &digest]));
    signed
}

pub(crate) fn armored(bytes: &[u8]) -> String {
    let text = Base64::encode_string(bytes);
    let lines: Vec<&str> =
        text.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let (begin, end) = ("-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----");
    format!("{begin}\n{}\n{end}\n", lines.join("\n"))
}

pub(crate) fn unarmored(text: &str) -> Vec<u8> {
    let lines: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&lines).unwrap()
}

/// `ssh-ed25519 AAAA…` of the bytes of a key.
pub(crate) fn public(blob: &[u8]) -> String {
    let length = u32::from_be_bytes(blob[..4].try_into().unwrap()) as usize;
    let kind = String::from_utf8(blob[4..4 + length].to_vec()).unwrap();
    format!("{kind} {}", Base64::encode_string(blob))
}

/// The bytes of `ssh-ed25519 AAAA…`.
pub(crate) fn blob(public: &str) -> Vec<u8> {
    Base64::decode_vec(public.split(' ').nth(1).unwrap()).unwrap()
}
