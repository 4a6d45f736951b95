//! Signatures with a second form, weak keys, and damage of every kind.

use super::bench::{Answer, Bench, Question, TEXT, line};
use super::token::SigningKey;
use super::wire::{Parts, armored, blob, number, parts, public, strings, to_sign, unarmored};

/// The orders of the curves' groups.
const P256: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P384: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf\
                    581a0db248b0a77aecec196accc52973";
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

/// `a - b` of numbers with as many bytes, the largest first.
pub(crate) fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut out = vec![0; a.len()];
    for at in (0..a.len()).rev() {
        let difference = i16::from(a[at]) - i16::from(b[at]) - borrow;
        borrow = i16::from(difference < 0);
        out[at] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    out
}

/// `a + b`, likewise.
pub(crate) fn plus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let zero = vec![0; a.len()];
    minus(a, &minus(&zero, b))
}

/// As many bytes as `size`.
fn padded(number: &[u8], size: usize) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let digits = &number[start..];
    [vec![0; size - digits.len()], digits.to_vec()].concat()
}

fn kind(name: &str) -> &'static str {
    match name {
        "ed25519" => "ssh-ed25519",
        "p256" => "ecdsa-sha2-nistp256",
        "p384" => "ecdsa-sha2-nistp384",
        _ => "rsa-sha2-512",
    }
}

const KEYS: [(&str, &str); 4] = [
    ("ed25519", "ed25519"),
    ("p256", "ecdsa -b 256"),
    ("p384", "ecdsa -b 384"),
    ("rsa", "rsa -b 2048"),
];

pub(crate) fn question(parts: &Parts) -> Question {
    Question::new(line(&public(&parts.key)), parts.armored())
}

/// What is wrong with the envelope, whatever the kind of the key.
#[test]
fn envelopes_have_one_form() {
    let bench = Bench::new();
    for (name, made) in KEYS {
        bench.key(name, made);
        let good = Parts::read(&bench.approve(name));
        let ask = |change: &dyn Fn(&mut Parts)| {
            let mut parts = good.clone();
            change(&mut parts);
            // The signers keep the key as it is.
            bench.ask(&Question { signature: parts.armored(), ..question(&good) })
        };
        ask(&|_| {}).is_taken();
        // What OpenSSH 9.2 takes as version 1.
        ask(&|p| p.version = 0).is_refused_by_us("version 0 are not known");
        ask(&|p| p.version = 2).is_refused("version 2 are not known");
        ask(&|p| p.after = vec![0]).is_refused("bytes follow the signature");
        ask(&|p| p.after = strings(&[b"more"])).is_refused("bytes follow the signature");
        ask(&|p| p.namespace.clear()).is_refused("made for");
        ask(&|p| p.namespace = b"git".to_vec()).is_refused("made for git");
        ask(&|p| p.namespace = b"d3p-approval\0".to_vec()).is_stricter("no text");
        ask(&|p| p.namespace = vec![0xff]).is_refused("namespace is no text");
        // ssh-keygen skips what is reserved, without looking.
        ask(&|p| p.reserved = b"x".to_vec()).is_stricter("says more than d3p knows");
        for hash in ["", "sha1", "md5", "sha384", "SHA512", "sha512\0"] {
            ask(&|p| p.hash = hash.into()).is_refused_by_us("is not allowed in SSH signatures");
        }
        ask(&|p| p.hash = b"sha256".to_vec()).is_refused("not of this text");
        ask(&|p| p.key.push(0)).is_refused("the key is damaged");
        ask(&|p| p.key.extend(strings(&[b"x"]))).is_refused("the key is damaged");
        ask(&|p| p.key.clear()).is_refused("the key is cut short");
        ask(&|p| p.key.truncate(p.key.len() - 1)).is_refused("the key is damaged");
        ask(&|p| p.signature.push(0)).is_refused("bytes follow the signature");
        ask(&|p| p.signature.extend(strings(&[b"x"]))).is_refused("bytes follow the signature");
        ask(&|p| p.signature.clear()).is_refused("the signature is cut short");
        ask(&|p| p.signature.truncate(p.signature.len() - 1)).is_refused("cut short");
    }
}

/// Signed as reserved, which `ssh-keygen` does not take: it hashes nothing for it.
#[test]
fn what_is_reserved_is_empty() {
    let bench = Bench::new();
    let secret = SigningKey::from_bytes(&[3; 32]);
    let key = strings(&[b"ssh-ed25519", secret.point()]);
    let sign = |reserved: &[u8]| {
        let bytes = secret.sign(&to_sign(TEXT.as_bytes(), reserved));
        let parts = Parts::new(key.clone(), strings(&[b"ssh-ed25519", &bytes]));
        Parts { reserved: reserved.to_vec(), ..parts }
    };
    bench.ask(&question(&sign(b""))).is_taken();
    bench.ask(&question(&sign(b"x"))).is_refused("says more than d3p knows");
}

