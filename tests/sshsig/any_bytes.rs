//! Bytes and lines that nobody thought of.

use super::bench::{ANA, Bench, Question, TEXT, line};
use super::token::Token;
use super::wire::{armored, public, unarmored};
use crate::fuzz_corpus::sign as property;
use d3p::testing::sign::{NAMESPACE, SshSignature};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use std::sync::LazyLock;

/// Approvals with keys of each kind, as their bytes.
static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let bench = Bench::new();
    let mut samples = Vec::new();
    for (name, kind) in [("ca", "ed25519"), ("p256", "ecdsa -b 256"), ("rsa", "rsa -b 2048")] {
        bench.key(name, kind);
        samples.push(unarmored(&bench.approve(name)));
    }
    bench.certify("ca", "p256", &["-n", ANA]);
    samples.push(unarmored(&bench.approve("p256-cert.pub")));
    for token in [Token::ed25519("ssh:"), Token::p256("ssh:")] {
        samples.push(token.approve(0).bytes());
    }
    samples
});

/// A change somewhere.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Set(Index, u8),
    Remove(Index, usize),
    Insert(Index, Vec<u8>),
    Repeat(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<Index>;
    prop_oneof![
        (index(), 0u8..8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (index(), select(vec![0, 1, 4, 5, 0x7f, 0x80, 0xff]))
            .prop_map(|(at, b)| Damage::Set(at, b)),
        (index(), 1usize..40).prop_map(|(at, count)| Damage::Remove(at, count)),
        (index(), prop::collection::vec(any::<u8>(), 1..9))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (index(), 1usize..80).prop_map(|(at, count)| Damage::Repeat(at, count)),
    ]
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let size = bytes.len();
        match self {
            Self::Flip(at, bit) => bytes[at.index(size)] ^= 1 << bit,
            Self::Set(at, byte) => bytes[at.index(size)] = *byte,
            Self::Remove(at, count) => {
                let at = at.index(size);
                bytes.drain(at..(at + count).min(size));
            }
            Self::Insert(at, more) => {
                let at = at.index(size);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Repeat(at, count) => {
                let at = at.index(size);
                let part = bytes[at..(at + count).min(size)].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
}

/// What a line of allowed signers is made of, and what it is not.
fn piece() -> impl Strategy<Value = &'static str> {
    select(vec![
        ANA,
        "ana@example.com,bob",
        "*",
        "*@example.com",
        "!ana@example.com",
        "ana?example.com",
        "",
        "\"ana@example.com\"",
        "\"ana@example.com, bob\"",
        "\"",
        ",",
        " ",
        "  ",
        "\t",
        "\\\"",
        "#",
        "NS",
        "NS",
        "NS",
        "namespaces=\"*\"",
        "namespaces=\"d3p-*,!git\"",
        "Namespaces=",
        "=",
        "cert-authority",
        "valid-after=\"20260101Z\"",
        "valid-before=\"20261231Z\"",
        "\n",
        "\r\n",
        "valid-before=\"20260101Z\"",
        "valid-after=\"20260101\"",
        "KEY",
        "KEY",
        "KEY",
        "OTHER",
        "ssh-ed25519",
        "comment",
        "\r",
        "\0",
        "\u{b}",
        "é",
        "\u{200b}",
    ])
}

/// Lines that have a chance, with something put in between.
fn signers() -> impl Strategy<Value = String> {
    let good = prop_oneof![
        Just(vec![ANA, " ", "NS", " ", "KEY", "\n"]),
        Just(vec![
            "\"bob,ana@example.com\"",
            " ",
            "NS",
            ",",
            "valid-after=\"20260101Z\"",
            " ",
            "KEY",
            " ",
            "comment",
            "\n"
        ]),
        Just(vec![ANA, "\t", "valid-before=\"20261231Z\"", ",", "NS", "\t", "KEY"]),
        Just(vec![]),
    ];
    let changes = prop::collection::vec((any::<Index>(), piece(), any::<bool>()), 0..5);
    let one = (good, changes).prop_map(|(mut parts, changes)| {
        for (at, piece, replace) in changes {
            let at = at.index(parts.len() + 1);
            parts.splice(at..(at + usize::from(replace)).min(parts.len()), [piece]);
        }
        parts.concat()
    });
    prop::collection::vec(one, 1..4).prop_map(|lines| lines.concat())
}

proptest! {
    // Seeds are not kept: the keys are new each time.
    #![proptest_config(ProptestConfig {
        cases: 1000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        property::sshsig(&bytes);
        property::allowed_signers(&bytes);
    }

    #[test]
    fn damaged_signatures_sign_nothing_else(
        sample in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let good = sample.get(&SAMPLES);
        let mut bytes = good.clone();
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        property::sshsig(&bytes);
        // Where damage heals itself, everything is as it was.
        if let Ok(read) = SshSignature::parse(&armored(&bytes))
            && read.verify(TEXT.as_bytes()).is_ok()
        {
            let before = SshSignature::parse(&armored(good)).unwrap();
            prop_assert_eq!(format!("{:?}", read), format!("{:?}", before));
        }
    }

    #[test]
    fn damaged_armor_is_an_answer(damages in prop::collection::vec(damage(), 1..4)) {
        let mut bytes = armored(&SAMPLES[0]).into_bytes();
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        property::sshsig(&bytes);
    }

    #[test]
    fn damaged_signers_let_nobody_in(
        text in signers(),
        damages in prop::collection::vec(damage(), 0..3),
    ) {
        let samples = include_str!("samples/signers");
        let key = samples.split_whitespace().last().unwrap();
        let text = text.replace("NS", "namespaces=\"d3p-approval\"");
        let text = text.replace("KEY", &format!("ssh-ed25519 {key}"));
        let mut bytes = format!("{samples}{text}");
        property::allowed_signers(bytes.as_bytes());
        let mut damaged = std::mem::take(&mut bytes).into_bytes();
        damages.iter().for_each(|damage| damage.apply(&mut damaged));
        property::allowed_signers(&damaged);
    }
}

/// Files of made-up lines, asked of `ssh-keygen`: d3p lets nobody in whom that keeps out.
#[test]
fn made_up_signers_are_no_looser_than_ssh_keygen() {
    let bench = Bench::new();
    let key = bench.key("ana", "ed25519");
    let other = public(&Token::ed25519("ssh:").blob());
    let signature = bench.approve("ana");
    let namespaces = format!("namespaces=\"{NAMESPACE}\"");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut taken, mut stricter) = (0, 0);
    for _ in 0..300 {
        let text = signers().new_tree(&mut runner).unwrap().current();
        // A key may well have `NS` in it, so keys are put in last.
        let text = text.replace("NS", &namespaces).replace("KEY", &key).replace("OTHER", &other);
        let answer = bench.ask(&Question::new(text, &*signature));
        taken += usize::from(answer.ours.is_ok());
        stricter += usize::from(answer.ours.is_err() && answer.theirs.is_ok());
    }
    // Both kinds were among them.
    assert!(taken > 30 && stricter > 2 && taken < 270, "{taken} taken, {stricter} stricter");
    bench.ask(&Question::new(line(&key), signature)).is_taken();
}
