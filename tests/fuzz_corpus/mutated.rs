//! The corpora changed at random, without a fuzzer: flipped, cut, doubled, spliced, and with words of
//! the format put in. The seed is fixed, so that a test run says the same twice; `D3P_FUZZ_SECONDS`
//! goes on for so long from another seed for each second, and is for a person who looks.

use super::{Property, TARGETS, files, is_published, root};
use std::fs;
use std::time::{Duration, Instant};

/// Inputs for each target in a usual run of the tests.
const USUAL: usize = 400;

/// Largest input, as the fuzzers have it.
const LARGEST: usize = 4096;

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

fn words(target: &str) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(root().join("fuzz/dictionaries").join(target));
    let quoted = |line: &str| Some(line.split('"').nth(1)?.as_bytes().to_vec());
    let mut words: Vec<_> = text.unwrap_or_default().lines().filter_map(quoted).collect();
    let always: [&[u8]; 8] =
        [b"\0", b"\xff\xfe", b"-1", b"1e999", b"18446744073709551616", b"\r\n", b"<!--", b"]]>"];
    words.extend(always.map(<[u8]>::to_vec));
    words
}

fn changed(seeds: &[Vec<u8>], words: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let to = at + random.below((bytes.len() - at).min(64) + 1);
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
            3 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
            4 => bytes.truncate(at),
            _ => {
                let word = &words[random.below(words.len())];
                bytes.splice(at..to, word.iter().copied());
            }
        }
    }
    bytes.truncate(LARGEST);
    bytes
}

fn tried(target: &str, property: Property, seed: u64, count: usize) {
    let seeds: Vec<Vec<u8>> = files(&root().join("fuzz/corpus").join(target))
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    let (words, mut random) = (words(target), Random(seed));
    for number in 0..count {
        let bytes = changed(&seeds, &words, &mut random);
        let begun = Instant::now();
        if std::panic::catch_unwind(|| property(&bytes)).is_err() {
            panic!("{target}: input {number} of seed {seed} breaks a property: {bytes:?}");
        }
        let took = begun.elapsed();
        assert!(took < super::LONGEST, "{target}: input {number} of seed {seed} took {took:?}");
    }
}

#[test]
fn what_is_changed_at_random_breaks_nothing() {
    if is_published() {
        return;
    }
    for (target, property) in TARGETS {
        tried(target, property, 1, USUAL);
    }
    let seconds = std::env::var("D3P_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let Some(seconds) = seconds.map(Duration::from_secs) else { return };
    let (begun, mut seed) = (Instant::now(), 2);
    while begun.elapsed() < seconds {
        for (target, property) in TARGETS {
            tried(target, property, seed, USUAL);
        }
        seed += 1;
    }
    assert!(seed > 2, "nothing was tried");
}
