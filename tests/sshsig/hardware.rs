//! Keys in hardware: an authenticator made of software signs as OpenSSH has it (PROTOCOL.u2f), and
//! the real `ssh-keygen` says whether it does.

use super::bench::{ANA, Answer, Bench, Question, TEXT, authority_line, line};
use super::token::{Secret, Token};
use super::wire::{Parts, blob, public, strings, to_sign};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use d3p::testing::sign::{AllowedSigners, Presence, SshSignature};
use ring::signature::KeyPair as _;
use sha2::{Digest as _, Sha256};

const WEBAUTHN: &str = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

impl Token {
    pub(crate) fn approve(&self, flags: u8) -> Parts {
        let signature = self.sign(&to_sign(TEXT.as_bytes(), b""), flags, 9);
        Parts::new(self.blob(), signature)
    }

    fn question(&self, parts: &Parts) -> Question {
        Question::new(line(&public(&self.blob())), parts.armored())
    }
}

fn presence(touched: bool, verified: bool) -> Option<Presence> {
    Some(Presence { touched, verified })
}

#[test]
fn ssh_keygen_takes_what_the_authenticator_signs() {
    let bench = Bench::new();
    for token in Token::both() {
        // ssh-keygen does not ask whether anybody touched it.
        for flags in [0, 1, 4, 5, 0x80, 0xc5, 0xff] {
            let question = token.question(&token.approve(flags));
            bench.ask(&question).is_taken();
            let signature = SshSignature::parse(&question.signature).unwrap();
            assert_eq!(signature.presence(), presence(flags & 1 != 0, flags & 4 != 0));
            assert_eq!(signature.application(), Some("ssh:"));
        }
    }
}

#[test]
fn every_flag_is_read_as_it_was_signed() {
    for token in Token::both() {
        for flags in 0..=255 {
            let question = token.question(&token.approve(flags));
            assert_eq!(question.ours(), Ok(()));
            let signature = SshSignature::parse(&question.signature).unwrap();
            assert_eq!(signature.presence(), presence(flags & 1 != 0, flags & 4 != 0));
        }
    }
}

#[test]
fn flags_and_counter_cannot_be_changed() {
    let bench = Bench::new();
    for token in Token::both() {
        let parts = token.approve(0);
        for back in 1..=5 {
            for bit in 0..8 {
                let mut changed = parts.clone();
                let at = changed.signature.len() - back;
                changed.signature[at] ^= 1 << bit;
                bench.ask(&token.question(&changed)).is_refused("not of this text");
            }
        }
    }
}

/// Flags that nobody signed cannot be pushed to where they are read.
#[test]
fn bytes_cannot_be_added() {
    let bench = Bench::new();
    for token in Token::both() {
        let parts = token.approve(0);
        let (body, trailer) = parts.signature.split_at(parts.signature.len() - 5);
        let inner = &body[4 + token.kind().len() + 4..];
        let added: [(Vec<u8>, &str); 7] = [
            ([body, trailer, &[5, 0, 0, 0, 9]].concat(), "bytes follow"),
            ([body, &[5, 0, 0, 0, 9], trailer].concat(), "bytes follow"),
            ([body, trailer, &[0]].concat(), "bytes follow"),
            ([body, &[5], trailer].concat(), "bytes follow"),
            (body.to_vec(), "cut short"),
            ([body, &trailer[..4]].concat(), "cut short"),
            // The trailer inside of the signature proper, and another one after it.
            (
                [
                    strings(&[token.kind().as_bytes(), &[inner, trailer].concat()]),
                    vec![5, 0, 0, 0, 9],
                ]
                .concat(),
                "",
            ),
        ];
        for (signature, words) in added {
            let parts = Parts { signature, ..parts.clone() };
            bench.ask(&token.question(&parts)).is_refused(words);
        }
    }
}

