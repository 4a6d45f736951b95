//! Whether a signature fits a key: the one place that uses `ring`.
//!
//! Stricter than `ring` in one thing: Ed25519 takes no point of small order, neither as a key nor in
//! a signature, since with such a point one signature fits any text.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_ASN1,
    ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512,
    RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

/// The points of Ed25519 whose order divides eight, with the sign bit cleared: each in its shortest
/// form, and 0 and 1 also as p and p + 1.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    first(1, 0),
    first(0xec, 0xff),
    first(0xed, 0xff),
    first(0xee, 0xff),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

/// `low`, then `rest` in every byte, with the sign bit cleared.
const fn first(low: u8, rest: u8) -> [u8; 32] {
    let mut bytes = [rest; 32];
    bytes[0] = low;
    bytes[31] &= 0x7f;
    bytes
}

/// A curve of ECDSA. Each comes with its own SHA-2: P-256 with SHA-256, P-384 with SHA-384.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Curve {
    P256,
    P384,
}

impl Curve {
    /// The length of a number of the curve, in bytes.
    pub(super) fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    /// What SSH calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::P256 => "nistp256",
            Self::P384 => "nistp384",
        }
    }
}

/// The hash of an RSA signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RsaHash {
    Sha256,
    Sha512,
}

/// Whether `point` is 32 bytes long and not of small order. That it lies on the curve shows when it
/// verifies something.
pub(super) fn is_strong(point: &[u8]) -> bool {
    let Ok(mut bytes) = <[u8; 32]>::try_from(point) else { return false };
    bytes[31] &= 0x7f;
    !SMALL_ORDER.contains(&bytes)
}

/// Whether `signature` (RFC 8032) is of `message` and of the key at `point`.
pub(super) fn ed25519(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    is_strong(point)
        && signature.get(..32).is_some_and(is_strong)
        && fits(&ED25519, point, message, signature)
}

/// Whether `signature`, two numbers of the curve's size, is of `message` and of the key at `point`.
pub(super) fn ecdsa(curve: Curve, point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    match curve {
        Curve::P256 => fits(&ECDSA_P256_SHA256_FIXED, point, message, signature),
        Curve::P384 => fits(&ECDSA_P384_SHA384_FIXED, point, message, signature),
    }
}

/// The same for a signature in DER, as DSSE has it.
pub(super) fn ecdsa_der(curve: Curve, point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    match curve {
        Curve::P256 => fits(&ECDSA_P256_SHA256_ASN1, point, message, signature),
        Curve::P384 => fits(&ECDSA_P384_SHA384_ASN1, point, message, signature),
    }
}

/// Whether `signature` (PKCS #1 v1.5) is of `message` and of the key; both numbers without leading
/// zeros.
pub(super) fn rsa(hash: RsaHash, (n, e): (&[u8], &[u8]), message: &[u8], signature: &[u8]) -> bool {
    let parameters = match hash {
        RsaHash::Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        RsaHash::Sha512 => &RSA_PKCS1_2048_8192_SHA512,
    };
    RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
}

fn fits(kind: &'static dyn VerificationAlgorithm, key: &[u8], message: &[u8], made: &[u8]) -> bool {
    UnparsedPublicKey::new(kind, key).verify(message, made).is_ok()
}
