//! Allowed signers: the files in `signers/*.yaml`, as `ssh-keygen` reads them and as d3p does.
//!
//! `{ana}`, `{bob}`, `{ca}`, `{rsa}`, `{dss}` and `{ana-cert}` stand for public keys, `{ana.blob}` for
//! the second half of one, and `NS` for `namespaces="d3p-approval"`.

use super::bench::{ANA, Bench, Question, stamp};
use d3p::testing::sign::{AllowedSigners, NAMESPACE, PublicKey};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A file, and whether a signature counts.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Case {
    signers: String,
    /// Who is said to have signed.
    #[serde(default = "ana")]
    r#as: String,
    /// The key or the certificate that it was signed with.
    #[serde(default = "key")]
    by: String,
    #[serde(default = "noon")]
    at: String,
    /// Whether `ssh-keygen -Y verify` takes it.
    openssh: bool,
    /// `taken`, or words of why d3p does not.
    d3p: String,
    /// Lines that d3p cannot use.
    #[serde(default)]
    faults: Vec<usize>,
}

fn ana() -> String {
    ANA.to_owned()
}

fn key() -> String {
    "ana".to_owned()
}

fn noon() -> String {
    "2026-06-01T12:00:00Z".to_owned()
}

fn cases() -> Vec<Case> {
    let files = [
        include_str!("signers/lines.yaml"),
        include_str!("signers/principals.yaml"),
        include_str!("signers/options.yaml"),
        include_str!("signers/times.yaml"),
        include_str!("signers/keys.yaml"),
        include_str!("signers/authorities.yaml"),
    ];
    let read = |text: &&str| serde_saphyr::from_str::<Vec<Case>>(text).unwrap();
    let cases: Vec<Case> = files.iter().flat_map(read).collect();
    assert!(cases.len() > 100);
    cases
}

/// Keys and signatures for the cases.
struct Names {
    bench: Bench,
    words: BTreeMap<String, String>,
    signatures: BTreeMap<&'static str, String>,
}

impl Names {
    fn new() -> Self {
        let bench = Bench::new();
        let mut words = BTreeMap::new();
        for (name, kind) in
            [("ana", "ed25519"), ("bob", "ed25519"), ("ca", "ed25519"), ("rsa", "rsa -b 2048")]
        {
            let public = bench.key(name, kind);
            let blob = public.split(' ').nth(1).unwrap();
            words.insert(format!("{{{name}.blob}}"), blob.to_owned());
            words.insert(format!("{{{name}}}"), public);
        }
        bench.certify("ca", "ana", &["-n", ANA, "-V", "20260101000000Z:20261231000000Z"]);
        let certificate = bench.public("ana-cert");
        let certificate: Vec<&str> = certificate.split(' ').take(2).collect();
        words.insert("{ana-cert}".to_owned(), certificate.join(" "));
        // Newer versions of OpenSSH make no such keys.
        let numbers: [&[u8]; 5] = [b"ssh-dss", &[7; 129], &[7; 21], &[7; 129], &[7; 129]];
        words.insert("{dss}".to_owned(), super::wire::public(&super::wire::strings(&numbers)));
        words.insert("NS".to_owned(), format!("namespaces=\"{NAMESPACE}\""));
        let files = [("ana", "ana"), ("ca", "ca"), ("rsa", "rsa"), ("ana-cert", "ana-cert.pub")];
        let signatures =
            files.into_iter().map(|(name, file)| (name, bench.approve(file))).collect();
        Self { bench, words, signatures }
    }

    fn fill(&self, text: &str) -> String {
        let fill = |text: String, (word, value): (&String, &String)| {
            // The capitals of an option are no word.
            if word == "NS" {
                return text
                    .split_inclusive([' ', '\t', '\r', ',', '"', '\n'])
                    .map(|part| match part.strip_prefix("NS") {
                        Some(rest) => format!("{value}{rest}"),
                        None => part.to_owned(),
                    })
                    .collect();
            }
            text.replace(word.as_str(), value)
        };
        self.words.iter().fold(text.to_owned(), fill)
    }
}

