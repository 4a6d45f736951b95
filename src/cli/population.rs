//! `d3p population`: each release of a period with how it ended, who decided, when, and what is missing,
//! as whoever takes a sample of changes asks for it.

use crate::cli::Failure;
use crate::cli::args::PopulationArgs;
use crate::cli::common::{Global, disk};
use crate::cli::many::{count, each};
use crate::cli::verify::target::Target;
use crate::decide::{Account, assess};
use crate::env::{Env, Exit};
use crate::model::{Span, Stamp};
use crate::render::Format;
use crate::render::formats::Sum;
use crate::render::population::{Period, Row, Table};
use crate::write::write_report;

pub(super) fn run(
    args: &PopulationArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let period = period(args)?;
    let now = (env.now)();
    let mut tables: Vec<(Format, Table, String)> = std::iter::once(global.format)
        .chain(global.files.iter().map(|(format, _)| *format))
        .map(|format| (format, Table::new(format, period.clone(), now), String::new()))
        .collect();
    let mut sum = Sum { bytes: Some(0), ..Sum::default() };
    for (_, table, text) in &mut tables {
        text.push_str(&table.opening());
    }
    let mut worst = Exit::Passed;
    let work = |name: &str, opened: Result<Target, Failure>, env: &mut Env<'_>| {
        let target = opened.and_then(|target| target.project_only("population"));
        (name.to_owned(), target.map(|target| told(&target, env)))
    };
    each((&args.dirs, now), global, env, work, |(name, told), env| {
        let row = match told {
            Ok((account, _)) if !period.holds(&account) => return Ok(()),
            Ok((account, bytes)) => {
                count(&mut sum, Exit::Passed, Some(&account), Some(bytes));
                Row { directory: name, account: Some(account), bytes: Some(bytes), error: None }
            }
            Err(failure) => {
                worst = Exit::Incomplete;
                count(&mut sum, Exit::Incomplete, None, None);
                Row {
                    directory: name,
                    account: None,
                    bytes: None,
                    error: Some(failure.to_string()),
                }
            }
        };
        for (_, table, text) in &mut tables {
            text.push_str(&table.row(&row));
        }
        let shown = std::mem::take(&mut tables[0].2);
        env.out.write_all(shown.as_bytes())?;
        Ok(env.out.flush()?)
    })?;
    for (_, table, text) in &mut tables {
        text.push_str(&table.closing(&sum));
    }
    env.out.write_all(tables[0].2.as_bytes())?;
    for ((format, path), (_, _, text)) in global.files.iter().zip(&tables[1..]) {
        write_report(path, text, Table::openings(*format))?;
    }
    Ok(worst)
}

/// What became of a release, and how many bytes it has.
fn told(target: &Target, env: &Env<'_>) -> (Account, u64) {
    let assessment = assess(&target.project, (env.now)());
    let account = Account::of(&target.project, &assessment);
    (account, disk(&target.root, &target.project).bytes)
}

/// The period that is asked for; a day counts from its first moment to its last.
fn period(args: &PopulationArgs) -> Result<Period, Failure> {
    let read = |option: &str, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| {
            let stamp = Stamp::parse_or_day(text).map_err(|error| {
                Failure::usage(format!("{option} {text}: {error}, or a day such as 2026-11-21"))
            })?;
            Ok::<_, Failure>((stamp, text.len() == "2026-11-21".len()))
        })
        .transpose()
    };
    let from = read("--from", &args.from)?.map(|(stamp, _)| stamp);
    let day = Span::parse("24h").ok();
    let to = read("--to", &args.to)?.map(|(stamp, is_day)| match day.filter(|_| is_day) {
        Some(day) => stamp.plus(day).minus_millis(1),
        None => stamp,
    });
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(Failure::usage("--to lies before --from"));
    }
    Ok(Period { from, to })
}
