//! Tests of the Markdown reader.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::text::FaultKind;
use proptest::prelude::*;
use serde_json::json;
use std::time::{Duration, Instant};

fn titles(document: &Document) -> Vec<(u8, &str)> {
    document.sections.iter().map(|section| (section.level, &*section.title)).collect()
}

fn placeholders(text: &str) -> Vec<&str> {
    parse(text).placeholders().iter().map(|range| &text[range.clone()]).collect()
}

#[test]
fn headings_become_sections() {
    let text = "\
intro

# One *two* `three` ##

Setext
with two lines
---

```
# fenced
```

    # indented

<!--
# comment
-->

<div>
# html
</div>

> # quoted

- # in a list

## {tag} العنوان 🚀
";
    let document = parse(text);
    let want = [(1, "One two three"), (2, "Setext with two lines"), (2, "{tag} العنوان 🚀")];
    assert_eq!(titles(&document), want);
    assert_eq!(document.preamble.prose[0].text, "intro");
    let setext = &document.sections[1];
    assert_eq!(&text[setext.heading.clone()], "Setext\nwith two lines\n---");
    let prose: Vec<_> = setext.prose.iter().map(|block| (&*block.text, block.quoted)).collect();
    assert_eq!(prose, [("quoted", true), ("in a list", false)]);
    assert!(text[document.sections[0].body.clone()].ends_with("🚀\n"));
    assert!(text[setext.body.clone()].starts_with("\n```"));
    assert!(text[setext.body.clone()].ends_with("- # in a list\n\n"));
}

#[test]
fn sections_have_children() {
    let document = parse("# A\n## B\n#### C\n### D\n## E\n# F\n### G\n## H\n");
    let children = |index| document.children(index).map(|(at, _)| at).collect::<Vec<_>>();
    assert_eq!(children(0), [1, 4]);
    assert_eq!(children(1), [2, 3]);
    assert_eq!(children(5), [6, 7]);
    assert!(children(7).is_empty());
    assert_eq!(document.section_by_title(" E ", None).unwrap().0, 4);
    assert_eq!(document.section_by_title("E", Some(2)).unwrap().0, 4);
    assert!(document.section_by_title("E", Some(1)).is_none());
    assert!(document.section_by_title("e", None).is_none());
}

#[test]
fn tables_keep_cells_and_places() {
    let text = "\
# T

| Signal | **Threshold** | Note |
|---|:-:|---|
| erreurs é🚀 | < 1% | a \\| b `c` <!-- x --> |
| p99 |  |
| a<br>b | [link](https://example.com) | <slug> | excess |

para
";
    let document = parse(text);
    let table = &document.sections[0].tables[0];
    let cells = |cells: &[Cell]| cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&table.columns), ["Signal", "Threshold", "Note"]);
    assert_eq!(cells(&table.rows[0].cells), ["erreurs é🚀", "< 1%", "a | b c"]);
    assert_eq!(cells(&table.rows[1].cells), ["p99", "", ""]);
    assert_eq!(cells(&table.rows[2].cells), ["a b", "link", "<slug>"]);
    assert_eq!(&text[table.rows[0].cells[1].range.clone()], "< 1%");
    assert_eq!(&text[table.columns[1].range.clone()], "**Threshold**");
    assert_eq!(&text[table.rows[1].range.clone()], "| p99 |  |");
    assert!(text[table.rows[1].cells[1].range.clone()].trim().is_empty());
    assert!(text[table.range.clone()].starts_with("| Signal"));
    assert!(text[table.range.clone()].ends_with("excess |"));
    assert_eq!(document.sections[0].prose.len(), 1);
}