#[test]
fn files_are_read_as_ssh_keygen_reads_them() {
    let names = Names::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let question = Question {
            identity: case.r#as.clone(),
            at: stamp(&case.at),
            ..Question::new(names.fill(&case.signers), &names.signatures[case.by.as_str()])
        };
        let ours = question.ours();
        let theirs = names.bench.theirs(&question);
        let read = AllowedSigners::parse(&question.signers);
        let faults: Vec<usize> = read.faults.iter().map(|fault| fault.line).collect();
        let as_said = match &ours {
            Ok(()) => case.d3p == "taken",
            Err(why) => why.contains(&case.d3p),
        };
        // Never looser than ssh-keygen, whatever the case says.
        let looser = ours.is_ok() && theirs.is_err();
        if looser || !as_said || theirs.is_ok() != case.openssh || faults != case.faults {
            wrong.push(format!("{case:?}\n  d3p {ours:?} {:?}\n  ssh {theirs:?}", read.faults));
        }
        for fault in &read.faults {
            assert!(!fault.message.contains(char::is_control), "{fault:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `match-principals` gives the principals of each line that covers a name.
#[test]
fn patterns_are_those_of_ssh_keygen() {
    let names = Names::new();
    let lists = [
        "*",
        "?",
        "??",
        "a*",
        "*a",
        "*a*",
        "a?c",
        "**",
        "a**c",
        "*?",
        "?*",
        "a,b",
        "a,!a",
        "!a,*",
        "!b,*",
        "*,!?",
        "!*",
        "a*b*c",
        "*.com,!x.com",
        "[ab]",
        "a.c",
        "\\*",
        "!!a,*",
        "!,a",
        "*b*b",
    ];
    let asked = ["a", "b", "ab", "abc", "aXbXc", "abbc", "x.com", "y.com", "*", "!a", "abb", "é"];
    let key = &names.words["{ana}"];
    let signers: String = lists.iter().map(|list| format!("\"{list}\" {key}\n")).collect();
    let read = AllowedSigners::parse(&signers);
    assert_eq!((read.lines.len(), read.faults.len()), (lists.len(), 0));
    names.bench.write("signers", &signers);
    for name in asked {
        let args = ["-Y", "match-principals", "-f", "signers", "-I", name];
        let output = names.bench.run("ssh-keygen", &args, b"");
        let theirs = String::from_utf8(output.stdout).unwrap();
        let covering = read.lines.iter().filter(|line| line.covers(name));
        let ours: Vec<String> = covering.flat_map(|line| line.principals.clone()).collect();
        let theirs: Vec<&str> = theirs.lines().flat_map(|line| line.split(',')).collect();
        assert_eq!(ours, theirs, "{name}");
    }
}

/// `find-principals` gives the names of the lines with the key of a signature.
#[test]
fn principals_are_found_as_ssh_keygen_finds_them() {
    let names = Names::new();
    for (signers, found) in [
        ("ana@example.com NS {ana}\n", "ana@example.com"),
        ("x NS {bob}\n\"Ana Silva,ana\" NS {ana}\n", "Ana Silva,ana"),
        ("ana@example.com NS {bob}\n", ""),
    ] {
        let text = names.fill(signers);
        names.bench.write("signers", &text);
        names.bench.write("signature", &names.signatures["ana"]);
        let args = ["-Y", "find-principals", "-f", "signers", "-s", "signature"];
        let output = names.bench.run("ssh-keygen", &args, b"");
        let theirs = String::from_utf8(output.stdout).unwrap();
        let theirs: Vec<&str> = theirs.lines().flat_map(|line| line.split(',')).collect();
        let key = &names.words["{ana}"];
        let read = AllowedSigners::parse(&text);
        let with = |public: &str| {
            let key = PublicKey::from_openssh(public).unwrap();
            let lines = read.lines.iter().filter(move |line| line.key == key);
            lines.flat_map(|line| line.principals.clone()).collect::<Vec<_>>()
        };
        assert_eq!(with(key), theirs);
        assert_eq!(theirs.join(","), found);
    }
}

/// A pattern that would take for ever, and names too long for the buffers of OpenSSH.
#[test]
fn patterns_and_names_have_their_limits() {
    let names = Names::new();
    let signature = &names.signatures["ana"];
    let ask = |list: &str, identity: &str| {
        let signers = names.fill(&format!("{list} NS {{ana}}\n"));
        Question { identity: identity.to_owned(), ..Question::new(signers, signature) }
    };
    let stars = "*a".repeat(200);
    let begun = std::time::Instant::now();
    let question = ask(&stars, &"a".repeat(900));
    assert!(question.ours().unwrap_err().contains("is a pattern"));
    let question = ask(&format!("{stars}b"), &"a".repeat(900));
    assert!(question.ours().unwrap_err().contains("no line names"));
    assert!(begun.elapsed().as_secs() < 5);
    for (length, taken) in [(1000, true), (1022, true), (1023, false), (1100, false)] {
        let name = "n".repeat(length);
        let answer = names.bench.ask(&ask(&name, &name));
        assert_eq!(answer.ours.is_ok(), taken, "{length}: {answer:?}");
        // One of them spoils those after it.
        let list = format!("{name},{ANA}");
        let answer = names.bench.ask(&ask(&list, ANA));
        assert_eq!(answer.ours.is_ok(), taken, "{length}: {answer:?}");
    }
}