/// A key that a browser made for a web site signs other things without a word of SSH.
#[test]
fn applications_are_those_of_ssh() {
    let bench = Bench::new();
    for application in ["ssh:", "ssh:work"] {
        for token in [Token::ed25519(application), Token::p256(application)] {
            let question = token.question(&token.approve(1));
            bench.ask(&question).is_taken();
            let signature = SshSignature::parse(&question.signature).unwrap();
            assert_eq!(signature.application(), Some(application));
        }
    }
    for application in ["", "ssh", "SSH:", "example.com", "https://ssh:"] {
        for token in [Token::ed25519(application), Token::p256(application)] {
            let question = token.question(&token.approve(1));
            bench.ask(&question).is_stricter("not for ssh:");
            let signers = AllowedSigners::parse(&question.signers);
            assert!(signers.lines.is_empty() && signers.faults[0].message.contains("not for ssh:"));
        }
    }
    // The same chip, asked for something else, is another key.
    let (one, other) = (Token::ed25519("ssh:"), Token::ed25519("ssh:other"));
    let parts = Parts { key: other.blob(), ..one.approve(1) };
    bench.ask(&other.question(&parts)).is_refused("not of this text");
    bench.ask(&one.question(&other.approve(1))).is_refused("no line names");
}

/// Chips are not mistaken for each other, nor for keys without hardware.
#[test]
fn kinds_are_not_mixed() {
    let bench = Bench::new();
    let tokens = Token::both();
    let message = to_sign(TEXT.as_bytes(), b"");
    let plain = |token: &Token| match &token.secret {
        Secret::Ed25519(secret) => {
            ("ssh-ed25519", strings(&[b"ssh-ed25519", secret.point()]), token.chip(&message))
        }
        Secret::P256(secret) => {
            let kind = "ecdsa-sha2-nistp256";
            let blob = strings(&[kind.as_bytes(), b"nistp256", secret.public_key().as_ref()]);
            (kind, blob, token.chip(&message))
        }
    };
    for (token, other) in [(&tokens[0], &tokens[1]), (&tokens[1], &tokens[0])] {
        let (kind, key, signature) = plain(token);
        let plain_signature = strings(&[kind.as_bytes(), &signature]);
        bench
            .ask(&Question::new(line(&public(&key)), {
                Parts::new(key.clone(), plain_signature.clone()).armored()
            }))
            .is_taken();
        // The same number signed it, without hardware.
        let parts = Parts::new(token.blob(), plain_signature);
        bench.ask(&token.question(&parts)).is_refused("made no such signature");
        let hardware = token.sign(&message, 5, 1);
        let question =
            Question::new(line(&public(&key)), Parts::new(key, hardware.clone()).armored());
        bench.ask(&question).is_refused("made no such signature");
        let parts = Parts::new(other.blob(), hardware);
        bench.ask(&other.question(&parts)).is_refused("made no such signature");
    }
}

/// What a browser signs (WebAuthn): `ssh-keygen` takes it, and d3p says that it does not.
#[test]
fn browsers_are_refused_in_words() {
    let bench = Bench::new();
    let token = Token::p256("ssh:");
    let challenge = Base64UrlUnpadded::encode_string(&to_sign(TEXT.as_bytes(), b""));
    let origin = "https://example.com";
    let client = format!(
        "{{\"type\":\"webauthn.get\",\"challenge\":\"{challenge}\",\"origin\":\"{origin}\"}}"
    );
    let mut data = Sha256::digest(token.application.as_bytes()).to_vec();
    data.extend_from_slice(&[5, 0, 0, 0, 9]);
    data.extend_from_slice(&Sha256::digest(client.as_bytes()));
    let mut signature = strings(&[WEBAUTHN.as_bytes(), &token.chip(&data)]);
    signature.extend_from_slice(&[5, 0, 0, 0, 9]);
    signature.extend(strings(&[origin.as_bytes(), client.as_bytes(), b""]));
    let parts = Parts::new(token.blob(), signature);
    bench.ask(&token.question(&parts)).is_stricter("in a browser (WebAuthn)");
}

#[test]
fn keys_in_hardware_may_be_certified() {
    let bench = Bench::new();
    let authority = bench.key("ca", "ed25519");
    for token in Token::both() {
        bench.write("token.pub", format!("{} token\n", public(&token.blob())));
        bench.certify("ca", "token", &["-n", ANA]);
        let certificate = blob(&bench.public("token-cert"));
        for flags in [0, 5] {
            let parts = Parts { key: certificate.clone(), ..token.approve(flags) };
            let question = Question::new(authority_line(&authority), parts.armored());
            bench.ask(&question).is_taken();
            let signature = SshSignature::parse(&question.signature).unwrap();
            assert_eq!(signature.presence(), presence(flags & 1 != 0, flags & 4 != 0));
            let revoked = Question { revoked: Some(public(&token.blob())), ..question };
            let Answer { ours, .. } = bench.ask(&revoked);
            assert_eq!(ours, Err("revoked".to_owned()));
        }
    }
}
