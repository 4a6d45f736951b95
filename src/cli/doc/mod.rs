//! `d3p doc`: shows what people still have to write, and writes it where it belongs.

mod cite;
mod slots;

use crate::cli::Failure;
use crate::cli::args::DocArgs;
use crate::cli::common::{Global, is_history, open_release};
use crate::cli::session::Session;
use crate::definition::CellType;
use crate::env::{Env, Exit};
use crate::model::{Advice, Span, Stamp};
use crate::project::Project;
use crate::project::sections::all_sectioned;
use crate::render::{clean, json, way};
use crate::text::position;
use crate::write::ChangeSet;
use serde_json::json;
pub(super) use slots::{Form, Slot, slots};
use std::collections::BTreeMap;

pub(super) fn run(args: &DocArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut session = global.session_locked()?;
    open_release(&session.project)?;
    let (mut written, mut reopened) = (Vec::new(), BTreeMap::new());
    let (set, sources) = wanted(args, &session, env)?;
    if !set.is_empty() {
        let texts = texts(&set, &session.project, (env.now)(), &mut written)?;
        reopened = opened_again(&texts, &session.project)?;
        let mut changes = ChangeSet::new(session.root());
        for (path, text) in texts {
            let was = session.project.digest_of(&path);
            changes.replace(path, text, was);
        }
        session.apply(changes)?;
        session.reread()?;
    }
    let written: Vec<(String, Option<String>)> = written
        .into_iter()
        .map(|address| {
            let source = sources.get(&address).cloned();
            (address, source)
        })
        .collect();
    show(args, &session.project, &Done { written, reopened }, global, env)?;
    Ok(Exit::Passed)
}

/// The files among `texts` that a gate was passed with, and that gate: it has to judge them again.
///
/// # Errors
/// A refusal once production was deployed, for what a gate bound is history then.
fn opened_again(
    texts: &BTreeMap<String, String>,
    project: &Project,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut out = BTreeMap::new();
    for file in all_sectioned(project) {
        let path = &file.file.path;
        if texts.get(path).is_none_or(|text| *text == file.file.text) {
            continue;
        }
        let Some(gate) = project.passed_with(&file.piece) else { continue };
        if project.launched_at().is_some() {
            return Err(is_history(gate, path).note("nothing was written"));
        }
        out.insert(path.clone(), gate.to_owned());
    }
    Ok(out)
}

/// What is written: what was given, and with `--cite` what the team's files say for other open places;
/// and where that stands, by its address.
fn wanted(
    args: &DocArgs,
    session: &Session,
    env: &Env<'_>,
) -> Result<(Vec<String>, BTreeMap<String, String>), Failure> {
    let (mut set, mut sources) = (args.set.clone(), BTreeMap::new());
    if args.cite {
        let pages = cite::pages(session, env)?;
        let given: Vec<&str> =
            args.set.iter().filter_map(|own| own.split_once('=')).map(|(own, _)| own).collect();
        for slot in slots(&session.project).iter().filter(|slot| slot.is_open()) {
            if given.iter().any(|own| slot.is_meant(own)) {
                continue;
            }
            if let Some(found) = cite::cited(slot, &pages) {
                set.push(format!("{}={}", slot.address, found.text));
                sources.insert(slot.address.clone(), found.source);
            }
        }
    }
    Ok((set, sources))
}

