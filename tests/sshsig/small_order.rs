//! Ed25519, checked strictly: points of small order, and a number with a second form.

use super::bench::{Answer, Bench, Question, TEXT, line};
use super::malleable::{hex, minus, plus, question};
use super::token::SigningKey;
use super::wire::{Parts, parts, strings, to_sign};
use sha2::{Digest as _, Sha512};

/// The order of the group of Ed25519, in its byte order.
const ED25519: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

#[test]
fn ed25519_is_checked_strictly() {
    let bench = Bench::new();
    let listed = bench.key("ed25519", "ed25519");
    let good = Parts::read(&bench.approve("ed25519"));
    let bytes = parts(&good.signature)[1].clone();
    // S plus the order of the group is S again.
    let (mut s, mut order) = (bytes[32..].to_vec(), hex(ED25519));
    s.reverse();
    order.reverse();
    let mut second = plus(&s, &order);
    second.reverse();
    let second = [&bytes[..32], &second].concat();
    let parts = good.signed("ssh-ed25519", &second);
    assert!(bench.ask(&question(&parts)).ours.unwrap_err().contains("not of this text"));
    // With a point of small order as the key, this fits every text.
    let mut one = vec![0; 32];
    one[0] = 1;
    let anything = [one.clone(), vec![0; 32]].concat();
    let mut small = vec![one.clone(), vec![0; 32]];
    small.extend([
        hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        // Not the shortest form of the same.
        hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ]);
    for point in small {
        let key = strings(&[b"ssh-ed25519", &point]);
        let parts = Parts { key: key.clone(), ..good.clone() };
        let parts = parts.signed("ssh-ed25519", &anything);
        let Answer { ours, .. } = bench.ask(&question(&parts));
        assert!(ours.unwrap_err().contains("no point of Ed25519"));
        // Nor is it taken as what a signature begins with.
        let parts = good.signed("ssh-ed25519", &[point, vec![0; 32]].concat());
        let question = Question::new(line(&listed), parts.armored());
        bench.ask(&question).is_refused("not of this text");
    }
}

/// `a * b` modulo the order of the group of Ed25519; little-endian numbers, of which `b` is below it.
fn times(a: &[u8], b: &[u8]) -> Vec<u8> {
    let wide = |number: &[u8]| number.iter().rev().copied().collect::<Vec<u8>>();
    let order = [vec![0], wide(&hex(ED25519))].concat();
    let reduced = |sum: Vec<u8>| if sum >= order { minus(&sum, &order) } else { sum };
    let b = [vec![0], wide(b)].concat();
    let mut product = vec![0; 33];
    for byte in wide(a) {
        for bit in (0..8).rev() {
            product = reduced(plus(&product, &product));
            if byte >> bit & 1 == 1 {
                product = reduced(plus(&product, &b));
            }
        }
    }
    product[1..].iter().rev().copied().collect()
}

/// A good key signs with the point of order one, as its owner can: a second kind of signature.
#[test]
fn a_good_key_makes_no_signature_of_small_order() {
    let bench = Bench::new();
    let secret = SigningKey::from_bytes(&[3; 32]);
    let message = to_sign(TEXT.as_bytes(), b"");
    let mut scalar = Sha512::digest([3; 32])[..32].to_vec();
    scalar[0] &= 248;
    scalar[31] = scalar[31] & 127 | 64;
    let mut unit = vec![0; 32];
    unit[0] = 1;
    let scalar = times(&scalar, &unit);
    let hash = Sha512::new()
        .chain_update(&unit)
        .chain_update(secret.point())
        .chain_update(&message)
        .finalize();
    let signature = [unit, times(&hash, &scalar)].concat();
    let key = strings(&[b"ssh-ed25519", secret.point()]);
    let parts = Parts::new(key, strings(&[b"ssh-ed25519", &signature]));
    bench.ask(&question(&parts)).is_stricter("not of this text");
}

/// With a key of small order, `ssh-keygen` says yes to every text.
#[test]
fn a_weak_key_fits_every_text_for_ssh_keygen_alone() {
    let bench = Bench::new();
    let mut one = vec![0; 32];
    one[0] = 1;
    let key = strings(&[b"ssh-ed25519", &one]);
    let anything = [one, vec![0; 32]].concat();
    let parts = Parts::new(key, strings(&[b"ssh-ed25519", &anything]));
    for text in ["GO", "NO_GO", ""] {
        let question = Question { text: text.into(), ..question(&parts) };
        bench.ask(&question).is_stricter("no point of Ed25519");
    }
}
