#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use super::Redactor;
use proptest::prelude::*;
use std::fmt::Write as _;

fn redactor(secrets: &[(&str, &str)]) -> Redactor {
    let owned: Vec<_> =
        secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Redactor::new(&owned)
}

/// The output for `input` in one piece.
fn whole(redactor: &mut Redactor, input: &[u8]) -> Vec<u8> {
    let mut out = redactor.push(input);
    out.extend(redactor.finish());
    out
}

#[test]
fn shapes_are_found_and_near_misses_are_left() {
    let x = |count: usize| "x7Q".chars().cycle().take(count).collect::<String>();
    // What stands between `«` and `»` is the secret, of the shape that is named first.
    let github = format!("github-token git clone «ghp_{}» and go", x(36));
    let fine = format!("github-token GH=«github_pat_{}_{}»", x(22), x(59));
    let gitlab = format!("gitlab-token x «glpat-{}»", x(20));
    let secret_key = format!("aws-secret-access-key aws_secret_access_key = «{}»", x(40));
    let json_key = format!("aws-secret-access-key {{\"SecretAccessKey\": \"«{}»\"}}", x(40));
    let google = format!("google-api-key ?key=«AIza{}»&x", x(35));
    let stripe = format!("stripe-key «sk_live_{}»", x(24));
    let npm = format!("npm-token //r/:_authToken «npm_{}»", x(36));
    let pypi = format!("pypi-token «pypi-AgEI{}»", x(80));
    let slack = "slack-token «xoxb-123456789012-abcdefXYZ»";
    let hook = "slack-url https://hooks.slack.com/services/«T000/B000/XXXXXXXXXXXX»";
    let jwt = "jwt saw «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N» here";
    for case in [
        &github,
        &fine,
        &gitlab,
        &secret_key,
        &json_key,
        &google,
        &stripe,
        &npm,
        &pypi,
        slack,
        hook,
        jwt,
        "aws-access-key-id id «AKIAIOSFODNN7EXAMPLE».",
        "aws-access-key-id «ASIAIOSFODNN7EXAMPLE»",
        "authorization > Authorization: Bearer «abc.def-ghi»",
        "authorization 'authorization: basic «dXNlcjpwYXNz»'",
        "authorization {\"Authorization\": \"Bearer «short»\"}",
        "url-password postgres://app:«hunter2»@db.example:5432/shop",
        "url-password redis://:«p@ss»@cache/0",
        "assignment DB_PASSWORD=«correcthorse» next",
        "assignment --password=«correcthorse»",
        "assignment password: «correcthorse»",
        "assignment password=\"«correct horse; battery»\"",
        "assignment secret='«correct horse»'",
        "assignment {\\\"token\\\":\\\"«abcdefgh1234»\\\"}",
        "assignment ?token=«abcdefgh»&page=2",
        "assignment SECRET_KEY_BASE=«0123456789abcdef»",
    ] {
        let (shape, text) = case.split_once(' ').unwrap();
        let (before, rest) = text.split_once('«').unwrap();
        let (secret, after) = rest.split_once('»').unwrap();
        let expected = format!("{before}[redacted:{shape}]{after}");
        let redacted = redactor(&[]).redact_text(&format!("{before}{secret}{after}"));
        // A backslash that escapes the closing quote goes with the value.
        assert_eq!(redacted, expected.replace("]\\\"", "]\""), "{case}");
    }
    for text in [
        "ghp_short, AKIAshort, eyJ.eyJ.eyJ, sk_live_1",
        "XAKIAIOSFODNN7EXAMPLE, AKIAIOSFODNN7EXAMPLEX",
        "password=short token= secret=''",
        "https://example.com:8080/a@b, http://user@host, tokenizer=sentencepiece",
        "Authorization required; bearer of news",
        "-----BEGIN PUBLIC KEY-----",
        "tests passed: 412, tokens: 3",
    ] {
        assert_eq!(redactor(&[]).redact_text(text), text);
    }
}

#[test]
fn a_private_key_is_left_out_as_a_whole() {
    let body: String = (0..20).fold(String::new(), |mut body, line| {
        writeln!(body, "{}", format!("{line:02}AbCd+/").repeat(8)).unwrap();
        body
    });
    let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}Zm9v\n-----END RSA PRIVATE KEY-----");
    let redact = |text: &str| redactor(&[]).redact_text(text);
    assert_eq!(redact(&format!("a\n{key}\nb\n")), "a\n[redacted:private-key]\nb\n");
    assert_eq!(redact(&key.replace('\n', "\r\n")), "[redacted:private-key]");
    let json = format!("{{\"key\": \"{}\\n\", \"a\": 1}}", key.replace('\n', "\\n"));
    assert_eq!(redact(&json), "{\"key\": \"[redacted:private-key]\\n\", \"a\": 1}");
    let prefixed =
        format!("pod | {}\npod | after", key.replace("\nZm9v", "").replace('\n', "\npod | "));
    assert_eq!(redact(&prefixed), "pod | [redacted:private-key]\npod | after");
    // What only looks like the beginning of one hides no honest lines.
    let stray = "-----BEGIN PRIVATE KEY-----\n::service api=healthy\nall is well\n";
    assert_eq!(redact(stray), "[redacted:private-key]\n::service api=healthy\nall is well\n");
    let endless = format!("-----BEGIN PRIVATE KEY-----\n{}seen\n", body.repeat(100));
    assert!(redact(&endless).ends_with("\nseen\n"));
}

