//! Lines and selectors. Whole scrapes are in `tests/reports/prometheus`.

#![allow(clippy::unwrap_used)]

use super::{Sample, parse, select};

fn one(line: &str) -> Sample {
    let mut samples = parse(&format!("{line}\n")).unwrap_or_else(|e| panic!("{e}: {line}"));
    assert_eq!(samples.len(), 1, "{line}");
    samples.remove(0)
}

fn refused(text: &str) -> String {
    parse(text).expect_err(text).to_string()
}

fn labels(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn samples() {
    let sample = one("up 1");
    assert_eq!((sample.name.as_str(), sample.value, sample.timestamp_ms), ("up", 1.0, None));
    let sample = one("\t http_total { b = \"2\" , a=\"x\\\\y\\\"z\\n\", }\t1.5e3   -17 \r");
    assert_eq!(sample.labels, labels(&[("a", "x\\y\"z\n"), ("b", "2")]));
    assert_eq!((sample.value, sample.timestamp_ms), (1500.0, Some(-17)));
    assert_eq!(one("a{} 0").labels, []);
    assert_eq!(one("a:b_c{x=\"\"} 0").labels, labels(&[("x", "")]));
    let sample = one("{\"http.time\",\"a.b\"=\"é🚀}\"} 2");
    assert_eq!(sample.name, "http.time");
    assert_eq!(sample.labels, labels(&[("a.b", "é🚀}")]));
    assert!(one("a NaN").value.is_nan());
    assert_eq!(one("a +Inf").value, f64::INFINITY);
    assert_eq!(one("a -Inf").value, f64::NEG_INFINITY);
    assert_eq!(one("a 1e308").value, 1e308);
}

#[test]
fn open_metrics() {
    let text =
        "# TYPE a counter\n# UNIT a seconds\na_total{x=\"1\"} 3 1.5 # {id=\"7\"} 0.5 1.2\n# EOF\n";
    let samples = parse(text).unwrap();
    assert_eq!(samples[0].timestamp_ms, Some(1500));
    assert!(parse("a 1\n# EOF").is_ok(), "the mark of the end may lack its line end");
    assert!(refused("a 1\n# EOF\nb 1\n").contains("line 3"));
}

/// What a scrape can hold of the cases that OpenMetrics gives for parsers, in words of our own.
#[test]
fn open_metrics_conformance() {
    let read = |line: &str| parse(&format!("# TYPE x unknown\n{line}\n# EOF\n"));
    for line in [
        "x_total 0 123 # {a=\"b\"} 0.5",
        "x_total{} 0 123 # {a=\"b\"} 0.5",
        "x_bucket{le=\"+Inf\",n=\"m # \"} 3 # {a=\"d\",n=\"m # k\"} 4 1.5",
        "x{n=\"} m # k # \"} 1",
        "x{n=\"\\q\"} 1",
        "x{n=\"a{b}c\"} 1",
        "x{n=\"\"} 1",
        "x 0000000000000000000001.2e-1",
        "x 9223372036854775808",
        "x 1 000",
        "x 1 1.5e3",
        "x_bucket{le=\"1.1e-4\"} 0",
        "x_gsum -5",
        "x_info{n=\"1\"} 1 0",
    ] {
        assert!(read(line).is_ok(), "{line}: {:?}", read(line));
    }
    assert_eq!(read("x{n=\"\\q\"} 1").unwrap()[0].labels, labels(&[("n", "\\q")]));
    assert_eq!(read("x{n=\"m # k\"} 7 # {} 1").unwrap()[0].value, 7.0);
    for line in [
        "x 1z",
        "x 0x1p-3",
        "x 0b1",
        "x 0o1",
        "x 1_2",
        "x y",
        "x",
        "x ",
        "x 1 z",
        "x 1 1z",
        "x 1 1_2",
        "x 1 1.1.1",
        "x 1 NaN",
        "x 1 Inf",
        "x 1 0x1p-3",
        "x 1# {} 1",
        "0x 1",
        "x.y 1",
        "x-y 1",
        "x{a} 1",
        "x{a\"v\"} 1",
        "x{a=} 1",
        "x{a=\"} 1",
        "x{a=1} 1",
        "x{a='1'} 1",
        "x{a=\"1\"b=\"2\"} 1",
        "x{a=\"1\",,b=\"2\"} 1",
        "x{1=\"1\"} 1",
        "x{a=\"1\",a=\"1\"} 1",
        "x 1 1 id=\" # \"} 1",
    ] {
        assert!(read(line).is_err(), "{line}");
    }
}

#[test]
fn nothing_after_the_end_is_read() {
    let text = "x 1\n# EOFblah";
    assert!(parse(text).is_err() || parse(text).unwrap().len() == 1, "{text}");
    assert!(refused("x 1\n# EOF\nblah").contains("more after"));
}

#[test]
fn an_end_that_is_missing_is_named() {
    let missing = |text: &str| assert!(refused(text).contains("`# EOF`, is missing"), "{text}");
    missing("g{q=\"0.0\"} 0 1739184970.553\n");
    missing("h_bucket{le=\"1\"} 1 # {trace_id=\"a\"} 0.5\n");
    assert_eq!(
        parse("g 0 1739184970.553\n# EOF\n").unwrap()[0].timestamp_ms,
        Some(1_739_184_970_553)
    );
    assert!(refused("g 0 x\n").contains("is not a timestamp"));
}

#[test]
fn what_is_no_sample_is_refused() {
    assert!(refused("").contains("no sample"));
    assert!(refused("# HELP a b\n# EOF\n").contains("no sample"));
    assert!(refused("a 1").contains("not ended"));
    assert_eq!(refused("a 1\n a\n"), "line 2, column 3: `` is not a number");
    for line in [
        "1a 1",
        "a b",
        "a 1 2 3",
        "a 1 x",
        "a 1e309",
        "a 0x1p2",
        "{} 1",
        "a{b} 1",
        "a{b=1} 1",
        "a{b=\"1} 1",
        "a{b=\"\\",
        "a{b=\"1\" c=\"2\"} 1",
        "a{b=\"1\",b=\"2\"} 1",
        "a{1b=\"\"} 1",
        "a{,} 1",
        "{a=\"1\"} 1",
        "a{\"b\"} 1",
        "é 1",
        "a # 1",
        "a 1 # {}",
        "a{b=\"1\"",
    ] {
        assert!(parse(&format!("{line}\n")).is_err(), "{line}");
    }
    let twice = refused("a{x=\"1\",y=\"2\"} 1\nb 1\na{y=\"2\",x=\"1\"} 1\n");
    assert_eq!(twice, "line 3, column 1: the series `a{x=\"1\",y=\"2\"}` stands in line 1 already");
    let many: Vec<String> = (0..101).map(|index| format!("l{index}=\"\"")).collect();
    assert!(refused(&format!("a{{{}}} 1\n", many.join(","))).contains("more than 100"));
}

#[test]
fn selectors() {
    let text =
        "a{job=\"x\",code=\"200\"} 1\na{job=\"x\",code=\"500\"} 2\nb 3\nn NaN\np +Inf\nm -Inf\n";
    let samples = parse(text).unwrap();
    let value = |selector: &str| select(&samples, selector).unwrap();
    assert_eq!(value("b"), 3.0);
    assert_eq!(value(" b{} "), 3.0);
    assert_eq!(value("a{code=\"500\"}"), 2.0);
    assert_eq!(value("a{job=\"x\",code=\"200\"}"), 1.0);
    assert_eq!(value("{\"b\"}"), 3.0);
    let refused = |selector: &str| select(&samples, selector).expect_err(selector);
    assert!(refused("c").help.unwrap().contains("no metric of this name"));
    assert!(refused("a{code=\"404\"}").help.unwrap().contains("code=\"200\""));
    assert_eq!(refused("a").message, "2 samples match `a`, not one");
    assert!(refused("n").message.contains("is NaN"));
    assert!(refused("p").message.contains("is +Inf"));
    assert!(refused("m").message.contains("is -Inf"));
    for selector in ["a{code=~\"5..\"}", "a{code!=\"500\"}", "a{code!~\"5..\"}"] {
        assert!(refused(selector).message.contains("can only be equal"), "{selector}");
    }
    for selector in ["", "a{", "a b", "sum(a)", "a[5m]", "a{} 1", "é", "a{é=\"1\"}"] {
        assert!(refused(selector).message.starts_with("the selector"), "{selector}");
    }
}