#[test]
fn task_boxes_and_what_only_looks_like_one() {
    let text = "\
# T
- [x] done *so*
- [X] done too
- [ ] open
  more text

  second paragraph
- plain
1. [x] numbered
   - [ ] nested 🚀
- []
- [x]nospace
* [✓] tick
- [ x ] wide
- ☑ ballot
- \\[x\\] escaped
- [x](https://example.com) link
- `[x]` code
- text [x]

[x] not in a list

```
- [x] fenced
```
<!-- - [x] comment -->

> - [x] quoted
";
    let document = parse(text);
    let section = &document.sections[0];
    let tasks: Vec<_> = section.tasks.iter().map(|task| (task.done, &*task.text)).collect();
    let want = [
        (true, "done so"),
        (true, "done too"),
        (false, "open more text"),
        (true, "numbered"),
        (false, "nested 🚀"),
    ];
    assert_eq!(tasks, want);
    assert_eq!(&text[section.tasks[0].range.clone()], "[x] done *so*");
    let near: Vec<_> = section.near_tasks.iter().map(|range| &text[range.clone()]).collect();
    assert_eq!(near, ["[]", "[x]", "[✓]", "[ x ]", "☑", "[x\\]"]);
    let last = section.prose.last().unwrap();
    assert_eq!((&*last.text, last.quoted), ("quoted", true));
    assert!(section.prose.iter().any(|block| block.text == "second paragraph"));
    assert!(section.prose.iter().any(|block| block.text == "[x] not in a list"));
    assert!(!section.prose.iter().any(|block| block.text.contains("fenced")));
}

#[test]
fn front_matter_is_yaml_with_places() {
    let text = "---\nversion: 1.10\nسلام: [a, b]\n---\n# Title\n";
    let document = parse(text);
    assert_eq!(document.faults, []);
    let front = document.front_matter.as_ref().unwrap();
    assert_eq!(front.value, json!({"version": "1.10", "سلام": ["a", "b"]}));
    assert_eq!(&text[front.range.clone()], "version: 1.10\nسلام: [a, b]\n");
    assert_eq!(&text[front.locate("/version", false)], "1.10");
    assert_eq!(&text[front.locate("/سلام/1", false)], "b");
    assert_eq!(&text[front.locate("/سلام", true)], "سلام");
    assert_eq!(&text[document.sections[0].heading.clone()], "# Title");
    assert!(parse(&text.replace('\n', "\r\n")).front_matter.is_some());
}

#[test]
fn front_matter_faults_have_file_offsets() {
    let cases = [
        ("---\na: 1\n", FaultKind::FrontMatter, "---"),
        ("---\n---\n", FaultKind::Empty, ""),
        ("---\n- a\n---\n", FaultKind::FrontMatter, "- a\n"),
        ("---\nx: 1\nx: 2\n---\n", FaultKind::DuplicateKey, "x"),
        ("---\nx: *a\n---\n", FaultKind::YamlAlias, "*a"),
    ];
    for (text, kind, shown) in cases {
        let document = parse(text);
        assert_eq!(document.front_matter, None, "{text}");
        assert_eq!(document.faults.len(), 1, "{text}");
        assert_eq!(document.faults[0].kind, kind, "{text}");
        assert_eq!(&text[document.faults[0].span.clone().unwrap()], shown, "{text}");
    }
    assert_eq!(parse("---\nx: 1\nx: 2\n---\n").faults[0].span, Some(9..10));
    assert_eq!(parse("# A\n---\nb\n---\n").faults, []);
}

#[test]
fn placeholders_are_those_a_reader_sees() {
    let text = "\
# Plan for [Feature Name]

By **TBD**, see `{tag}` and [the threshold](https://example.com/{run}) at
> X%, &lt;slug&gt; or \\[owner\\].

- [ ] ask <your name>
- [x] call [threshold]

| A | B |
|---|---|
| >X% | `TODO` |

> quoted TODO
> X

```
TODO [fill: x]
```

<!-- TODO -->

<describe the scope>

![alt](a.png) [RFC 9110] <https://example.com> text<br>text <b>b</b> [^1]

[fill: who]
";
    let want = [
        "[Feature Name]",
        "TBD",
        "[the threshold](https://example.com/{run})",
        "&lt;slug&gt;",
        "[owner\\]",
        "<your name>",
        "[threshold]",
        ">X%",
        "TODO",
        "<describe the scope>",
        "[fill: who]",
    ];
    assert_eq!(placeholders(text), want);
}

#[test]
fn what_is_struck_out_is_not_said() {
    let text = "~~Everybody is informed, `at once`.~~\n\n\
                A ~~d3p run rollback~~ not done, about ~5 to ~6 minutes, ~7 or 8~ of them.\n";
    let document = parse(text);
    let said: Vec<&str> = document.preamble.prose.iter().map(|block| block.text.trim()).collect();
    let second = "A  not done, about ~5 to ~6 minutes, 7 or 8 of them.";
    assert_eq!(said.iter().next_back(), Some(&second));
    assert!(!said.iter().any(|text| text.contains("informed")), "{said:?}");
}

#[test]
fn a_definition_does_not_hide_our_marker() {
    assert_eq!(placeholders("[fill: who]\n\n[fill: who]: https://example.com\n"), ["[fill: who]"]);
    assert_eq!(placeholders("[threshold]\n\n[threshold]: https://example.com\n"), [] as [&str; 0]);
}

#[test]
fn bombs_return_quickly() {
    const SIZE: usize = 1 << 20;
    let units = [
        "[",
        "](",
        "![",
        "*",
        "_",
        "`",
        "> ",
        "- ",
        "# a\n",
        "<!--",
        "<a ",
        "|",
        "|-\n",
        "a|b\n-|-\n",
        "- [ ] a\n",
        "\\",
        "&amp;",
        "[a]: b\n",
        "[a][b]",
        "1. ",
        "---\n",
        "\n",
        "é🚀",
        "TODO ",
    ];
    let wide = 1000;
    let table =
        format!("{}\n{}\n{}", "a|".repeat(wide), "-|".repeat(wide), "b|\n".repeat(SIZE / 4));
    let deep = (0..1000).map(|depth| format!("{}- a\n", " ".repeat(2 * depth))).collect();
    let bombs = units.iter().map(|unit| unit.repeat(SIZE / unit.len()));
    for bomb in bombs.chain([table, deep]) {
        let start = Instant::now();
        let _ = parse(&bomb);
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(60),
            "{took:?} for {}",
            bomb.chars().take(8).collect::<String>()
        );
    }
}

fn all_ranges(document: &Document) -> Vec<Range<usize>> {
    let mut all = document.placeholders().to_vec();
    for section in document.sections.iter().chain([&document.preamble]) {
        all.extend([section.heading.clone(), section.body.clone()]);
        all.extend(section.near_tasks.iter().cloned());
        all.extend(section.tasks.iter().map(|task| task.range.clone()));
        all.extend(section.prose.iter().map(|block| block.range.clone()));
        for table in &section.tables {
            all.push(table.range.clone());
            all.extend(table.columns.iter().map(|cell| cell.range.clone()));
            for row in &table.rows {
                all.push(row.range.clone());
                all.extend(row.cells.iter().map(|cell| cell.range.clone()));
            }
        }
    }
    all.extend(document.faults.iter().filter_map(|fault| fault.span.clone()));
    all.extend(document.front_matter.iter().map(|front| front.range.clone()));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn ranges_are_in_bounds(
        text in "(---\n)?(?s)[#\\-\\[\\]()<>{}`~|!*_xX: \t\\\\&;.a1\r\né🚀?]{0,60}|\\PC{0,40}",
    ) {
        for range in all_ranges(&parse(&text)) {
            prop_assert!(text.get(range.clone()).is_some(), "{:?}", range);
        }
    }

    #[test]
    fn lines_of_markdown_are_in_bounds(
        lines in proptest::collection::vec(
            prop::sample::select(vec![
                "# é", "---", "| a | b |", "|---|---|", "| é🚀 | {x} | c", "- [x] a", "  - [✓] b",
                "> TBD", ">> - [ ] q", "```", "<!--", "-->", "<b>", "<a slot>", "1. [ ]", "", "    ",
                "a `TODO` [b](c) [fill: d]", "[b]: e", "===", "\t- x", "a: 1", "![i][b]", "\\[x\\]",
            ]),
            0..12,
        ),
        crlf in any::<bool>(),
    ) {
        let text = lines.join(if crlf { "\r\n" } else { "\n" });
        for range in all_ranges(&parse(&text)) {
            prop_assert!(text.get(range.clone()).is_some(), "{:?}", range);
        }
    }
}