#[test]
fn a_signature_is_of_the_kind_of_its_key() {
    let bench = Bench::new();
    let names = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "rsa-sha2-256"];
    let more = ["rsa-sha2-512", "ssh-dss", "ssh-rsa", "", "none", "ecdsa-sha2-nistp521", "x\u{1b}"];
    for (name, made) in KEYS {
        bench.key(name, made);
        let good = Parts::read(&bench.approve(name));
        let bytes = parts(&good.signature)[1].clone();
        for other in names.iter().chain(&more).filter(|other| **other != kind(name)) {
            let Answer { ours, .. } = bench.ask(&question(&good.signed(other, &bytes)));
            let why = ours.unwrap_err();
            assert!(why.chars().all(|c| !c.is_control()), "{why:?}");
        }
        for length in [0, 1, bytes.len() - 1] {
            bench.ask(&question(&good.signed(kind(name), &bytes[..length]))).is_refused("");
        }
        for extra in [1, 4, 5, 64] {
            let longer = [bytes.clone(), vec![0; extra]].concat();
            bench.ask(&question(&good.signed(kind(name), &longer))).is_refused("");
        }
    }
}

#[test]
fn numbers_of_ecdsa_have_one_form() {
    let bench = Bench::new();
    for (at, order) in [P256, P384].into_iter().enumerate() {
        let (name, made) = KEYS[at + 1];
        bench.key(name, made);
        let order = hex(order);
        let good = Parts::read(&bench.approve(name));
        let numbers = parts(&parts(&good.signature)[1]);
        let [r, s] = [0, 1].map(|at| padded(&numbers[at], order.len()));
        let ask = |r: &[u8], s: &[u8]| {
            let bytes = strings(&[r, s]);
            bench.ask(&question(&good.signed(kind(name), &bytes)))
        };
        let short = |number_: &[u8]| number(number_)[4..].to_vec();
        ask(&short(&r), &short(&s)).is_taken();
        // The other S: OpenSSL makes either, so both are taken. One text, one key, one person.
        ask(&short(&r), &short(&minus(&order, &s))).is_taken();
        for zeros in 1..3 {
            let long = |number: &[u8]| [vec![0; zeros], short(number)].concat();
            assert!(ask(&long(&r), &short(&s)).ours.is_err());
            assert!(ask(&short(&r), &long(&s)).ours.is_err());
        }
        let negative = [vec![0xff], r.clone()].concat();
        ask(&negative, &short(&s)).is_refused("damaged");
        ask(&short(&r), &negative).is_refused("damaged");
        ask(&[], &short(&s)).is_refused("damaged");
        ask(&short(&r), &[]).is_refused("damaged");
        ask(&[0], &short(&s)).is_refused("damaged");
        ask(&short(&s), &short(&r)).is_refused("not of this text");
        ask(&short(&order), &short(&s)).is_refused("not of this text");
        ask(&short(&r), &short(&order)).is_refused("not of this text");
        // Numbers beyond the order, of as many bytes and of more.
        let beyond = |number: &[u8]| {
            let wide = |number: &[u8]| [vec![0], number.to_vec()].concat();
            short(&plus(&wide(number), &wide(&order)))
        };
        ask(&beyond(&r), &short(&s)).is_refused("not of this text");
        ask(&short(&r), &beyond(&s)).is_refused("not of this text");
        ask(&short(&vec![0x7f; 400]), &short(&s)).is_refused("not of this text");
        let three = strings(&[&short(&r), &short(&s), &[1]]);
        bench.ask(&question(&good.signed(kind(name), &three))).is_refused("damaged");
    }
}

/// A point may be written with one coordinate, and would be a key with another fingerprint.
#[test]
fn points_have_one_form() {
    let bench = Bench::new();
    for (name, made) in &KEYS[1..3] {
        bench.key(name, made);
        let good = Parts::read(&bench.approve(name));
        let [kind, curve, point] = parts(&good.key).try_into().unwrap();
        let x = &point[1..=point.len() / 2];
        let tag = 2 + point.last().unwrap() % 2;
        let hybrid = [vec![tag + 4], point[1..].to_vec()].concat();
        for point in [[vec![tag], x.to_vec()].concat(), hybrid, vec![0], vec![4], vec![]] {
            let parts = Parts { key: strings(&[&kind, &curve, &point]), ..good.clone() };
            bench.ask(&question(&parts)).is_refused("");
        }
        // A point that is not on the curve.
        let mut off = point.clone();
        *off.last_mut().unwrap() ^= 1;
        let parts = Parts { key: strings(&[&kind, &curve, &off]), ..good.clone() };
        bench.ask(&question(&parts)).is_refused("");
        let parts = Parts { key: strings(&[&kind, b"nistp224", &point]), ..good };
        bench.ask(&question(&parts)).is_refused("damaged");
    }
}