#[test]
fn a_named_secret_is_found_however_it_is_spelled() {
    let value = "pä ss\"/w'ord+1?";
    let redact = |text: &str| redactor(&[("DB", value)]).redact_text(text);
    for spelled in [
        value,
        "p%C3%A4%20ss%22%2Fw%27ord%2B1%3F",
        "p%c3%a4%20ss%22%2fw%27ord%2b1%3f",
        "p%C3%A4%20ss%22%2Fw'ord%2B1%3F",
        "p%C3%A4+ss%22%2Fw%27ord%2B1%3F",
        "pä ss\\\"/w'ord+1?",
        "p\\u00e4 ss\\\"\\/w'ord+1?",
        "pä ss\"/w'\\''ord+1?",
        "cMOkIHNzIi93J29yZCsxPw==",
        "cMOkIHNzIi93J29yZCsxPw",
    ] {
        assert_eq!(redact(&format!("<{spelled}>")), "<[redacted:DB]>", "{spelled}");
    }
    // Base64 of `user:` and the value, and of `me:`, the value and `!`: other bits, same secret.
    for (text, ends) in [
        ("dXNlcjpww6Qgc3MiL3cnb3JkKzE/", ("dXNlcjp", "")),
        ("bWU6cMOkIHNzIi93J29yZCsxPyE=", ("bWU6", "E=")),
    ] {
        let redacted = redact(text);
        let inner = redacted.strip_prefix(ends.0).unwrap().strip_suffix(ends.1).unwrap();
        assert!(inner.contains("[redacted:DB]") && inner.len() < 20, "{text}: {redacted}");
    }
    let lines = redactor(&[("KEY", "first line\nsecond line\n")]);
    assert_eq!(
        lines.redact_text("1 first line\n2 second line"),
        "1 [redacted:KEY]\n2 [redacted:KEY]"
    );
}

#[test]
fn what_overlaps_or_is_masked_already_is_one_place() {
    let mut both = redactor(&[("A", "abcdef"), ("B", "defghi"), ("LONG", "abcdef-long")]);
    assert_eq!(whole(&mut both, b"-abcdefghi-"), b"-[redacted:A]-");
    assert_eq!(whole(&mut both, b"abcdef-long"), b"[redacted:LONG]");
    assert_eq!(whole(&mut both, b"password=abcdef-long"), b"password=[redacted:LONG]");
    assert_eq!(whole(&mut both, b"postgres://u:abcdef@h"), b"postgres://u:[redacted:A]@h");
    assert_eq!(both.count(), 4);
    assert_eq!(both.redact_text("abcdef"), "[redacted:A]");
    assert_eq!(both.count(), 4);
}

#[test]
fn short_values_are_named_and_left() {
    let short = redactor(&[("PIN", "123"), ("EMPTY", ""), ("OK", "1234")]);
    assert_eq!(short.too_short(), ["PIN", "EMPTY"]);
    assert_eq!(short.redact_text("123 1234"), "123 [redacted:OK]");
}

#[test]
fn a_mask_never_spells_a_secret() {
    for value in ["redacted", "[redacted:X]", "X]and", "edac", "****", "x[re"] {
        let redacted = redactor(&[("X", value)]).redact_text(&format!("{value}and x{value}"));
        assert!(!redacted.contains(value), "{value}: {redacted}");
    }
}

#[test]
fn lines_come_as_they_are_complete() {
    let mut redactor = redactor(&[("X", "topsecret\nvalue")]);
    assert_eq!(redactor.push(b"one\ntw"), b"one\n");
    assert_eq!(redactor.push(b"o\ntopsecret"), b"two\n");
    assert_eq!(redactor.push(b"\n"), b"");
    assert_eq!(redactor.push(b"vain\n\xff\xfe"), b"[redacted:X]\nvain\n");
    assert_eq!(redactor.finish(), b"\xff\xfe");
}

