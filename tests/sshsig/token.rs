//! An authenticator made of software: it signs as OpenSSH has it (PROTOCOL.u2f).
#![allow(dead_code, reason = "each test file uses a part of it")]

use super::wire::{number, strings};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use sha2::{Digest as _, Sha256};

pub(crate) const SK_ED25519: &str = "sk-ssh-ed25519@openssh.com";
pub(crate) const SK_ECDSA: &str = "sk-ecdsa-sha2-nistp256@openssh.com";

pub(crate) enum Secret {
    Ed25519(SigningKey),
    P256(EcdsaKeyPair),
}

/// An Ed25519 key that is the same in each run.
pub(crate) struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    pub(crate) fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed).unwrap())
    }

    pub(crate) fn point(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

/// A key that says of a person what it is told to.
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) application: &'static str,
}

impl Token {
    pub(crate) fn ed25519(application: &'static str) -> Self {
        let secret = Secret::Ed25519(SigningKey::from_bytes(&[7; 32]));
        Self { secret, application }
    }

    pub(crate) fn p256(application: &'static str) -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let file = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let secret = EcdsaKeyPair::from_pkcs8(kind, file.as_ref(), &random).unwrap();
        Self { secret: Secret::P256(secret), application }
    }

    pub(crate) fn both() -> [Self; 2] {
        [Self::ed25519("ssh:"), Self::p256("ssh:")]
    }

    pub(crate) fn blob(&self) -> Vec<u8> {
        let application = self.application.as_bytes();
        match &self.secret {
            Secret::Ed25519(secret) => {
                strings(&[SK_ED25519.as_bytes(), secret.point(), application])
            }
            Secret::P256(secret) => {
                let point = secret.public_key().as_ref();
                strings(&[SK_ECDSA.as_bytes(), b"nistp256", point, application])
            }
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self.secret {
            Secret::Ed25519(_) => SK_ED25519,
            Secret::P256(_) => SK_ECDSA,
        }
    }

    /// What its chip makes of bytes.
    pub(crate) fn chip(&self, bytes: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Ed25519(secret) => secret.sign(bytes),
            Secret::P256(secret) => {
                let signature = secret.sign(&SystemRandom::new(), bytes).unwrap();
                let (r, s) = signature.as_ref().split_at(32);
                [number(r), number(s)].concat()
            }
        }
    }

    /// A signature with its flags and counter, as SSH writes it.
    pub(crate) fn sign(&self, message: &[u8], flags: u8, counter: u32) -> Vec<u8> {
        let mut data = Sha256::digest(self.application.as_bytes()).to_vec();
        data.push(flags);
        data.extend_from_slice(&counter.to_be_bytes());
        data.extend_from_slice(&Sha256::digest(message));
        let mut signature = strings(&[self.kind().as_bytes(), &self.chip(&data)]);
        signature.push(flags);
        signature.extend_from_slice(&counter.to_be_bytes());
        signature
    }
}
