//! The page for people: one file without script or anything from elsewhere, the same each time, in which
//! no text of a file becomes markup, and every chart has its words.

use super::stages;
use crate::common::World;
use d3p::Exit;
use d3p::testing::model::Stamp;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Markup in whatever a file may say.
const OWN: &str = "</td><script>own()</script><img src=http://own/x onerror=own()>\"'&own;";

fn page(world: &World, args: &[&str]) -> (Exit, String) {
    let now = world.now();
    let said = world.run(&[args, &["--html", "page.html"]].concat());
    world.at(now);
    (said.exit, world.read("page.html"))
}

/// The names of all elements, and the attributes that they have.
fn markup(page: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut elements, mut attributes) = (BTreeSet::new(), BTreeSet::new());
    let (_, body) = page.split_once("<body>").unwrap();
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap_or_else(|| panic!("<{tag}"));
        let mut rest = tag.trim_start_matches('/');
        let name = rest.split([' ', '>']).next().unwrap_or_default();
        elements.insert(name.to_owned());
        rest = &rest[name.len()..];
        while let Some((key, after)) = rest.split_once("=\"") {
            attributes.insert(key.trim().to_owned());
            rest = after.split_once('"').unwrap_or_else(|| panic!("{tag}")).1;
        }
        assert!(rest.trim().is_empty(), "{tag}");
    }
    (elements, attributes)
}

/// What a page may consist of.
fn is_ours(page: &str) {
    let (elements, attributes) = markup(page);
    let known = "body header main section footer h1 h2 h3 p ul li table caption thead tbody tr th td div \
                 span strong code br figure figcaption svg title g rect line text polyline circle \
                 details summary /html html";
    let known: BTreeSet<&str> = known.split_whitespace().collect();
    let strange: Vec<&String> =
        elements.iter().filter(|own| !known.contains(own.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let bad: Vec<&String> = attributes
        .iter()
        .filter(|own| own.starts_with("on") || ["src", "href", "style"].contains(&own.as_str()))
        .collect();
    assert!(bad.is_empty(), "{bad:?}");
    for part in ["<script", "http-equiv=\"refresh", "url(", "@import", "<link"] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains('\u{1b}'));
}

#[test]
fn a_page_says_the_verdict_first_and_what_it_rests_on() {
    let world = World::played();
    let (exit, text) = page(&world, &["verify"]);
    assert_eq!(exit, Exit::Passed);
    is_ours(&text);
    let order = [
        "<h2 id=\"verdict\">",
        "PASSED",
        "<h2 id=\"gates\">",
        "<h2 id=\"decided\">",
        "<h2 id=\"findings\">",
        "<h2 id=\"signals\">",
        "<h2 id=\"changes\">",
        "<h2 id=\"incidents\">",
        "<h2 id=\"events\">",
        "<h2 id=\"unproven\">",
    ];
    let (_, body) = text.split_once("<body>").unwrap();
    let places: Vec<usize> = order.iter().map(|own| body.find(own).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    for word in ["Ana Silva", "GO", "readiness", "L0", "error_rate", "SELF-CONSISTENT ONLY"] {
        assert!(body.contains(word), "{word}");
    }
    // Each chart has a name, and the same words for whoever does not see it.
    let charts = body.matches("<svg ").count();
    assert!(charts > 1);
    assert_eq!(body.matches("role=\"img\" aria-labelledby=\"chart-").count(), charts);
    assert_eq!(body.matches("<figcaption>").count(), charts);
    assert!(body.contains("within the threshold"), "{body}");
    // Every table has heads with a scope.
    assert!(!body.contains("<th>"));
    assert_eq!(page(&world, &["verify"]).1, text, "the same again");
    assert_eq!(page(&world, &["report"]), (exit, text));
}

#[test]
fn a_refusal_says_why_beside_the_verdict_and_ends_as_verify_does() {
    let (_, world) = stages().remove(2);
    let plain = world.run(&["verify"]).exit;
    let (exit, text) = page(&world, &["report"]);
    assert_eq!(exit, plain);
    let (verdict, _) = text.split_once("<h2 id=\"gates\">").unwrap();
    assert!(verdict.contains("NOT PASSED"), "{verdict}");
    assert!(verdict.contains("phase9_deployment_plan.md"), "{verdict}");
    // Every finding is there, whatever it is.
    let now = world.now();
    let json = world.json(&["verify"]).json();
    world.at(now);
    let findings = json["findings"].as_array().unwrap().len();
    let (_, rest) = text.split_once("<h2 id=\"findings\">").unwrap();
    let (table, _) = rest.split_once("</table>").unwrap();
    assert_eq!(table.matches("<tr>").count(), findings + 1);
}

fn files(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if path.ends_with(".git") => {}
            true => files(&path, into),
            false => into.push(path),
        }
    }
}

/// Puts markup behind every text of a JSON value.
fn spoil(value: &mut serde_json::Value, from: &mut usize) {
    match value {
        serde_json::Value::String(text) => {
            *from += 1;
            let _ = write!(text, "{OWN}{from}");
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|own| spoil(own, from)),
        serde_json::Value::Object(members) => {
            members.values_mut().for_each(|own| spoil(own, from));
        }
        _ => {}
    }
}

