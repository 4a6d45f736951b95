//! `d3p fmt`: aligns the tables of documents, and touches no word.

use crate::cli::Failure;
use crate::cli::args::FmtArgs;
use crate::cli::common::{Global, open_release};
use crate::env::{Env, Exit};
use crate::markdown::{self, Table};
use crate::project::sections::all_sectioned;
use crate::render::{clean, json};
use crate::write::ChangeSet;
use serde_json::json;

pub(super) fn run(args: &FmtArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let session = global.session_locked()?;
    open_release(&session.project)?;
    let project = &session.project;
    let (mut changes, mut done, mut kept) =
        (ChangeSet::new(session.root()), Vec::new(), Vec::new());
    for file in all_sectioned(project) {
        let (path, text) = (&file.file.path, &file.file.text);
        let new = aligned(text);
        if new == *text {
            continue;
        }
        // What a gate binds it binds byte by byte.
        match project.passed_with(&file.piece) {
            Some(gate) => kept.push((path.clone(), gate.to_owned())),
            None => {
                changes.replace(path.clone(), new, project.digest_of(path));
                done.push(path.clone());
            }
        }
    }
    if !args.dry_run {
        session.apply(changes)?;
    }
    show(&done, &kept, args.dry_run, global, env)
}

/// The text with each table's columns below each other; as it was where a table would say something else.
fn aligned(text: &str) -> String {
    let document = markdown::parse(text);
    let tables = document.sections.iter().flat_map(|section| &section.tables);
    let mut tables: Vec<&Table> = tables.collect();
    tables.sort_by_key(|table| std::cmp::Reverse(table.range.start));
    let mut new = text.to_owned();
    for table in tables {
        if let Some(table_text) = table_aligned(text, table) {
            let end = table.range.start + text[table.range.clone()].trim_end().len();
            new.replace_range(table.range.start..end, &table_text);
        }
    }
    let cells = |text: &str| -> Vec<Vec<Vec<String>>> {
        let document = markdown::parse(text);
        let tables = document.sections.iter().flat_map(|section| &section.tables);
        let rows = |table: &Table| -> Vec<Vec<String>> {
            let header = std::iter::once(&table.columns);
            let all = header.chain(table.rows.iter().map(|row| &row.cells));
            all.map(|cells| cells.iter().map(|cell| cell.text.clone()).collect()).collect()
        };
        tables.map(rows).collect()
    };
    if cells(&new) == cells(text) { new } else { text.to_owned() }
}

/// A table, its columns as wide as the widest cell; `None` where it does not begin its lines, such as in a
/// quotation.
fn table_aligned(text: &str, table: &Table) -> Option<String> {
    let lines: Vec<&str> = text.get(table.range.clone())?.trim_end().lines().collect();
    if lines.iter().any(|line| !line.starts_with('|')) || lines.len() != table.rows.len() + 2 {
        return None;
    }
    let cell =
        |range: &std::ops::Range<usize>| text.get(range.clone()).map(|own| own.trim().to_owned());
    let header: Vec<String> =
        table.columns.iter().map(|own| cell(&own.range)).collect::<Option<_>>()?;
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|own| cell(&own.range)).collect::<Option<_>>())
        .collect::<Option<_>>()?;
    let rules: Vec<&str> = lines[1].trim().trim_matches('|').split('|').map(str::trim).collect();
    if rules.len() != header.len() || rows.iter().any(|row| row.len() != header.len()) {
        return None;
    }
    let width = |at: usize| {
        let cells = std::iter::once(&header).chain(&rows).map(|row| row[at].chars().count());
        cells.max().unwrap_or(0).max(3)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let row = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(own, width)| format!("{own}{}", " ".repeat(width - own.chars().count())));
        format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
    };
    let rule = rules.iter().zip(&widths).map(|(own, width)| {
        let (left, right) = (own.starts_with(':'), own.ends_with(':'));
        let dashes = "-".repeat(width - usize::from(left) - usize::from(right));
        format!("{}{dashes}{}", if left { ":" } else { "" }, if right { ":" } else { "" })
    });
    let rule = format!("| {} |", rule.collect::<Vec<_>>().join(" | "));
    let all = [row(&header), rule].into_iter().chain(rows.iter().map(|own| row(own)));
    Some(all.collect::<Vec<_>>().join("\n"))
}

fn show(
    done: &[String],
    kept: &[(String, String)],
    dry_run: bool,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if !global.human() {
        let kept: Vec<_> =
            kept.iter().map(|(path, gate)| json!({ "path": path, "bound_by": gate })).collect();
        let view = json!({ "aligned": done, "kept": kept, "dry_run": dry_run });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(Exit::Passed);
    }
    let word = if dry_run { "would align" } else { "aligned" };
    for path in done {
        writeln!(env.out, "{word} {}", clean(path))?;
    }
    for (path, gate) in kept {
        writeln!(env.out, "kept {}: gate {gate} was passed with it", clean(path))?;
    }
    if done.is_empty() && kept.is_empty() {
        writeln!(env.out, "every table is aligned")?;
    }
    Ok(Exit::Passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_and_no_word_is_touched() {
        let text = "# A\n\n| Step | Owner |\n|---|:-:|\n| put it `a \\| b` there | Mei |\n| a | Ana Silva |\n\nafter\n";
        let new = aligned(text);
        assert_eq!(
            new,
            "# A\n\n| Step                  | Owner     |\n| --------------------- | :-------: |\n| put it `a \\| b` there | Mei       |\n| a                     | Ana Silva |\n\nafter\n"
        );
        assert_eq!(aligned(&new), new);
        // A row that lacks a cell, and a table in a quotation, are left to whoever wrote them.
        for odd in
            ["| a | b |\n|---|---|\n| c |\n", "> | a |\n> |---|\n> | long one |\n", "no table\n"]
        {
            assert_eq!(aligned(odd), odd);
        }
    }
}
