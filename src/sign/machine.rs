//! Keys of machines: what a CI job signs with, and what its signatures are held against.
//!
//! Ed25519 and ECDSA over P-256 and P-384, as DSSE's implementations know them: an ECDSA signature
//! is DER over the curve's own SHA-2. Public keys are OpenSSH lines or PEM (SPKI), private keys PEM
//! (PKCS#8) or OpenSSH's own format, without a passphrase.

use crate::model::Reason;
use crate::sign::arithmetic::{self, Curve};
use crate::sign::key::{KINDS, Material, PublicKey};
use crate::sign::openssh::{self, PrivateParts};
use base64ct::{Base64, Encoding as _};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _,
};
use sha2::{Digest as _, Sha256};

const OPENSSL: &str = "openssl genpkey -algorithm ed25519 -out KEY.pem makes one";

/// Most characters of a line of PEM.
const PEM_LINE: usize = 64;

/// What stands before the point in the one DER form of a public key (RFC 5480, RFC 8410).
const SPKI_ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0];
const SPKI_P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0,
];
const SPKI_P384: &[u8] = &[
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0,
];

/// The public half of a machine's key: Ed25519, ECDSA over P-256 with SHA-256, or over P-384 with
/// SHA-384.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MachineKey(PublicKey);

impl MachineKey {
    /// Reads an OpenSSH line (`ssh-ed25519 AAAA…`) or a PEM public key.
    ///
    /// # Errors
    /// A sentence that never repeats what was given: it may be a private key.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err("it is a private key, which whoever reads this file can sign with now: make a new pair, and put the public half here".into());
        }
        let key = if text.starts_with("-----BEGIN ") {
            Self::from_pem(text)?
        } else {
            Self::from_line(text)?
        };
        let is_for_machines = key.application().is_none()
            && matches!(key.material(), Material::Ed25519(_) | Material::Ecdsa(..));
        if !is_for_machines {
            return Err(format!(
                "machines sign with ed25519, or with ecdsa over P-256 or P-384; this is {}",
                key.kind()
            )
            .into());
        }
        Ok(Self(key))
    }

    fn from_line(text: &str) -> Result<PublicKey, Reason> {
        PublicKey::from_openssh(text).map_err(|why| {
            let kind = text.split_whitespace().next().unwrap_or_default();
            // Only of a key does the error repeat nothing.
            match KINDS.iter().any(|(known, _)| *known == kind) {
                true => why,
                false => "it is neither an OpenSSH public key (ssh-ed25519 AAAA…) nor a PEM public key (-----BEGIN PUBLIC KEY-----)".into(),
            }
        })
    }

    fn from_pem(text: &str) -> Result<PublicKey, Reason> {
        let unknown = || {
            "it is no PEM public key of a kind that machines sign with: ed25519, or ecdsa over P-256 or P-384 with its whole point".to_owned()
        };
        let der = from_pem(text, "PUBLIC KEY").ok_or_else(unknown)?;
        if let Some(point) = der.strip_prefix(SPKI_ED25519) {
            PublicKey::of_ed25519(point)
        } else if let Some(point) = der.strip_prefix(SPKI_P256) {
            PublicKey::of_ecdsa(Curve::P256, point)
        } else if let Some(point) = der.strip_prefix(SPKI_P384) {
            PublicKey::of_ecdsa(Curve::P384, point)
        } else {
            Err(unknown().into())
        }
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint()
    }

    /// The line that the policy takes.
    pub fn to_openssh(&self) -> String {
        self.0.to_openssh()
    }

    /// What envelopes call it: the key id that TUF's and in-toto's libraries compute, so that theirs
    /// find the key. Only a hint; who signed is what verifies.
    pub fn key_id(&self) -> String {
        let (kind, scheme, public) = match self.0.material() {
            Material::Ecdsa(Curve::P256, point) => {
                ("ecdsa", "ecdsa-sha2-nistp256", to_pem(&[SPKI_P256, point].concat()))
            }
            Material::Ecdsa(Curve::P384, point) => {
                ("ecdsa", "ecdsa-sha2-nistp384", to_pem(&[SPKI_P384, point].concat()))
            }
            Material::Ed25519(bytes) | Material::Rsa(bytes, _) => {
                ("ed25519", "ed25519", hex(bytes))
            }
        };
        // Their canonical JSON leaves line feeds as they are.
        let text = format!(
            r#"{{"keytype":"{kind}","keyval":{{"public":"{public}"}},"scheme":"{scheme}"}}"#
        );
        hex(&Sha256::digest(text.as_bytes()))
    }

    /// Whether its other half made `signature` of exactly `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.0.material() {
            Material::Ed25519(point) => arithmetic::ed25519(point, message, signature),
            Material::Ecdsa(curve, point) => {
                arithmetic::ecdsa_der(*curve, point, message, signature)
            }
            Material::Rsa(..) => false,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn to_pem(der: &[u8]) -> String {
    let text = Base64::encode_string(der);
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for at in (0..text.len()).step_by(PEM_LINE) {
        pem.push_str(&text[at..text.len().min(at + PEM_LINE)]);
        pem.push('\n');
    }
    pem + "-----END PUBLIC KEY-----\n"
}