#[test]
fn no_text_of_any_file_becomes_markup() {
    let honest = World::played();
    let mut all = Vec::new();
    files(&honest.dir, &mut all);
    let mut shown = 0;
    for path in all {
        let name = path.strip_prefix(&honest.dir).unwrap().to_str().unwrap().to_owned();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let spoilt = match name.rsplit_once('.') {
            Some((_, "json")) => {
                let mut value = serde_json::from_str(&text).unwrap();
                spoil(&mut value, &mut 0);
                serde_json::to_string_pretty(&value).unwrap()
            }
            Some((_, "jsonl")) => {
                let lines = text.lines().map(|line| {
                    let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
                    for key in ["gate", "hook", "reason"] {
                        if let Some(own) = value.get_mut(key) {
                            spoil(own, &mut 0);
                        }
                    }
                    if let Some(own) = value.get_mut("decided") {
                        spoil(own, &mut 0);
                    }
                    format!("{value}\n")
                });
                lines.collect()
            }
            Some((_, "md")) => text
                .lines()
                .map(|line| match line.contains([':', '|']) && !line.starts_with("#") {
                    true => format!("{}\n", line.replace(" |", &format!(" {OWN} |"))),
                    false => format!("{line}\n"),
                })
                .collect(),
            _ => continue,
        };
        let world = honest.copy();
        world.write(&name, spoilt);
        world.write(&format!(".artifacts/deployment/raw/{}.log", "<img src=x>"), "x");
        let now = world.now();
        world.run(&["verify", "--html", "page.html"]);
        world.at(now);
        let Ok(text) = fs::read_to_string(world.dir.join("page.html")) else { continue };
        is_ours(&text);
        shown += usize::from(text.contains("&lt;script&gt;own()"));
    }
    assert!(shown > 5, "markup was shown as text in {shown} pages only");
}

#[test]
fn a_page_replaces_a_page_and_nothing_else() {
    let world = World::played();
    world.write("page.html", "<!DOCTYPE html>\n<html lang=\"en\"><p>mine");
    let said = world.run(&["report", "--html", "page.html"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(world.read("page.html").ends_with("mine"));
}

/// A sample each second, with a hole of three days and a spike.
#[test]
fn ten_thousand_samples_are_one_line_with_its_gap_and_its_spike() {
    let world = World::played_until(&["report"]);
    let path = ".artifacts/deployment/deployment-health-log.md";
    let log = world.read(path);
    let last = log.lines().rfind(|line| line.contains("error_rate=")).unwrap();
    let begin = Stamp::parse(last.split(' ').nth(1).unwrap()).unwrap();
    let mut text = log.clone();
    for number in 0..10_000_i64 {
        let hole = if number > 5_000 { 3 * 86_400 } else { 0 };
        let moved = begin.timestamp() + jiff::SignedDuration::from_secs(60 + number + hole);
        let at = Stamp::from_timestamp(moved);
        let rate = if number == 7_000 { "9.5%" } else { "0.2%" };
        let _ = writeln!(text, "- {at} {number:016x} error_rate={rate} latency_p99=180ms :: quiet");
    }
    world.write(path, text);
    world.pass(std::time::Duration::from_secs(30 * 86_400));
    let (_, text) = page(&world, &["verify"]);
    is_ours(&text);
    let (_, chart) = text.split_once("<h3>error_rate</h3>").unwrap();
    let (chart, _) = chart.split_once("</figure>").unwrap();
    assert!(chart.len() < 60_000, "{}", chart.len());
    assert!(chart.contains("class=\"gap\""), "{}", &chart[..chart.len().min(2_000)]);
    assert!(chart.contains("9.5%") && chart.contains("class=\"out\""));
    assert!(chart.contains("gaps without a reading") || chart.contains("1 gap"));
}

/// The relative luminance of a colour (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let whole = colour.trim_start_matches('#');
        let text = if whole.len() == 3 {
            whole[at..=at].repeat(2)
        } else {
            whole[2 * at..2 * at + 2].to_owned()
        };
        let share = f64::from(u8::from_str_radix(&text, 16).unwrap()) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Words need 4.5, lines of a chart 3 (WCAG 2.2, AA), in each of the three schemes.
#[test]
fn everything_stands_out_in_light_in_dark_and_on_paper() {
    assert!((contrast("#000", "#ffffff") - 21.0).abs() < 0.01 && contrast("#777777", "#fff") < 4.5);
    let (_, text) = page(&World::played_until(&["gate", "readiness"]), &["verify"]);
    let schemes: Vec<&str> = text.split(":root {").skip(1).collect();
    assert_eq!(schemes.len(), 3);
    for scheme in schemes {
        let (scheme, _) = scheme.split_once('}').unwrap();
        let colour = |name: &str| {
            let (_, rest) = scheme.split_once(&format!("--{name}: ")).unwrap();
            rest.split_once(';').unwrap().0
        };
        for back in ["back", "panel"] {
            for words in ["text", "soft", "good", "bad"] {
                let own = contrast(colour(words), colour(back));
                assert!(own >= 4.5, "{words} on {back}: {own:.2} in {scheme}");
            }
        }
        for line in ["curve", "bad"] {
            for back in ["panel", "gap"] {
                let own = contrast(colour(line), colour(back));
                assert!(own >= 3.0, "{line} on {back}: {own:.2} in {scheme}");
            }
        }
    }
}