/// The files with everything put in.
fn texts(
    set: &[String],
    project: &Project,
    now: Stamp,
    written: &mut Vec<String>,
) -> Result<BTreeMap<String, String>, Failure> {
    let slots = slots(project);
    let mut puts: Vec<(&Slot, String)> = Vec::new();
    for given in set {
        let (wanted, value) = given.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{given}`: ADDRESS=TEXT is wanted"))
                .advise(Advice::d3p(["doc"]).what("see every address"))
        })?;
        let taken = |slot: &Slot| puts.iter().any(|(own, _)| std::ptr::eq(*own, slot));
        let slot = meant(&slots, wanted, taken)?;
        puts.push((slot, written_as(slot, value.trim(), now)));
        written.push(slot.address.clone());
    }
    // From the end on, so that what comes before keeps its place.
    puts.sort_by_key(|(slot, _)| std::cmp::Reverse(slot.range.start));
    let mut out = BTreeMap::new();
    for (slot, text) in puts {
        let file = project.present(&slot.path).map(|file| file.text.clone()).unwrap_or_default();
        let file = out.entry(slot.path.clone()).or_insert(file);
        file.replace_range(slot.range.clone(), &text);
    }
    Ok(out)
}

/// The place that an address means: of several with that end the first that is open.
fn meant<'a>(
    slots: &'a [Slot],
    wanted: &str,
    taken: impl Fn(&Slot) -> bool,
) -> Result<&'a Slot, Failure> {
    let found: Vec<&Slot> =
        slots.iter().filter(|slot| slot.is_meant(wanted) && !taken(slot)).collect();
    let exact = found.iter().find(|slot| slot.address == wanted);
    let open = found.iter().find(|slot| slot.is_open());
    exact.or(open).or(found.first()).copied().ok_or_else(|| {
        let given = slots.iter().any(|slot| slot.is_meant(wanted));
        let told = match given {
            true => format!("every place that `{wanted}` means is given before"),
            false => format!("no place of a document is called `{wanted}`"),
        };
        Failure::usage(told)
            .advise(Advice::d3p(["doc", "--all"]).what("see every address"))
            .note("nothing was written")
    })
}

/// A text as its place has to have it; `now` and `now+2h` are times where one is wanted.
fn written_as(slot: &Slot, value: &str, now: Stamp) -> String {
    let is_time = matches!(slot.form, Form::Cell(CellType::Time | CellType::Offset))
        || slot.form == Form::Front && slot.hint().contains("time");
    let moment = value.strip_prefix("now").filter(|_| is_time).and_then(|rest| {
        match rest.strip_prefix('+') {
            Some(span) => Span::parse(span.trim()).ok().map(|span| now.plus(span)),
            None => rest.is_empty().then_some(now),
        }
    });
    let value = moment.map_or_else(|| value.to_owned(), |moment| moment.to_string());
    match slot.form {
        Form::Cell(_) => value.replace('|', "\\|").replace(['\n', '\r'], " "),
        Form::Item => value.replace(['\n', '\r'], " "),
        Form::Prose => value,
        Form::Front => json!(value).to_string(),
    }
}

/// What was done.
struct Done {
    /// The addresses that were written, and where each text stood before.
    written: Vec<(String, Option<String>)>,
    /// The files that a gate was passed with and has to judge again, and that gate.
    reopened: BTreeMap<String, String>,
}

fn show(
    args: &DocArgs,
    project: &Project,
    Done { written, reopened }: &Done,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let slots = slots(project);
    let shown: Vec<&Slot> = slots.iter().filter(|slot| args.all || slot.is_open()).collect();
    let line = |slot: &Slot| {
        let text = project.present(&slot.path).map_or("", |file| file.text.as_str());
        position(text, slot.range.start).line
    };
    if !global.human() {
        let view = shown.iter().map(|slot| {
            json!({
                "address": slot.address, "path": slot.path, "line": line(slot), "open": slot.is_open(),
                "prompt": slot.prompt, "text": slot.text,
            })
        });
        let written: Vec<_> = written
            .iter()
            .map(|(address, source)| json!({ "address": address, "source": source }))
            .collect();
        let view =
            json!({ "written": written, "reopened": reopened, "places": view.collect::<Vec<_>>() });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(());
    }
    for (address, source) in written {
        match source {
            Some(source) => writeln!(env.out, "wrote {address} from {}", clean(source))?,
            None => writeln!(env.out, "wrote {address}")?,
        }
    }
    for (path, gate) in reopened {
        let again = way(&Advice::d3p(["gate", gate]));
        writeln!(env.out, "gate {gate} was passed with {path}, and judges it again: {again}")?;
    }
    for slot in &shown {
        let text = if slot.is_open() { slot.hint() } else { slot.text.as_str() };
        writeln!(env.out, "{}", slot.address)?;
        if let Some(prompt) = &slot.prompt {
            writeln!(env.out, "    {}", clean(prompt))?;
        }
        writeln!(env.out, "    {} ({}:{})", clean(text), slot.path, line(slot))?;
    }
    match slots.iter().filter(|slot| slot.is_open()).count() {
        0 => writeln!(env.out, "every place is written; next: d3p next")?,
        1 => writeln!(env.out, "1 place is open: d3p doc ADDRESS=TEXT, or edit the file")?,
        more => {
            writeln!(env.out, "{more} places are open: d3p doc ADDRESS=TEXT …, or edit the files")?
        }
    }
    Ok(())
}