#[test]
fn numbers_of_rsa_have_one_form() {
    let bench = Bench::new();
    let listed = bench.key("rsa", "rsa -b 2048");
    let good = Parts::read(&bench.approve("rsa"));
    let [_, exponent, modulus] = parts(&good.key).try_into().unwrap();
    let bytes = parts(&good.signature)[1].clone();
    let key = |exponent: &[u8], modulus: &[u8]| {
        let key = strings(&[b"ssh-rsa", exponent, modulus]);
        let question = question(&Parts { key, ..good.clone() });
        bench.ask(&question).ours.unwrap_err()
    };
    let zero = |number: &[u8]| [vec![0], number.to_vec()].concat();
    for (exponent, modulus) in [
        (zero(&exponent), modulus.clone()),
        (exponent.clone(), zero(&modulus)),
        (exponent.clone(), modulus[1..].to_vec()),
        (vec![1], modulus.clone()),
        (vec![2], modulus.clone()),
        (vec![], modulus.clone()),
        (vec![0], modulus.clone()),
        (vec![0xff], modulus.clone()),
        (exponent.clone(), vec![]),
        (vec![1; 300], modulus.clone()),
        (exponent.clone(), [&modulus[..256], &[modulus[256] ^ 1]].concat()),
    ] {
        let why = key(&exponent, &modulus);
        assert!(why.contains("the key is") || why.contains("RSA keys need"), "{why}");
    }
    // A signature with more zeros in front, or beyond the modulus.
    for bytes in [zero(&bytes), vec![0xff; 256], vec![0; 256], vec![0; 255], modulus[1..].to_vec()]
    {
        let parts = good.signed("rsa-sha2-512", &bytes);
        bench.ask(&Question::new(line(&listed), parts.armored())).is_refused("not of this text");
    }
    assert_eq!(blob(&listed), good.key);
}

#[test]
fn armor_stands_where_ssh_keygen_wants_it() {
    let bench = Bench::new();
    let listed = bench.key("ana", "ed25519");
    let good = bench.approve("ana");
    let ask = |signature: String| bench.ask(&Question::new(line(&listed), signature));
    let one_line = good.replace('\n', "");
    let tight = one_line.replace("URE-----", "URE-----\n").replace("-----END", "\n-----END");
    for taken in [
        good.clone(),
        good.trim_end().to_owned(),
        format!("{good}\n\n \t\r\n"),
        tight.clone(),
        good.replacen('\n', "\n\n", 1),
        armored(&unarmored(&good)),
    ] {
        ask(taken).is_taken();
    }
    for refused in [
        String::new(),
        " ".to_owned(),
        format!("\n{good}"),
        format!(" {good}"),
        format!("\u{feff}{good}"),
        format!("From: ana\n{good}"),
        one_line,
        good.replacen("-----\n", "-----", 1),
        good.replacen("-----\n", "----- \n", 1),
        good.replace("BEGIN", "begin"),
        good.replace("-----END SSH SIGNATURE-----", ""),
        good.replace("-----BEGIN SSH SIGNATURE-----\n", ""),
        good.replace("SSH SIGNATURE", "PGP SIGNATURE"),
        good.replacen('U', "-", 1),
        armored(&[]),
        armored(b"SSHSIG"),
        armored(b"SSHSIG\0\0\0\x01\xff\xff\xff\xff"),
        armored(&unarmored(&good)[1..]),
    ] {
        ask(refused).is_refused("");
    }
    // OpenSSH 9.2 refuses returns after the first line, and skips them further down.
    ask(good.replace('\n', "\r\n")).is_refused_by_us("it does not stand");
    ask(good.replace('\n', "\r\n").replacen('\r', "", 1)).is_refused_by_us("it ");
    // What ssh-keygen reads past.
    for stricter in [
        format!("{good}more"),
        format!("{good}{good}"),
        good.replacen('\n', "\n ", 1),
        good.replacen("\nU", "\nU ", 1),
    ] {
        ask(stricter).is_stricter("it ");
    }
}