/// The bytes between the two lines of PEM.
fn from_pem(text: &str, label: &str) -> Option<Vec<u8>> {
    let inner = text
        .strip_prefix(&format!("-----BEGIN {label}-----"))?
        .strip_suffix(&format!("-----END {label}-----"))?;
    let text: String = inner.lines().map(str::trim_end).collect();
    Base64::decode_vec(&text).ok()
}

/// A machine's private key. It is never shown: there is no `Debug` for what it holds.
pub struct MachineSecret {
    secret: Secret,
    public: MachineKey,
}

enum Secret {
    Ed25519(Box<Ed25519KeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
}

impl std::fmt::Debug for MachineSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MachineSecret({})", self.public.fingerprint())
    }
}

impl MachineSecret {
    /// Reads a private key: PEM (PKCS#8), or OpenSSH's own format.
    ///
    /// # Errors
    /// A sentence that repeats nothing of the key.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = text.trim();
        let label = text
            .strip_prefix("-----BEGIN ")
            .and_then(|rest| rest.split_once("-----"))
            .map(|(label, _)| label);
        match label {
            Some("PRIVATE KEY") => Self::from_pkcs8(text),
            Some("OPENSSH PRIVATE KEY") => Self::from_openssh(text),
            Some("ENCRYPTED PRIVATE KEY") => Err(encrypted("openssl pkey -in KEY -out PLAIN").into()),
            Some(label) if text.contains("Proc-Type: 4,ENCRYPTED") => {
                Err(format!("{} ({label})", encrypted("openssl pkey -in KEY -out PLAIN")).into())
            }
            Some("PUBLIC KEY") => Err("it is a public key; signing needs the private half".into()),
            Some("EC PARAMETERS" | "EC PRIVATE KEY") => Err(
                "it is in the old format of EC keys; openssl pkcs8 -topk8 -nocrypt -in KEY -out PLAIN turns it into PKCS#8".into(),
            ),
            Some("RSA PRIVATE KEY") => Err(format!("it is an RSA key; machines sign with ed25519 or ecdsa: {OPENSSL}").into()),
            _ => Err(format!(
                "it is no private key in PEM (-----BEGIN PRIVATE KEY-----): {OPENSSL}"
            ).into()),
        }
    }

    fn from_pkcs8(text: &str) -> Result<Self, Reason> {
        let other = || {
            format!(
                "it is cut short, or no key that machines sign with: ed25519, or ecdsa over P-256 or P-384; {OPENSSL}"
            )
        };
        let der = from_pem(text, "PRIVATE KEY").ok_or_else(other)?;
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der) {
            return Self::of_ed25519(pair);
        }
        for curve in [Curve::P256, Curve::P384] {
            match EcdsaKeyPair::from_pkcs8(signing(curve), &der, &SystemRandom::new()) {
                Ok(pair) => return Self::of_ecdsa(curve, pair),
                // An ECDSA key of which only the private half was written.
                Err(_) if is_half(curve, &der) => {
                    return Err("its public half is not in it; openssl ec -in KEY | openssl pkcs8 -topk8 -nocrypt -out WHOLE adds it".into());
                }
                Err(_) => {}
            }
        }
        Err(other().into())
    }

    fn from_openssh(text: &str) -> Result<Self, Reason> {
        let broken = || format!("it is cut short, or no OpenSSH private key; {OPENSSL}");
        let bytes = from_pem(text, "OPENSSH PRIVATE KEY").ok_or_else(broken)?;
        let halves = "its two halves are not one key";
        match openssh::read(&bytes).ok_or_else(broken)? {
            PrivateParts::Encrypted => Err(encrypted("ssh-keygen -p -N '' -f COPY-OF-KEY").into()),
            PrivateParts::Ed25519 { seed, point } => Self::of_ed25519(
                Ed25519KeyPair::from_seed_and_public_key(seed, point).map_err(|_| halves)?,
            ),
            PrivateParts::Ecdsa { curve, point, secret } => {
                let curve =
                    [Curve::P256, Curve::P384].into_iter().find(|known| known.name() == curve);
                let curve = curve.ok_or_else(broken)?;
                let missing = curve.size().checked_sub(secret.len()).ok_or_else(broken)?;
                let secret = [&vec![0; missing], secret].concat();
                let random = SystemRandom::new();
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    signing(curve),
                    &secret,
                    point,
                    &random,
                );
                Self::of_ecdsa(curve, pair.map_err(|_| halves)?)
            }
            PrivateParts::Other => Err(format!(
                "machines sign with ed25519, or with ecdsa over P-256 or P-384; {OPENSSL}"
            )
            .into()),
        }
    }

    fn of_ed25519(pair: Ed25519KeyPair) -> Result<Self, Reason> {
        let public = PublicKey::of_ed25519(pair.public_key().as_ref())?;
        Ok(Self { secret: Secret::Ed25519(Box::new(pair)), public: MachineKey(public) })
    }

    fn of_ecdsa(curve: Curve, pair: EcdsaKeyPair) -> Result<Self, Reason> {
        let public = PublicKey::of_ecdsa(curve, pair.public_key().as_ref())?;
        Ok(Self { secret: Secret::Ecdsa(Box::new(pair)), public: MachineKey(public) })
    }

    /// Its public half.
    pub fn public(&self) -> MachineKey {
        self.public.clone()
    }

    /// A signature of `message`. Of Ed25519 it is the same each time; ECDSA mixes in randomness of
    /// the operating system, which never decides anything.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Secret::Ecdsa(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message);
                signature.expect("a system that ids came from has randomness").as_ref().to_vec()
            }
        }
    }
}

fn signing(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_ASN1_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_ASN1_SIGNING,
    }
}

/// Whether `der` is a private key of `curve` whose public half was left out (RFC 5915 lets it).
fn is_half(curve: Curve, der: &[u8]) -> bool {
    let spki = match curve {
        Curve::P256 => SPKI_P256,
        Curve::P384 => SPKI_P384,
    };
    // The algorithm as it stands in a public key, between its own frame and that of the point.
    let algorithm = &spki[2..spki.len() - 3];
    let is_of_curve = der.windows(algorithm.len()).any(|part| part == algorithm);
    is_of_curve && der.len() < 2 * curve.size() + curve.size()
}

fn encrypted(how: &str) -> String {
    format!(
        "it is encrypted, and nobody is there to type its passphrase: {how} takes it off; keep the result as a secret of the job"
    )
}