#[test]
fn long_lines_are_searched_across_every_cut() {
    let token = "ghp_0123456789012345678901234567890123456789";
    let mut redactor = redactor(&[]);
    for gap in (0..70_000).step_by(7_001).chain((49_100..49_160).chain(65_480..65_540).step_by(3)) {
        let text = format!("{} {token} {}", ".".repeat(gap), ".".repeat(70_000));
        let before = redactor.count();
        let out = whole(&mut redactor, text.as_bytes());
        assert_eq!(out.len(), text.len() - token.len() + "[redacted:github-token]".len(), "{gap}");
        assert_eq!(redactor.count() - before, 1, "{gap}");
    }
    let endless = format!("password={} and more", "x".repeat(300_000));
    let redacted = redactor.redact_text(&endless);
    assert_eq!(redacted, "password=[redacted:assignment] and more");
    let plain = vec![b'x'; 1_000_000];
    assert!(whole(&mut redactor, &plain) == plain);
}

/// Pieces of which interesting text is made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(vec![
        "ghp_0123456789012345678901234567890123456789",
        "password=",
        "https://user:",
        "@host/",
        "Authorization: Bearer ",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB",
        "AKIAIOSFODNN7EXAMPLE",
        "\n",
        "\r\n",
        " ",
        "\"",
        "abab",
        "abcab",
        "cabb",
        "%61",
        "YWJjYWI=",
    ]);
    prop_oneof![
        4 => fixed.prop_map(|text| text.as_bytes().to_vec()),
        4 => "[abc]{1,8}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ]
}

/// Something that makes lines long.
fn filling() -> impl Strategy<Value = Vec<u8>> {
    (0..70_000_usize).prop_map(|length| vec![b'y'; length])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_make_no_difference_and_no_secret_remains(
        mut pieces in prop::collection::vec(prop_oneof![12 => piece(), 1 => filling()], 0..24),
        planted in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..6),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        values in prop::collection::vec("[abc\\]\\[:]{4,9}|redact[a-e]{0,2}|[a-c]{2}\n[a-c]{9}", 0..4),
    ) {
        for (value, at) in planted.iter().filter(|_| !values.is_empty()) {
            let at = at.index(pieces.len() + 1);
            pieces.insert(at, value.get(&values).as_bytes().to_vec());
        }
        let input = pieces.concat();
        let secrets: Vec<_> =
            values.iter().enumerate().map(|(at, value)| (format!("S{at}"), value.clone())).collect();
        let mut redactor = Redactor::new(&secrets);
        let expected = whole(&mut redactor, &input);
        let count = redactor.count();
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
        at.sort_unstable();
        at.push(input.len());
        let mut from = 0;
        let mut out = Vec::new();
        for to in at {
            out.extend(redactor.push(&input[from..to]));
            from = to;
        }
        out.extend(redactor.finish());
        prop_assert!(out == expected, "{:?} is not {:?}", String::from_utf8_lossy(&out), String::from_utf8_lossy(&expected));
        prop_assert_eq!(redactor.count(), 2 * count);
        for value in &values {
            let bytes = value.as_bytes();
            prop_assert!(!out.windows(bytes.len()).any(|part| part == bytes), "{value:?} in {:?}", String::from_utf8_lossy(&out));
        }
    }

    #[test]
    fn every_single_byte_may_be_a_piece(pieces in prop::collection::vec(piece(), 8..24)) {
        let input: Vec<u8> = pieces.concat().into_iter().take(600).collect();
        let secrets = [("A".to_owned(), "abab".to_owned()), ("B".to_owned(), "abcab\ncabb".to_owned())];
        let mut redactor = Redactor::new(&secrets);
        let expected = whole(&mut redactor, &input);
        let mut out: Vec<u8> = input.iter().flat_map(|byte| redactor.push(&[*byte])).collect();
        out.extend(redactor.finish());
        prop_assert_eq!(out, expected);
    }
}

#[test]
fn a_value_is_judged_with_its_name() {
    let redactor = Redactor::new(&[("KEY".to_owned(), "hunter2hunter2".to_owned())]);
    let kept = |name: &str, value: &str| redactor.redact_value(name, value);
    assert_eq!(kept("text", "all is well"), None);
    assert_eq!(kept("text", "is hunter2hunter2!"), Some("is [redacted:KEY]!".to_owned()));
    assert_eq!(
        kept("", "Authorization: Bearer abcdefgh"),
        Some("Authorization: Bearer [redacted:authorization]".to_owned())
    );
    let whole = Some("[redacted:assignment]".to_owned());
    for name in ["password", "db.password", "API_KEY", "apikey", "github_token", "token-prod"] {
        assert_eq!(kept(name, "correct horse battery"), whole, "{name}");
    }
    for name in ["name", "tokens", "password reset works", "secretary", "classname"] {
        assert_eq!(kept(name, "correct horse battery"), None, "{name}");
    }
    assert_eq!(kept("token", "short"), None);
    assert_eq!(kept("token", "[redacted:assignment]"), None, "a mask is masked again");
}
