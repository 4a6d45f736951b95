//! `d3p waive`: a person lets a finding stand for a while, with their own key.
//!
//! What is signed is exactly what is shown: a rule, a file, and what stands there now.

mod file;
mod target;

use crate::cli::Failure;
use crate::cli::args::WaiveArgs;
use crate::cli::common::{Global, open_release, release, report, says_something, write_findings};
use crate::cli::session::Session;
use crate::cli::signing::{sign, signatory};
use crate::cli::status::write_next;
use crate::decide::{Assessment, assess, next};
use crate::decisions::{
    Deed, NoWorse, Waiver, WaiverDecision, WaiverRequest, WaiverSet, WaiverState, WaiverStatement,
    finding_digest, no_worse, not_separate, not_waivable, signatures_on, waiver_statement,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Mark, Placeholder, Stamp};
use crate::project::Project;
use crate::render::{clean, findings, json, waiver_state};
pub(super) use file::keep_copy;
use target::Target;

pub(super) fn run(args: &WaiveArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if args.list {
        return list(global, env);
    }
    if args.remove {
        return file::remove(args, global, env);
    }
    // A person takes their time: the lock is taken once they have signed.
    let mut session = global.session()?;
    let (root, project) = (session.root(), &session.project);
    let release = open_release(project)?;
    if !signatures_on(project) {
        return Err(Failure::incomplete(
            "d3p.yaml has signatures: \"off\": a waiver is signed, so there is none here",
        )
        .note("mend what is found; or turn signatures on before gate 1: signatures: \"on\""));
    }
    file::readable(project)?;
    let (Some(rule), Some(identity)) = (&args.rule, &args.identity) else {
        return Err(Failure::usage("a waiver needs a rule, and the person who signs it")
            .advise(usage())
            .advise(Advice::d3p(["waive", "--list"]).what("see those that are there")));
    };
    let now = (env.now)();
    let assessment = assess(project, now);
    let bare = bare(&session, now)?;
    let target = target::find(project, &assessment, &bare, rule, args)?;
    let hand = signatory(project, identity, args.key.as_deref(), global, env)?;
    if let Some(why) = not_separate(project, &release, hand.person, Deed::Waive) {
        return Err(Failure::refused(format!("this waiver would not count: {why}"))
            .note("let another person sign it; a team of one says approval.separation: \"off\"")
            .note("nothing was signed or written"));
    }
    let terms = terms(project, &assessment, &target, args, now)?;
    let statement = waiver_statement(
        project,
        &release,
        &WaiverRequest {
            rule: target.rule.code,
            path: &target.path,
            pointer: terms.pointer.as_deref(),
            seen: terms.seen.clone(),
            no_worse: terms.no_worse.clone(),
            reason: &terms.reason,
            until: terms.until,
            decider: hand.decider(args.role.as_deref(), now, env),
        },
    );
    file::not_signed_by(&assessment, &statement.predicate, &hand.person.name)?;
    if global.human() && !global.quiet {
        show(project, &target, &statement, global, env)?;
    }
    let says = says(&hand.person.name, &statement, terms.until);
    let (signature, _) = sign(&statement, &hand, &clean(&says), project, root, now, env)?;
    let decision = WaiverDecision::read(0, &statement.to_text(), Some(&signature));
    session.lock()?;
    let written = file::add(&session, &decision, env)?;
    tell(&written, &decision, global, env)
}

/// What a person says by it, in one line.
fn says(person: &str, statement: &WaiverStatement, until: Stamp) -> String {
    let role = statement.predicate.head.role.as_deref().unwrap_or("nothing else");
    format!("{person}, who is {role}, lets this stand until {until}")
}

/// What is found when nothing is let stand.
fn bare(session: &Session, now: Stamp) -> Result<Assessment, Failure> {
    let mut project = session.again()?;
    let waivers = project.places().waivers().to_owned();
    project.files.remove(&waivers);
    Ok(assess(&project, now))
}

/// What several persons must say in the same words.
struct Terms {
    pointer: Option<String>,
    seen: Vec<String>,
    no_worse: Vec<NoWorse>,
    reason: String,
    until: Stamp,
}

/// What was given; or, where neither end nor reason was, what waits for more persons.
fn terms(
    project: &Project,
    assessment: &Assessment,
    target: &Target<'_>,
    args: &WaiveArgs,
    now: Stamp,
) -> Result<Terms, Failure> {
    let policy = &project.effective().policy.approval.waiver;
    let latest = now.plus(policy.max_age);
    if args.until.is_none() && args.reason.is_none() {
        return waiting(assessment, target, args);
    }
    let (Some(until), Some(reason)) = (&args.until, &args.reason) else {
        return Err(Failure::usage("a waiver needs its end and its reason")
            .note(format!("--until DATE (until {latest} at the latest) --reason TEXT")));
    };
    if crate::markdown::placeholder::is_left(reason) {
        return Err(Failure::usage("--reason: say why this may stand, in your own words"));
    }
    says_something("--reason", reason)?;
    let until = Stamp::parse_or_day(until).map_err(|_| {
        Failure::usage(format!("--until {until}: not a day or a time with offset"))
            .note("such as 2026-12-01, which is 00:00 UTC of that day, or 2026-12-01T18:00:00Z")
    })?;
    if until <= now {
        return Err(Failure::refused(format!("--until {until} is over: it is {now}")));
    }
    if until > latest {
        return Err(Failure::refused(format!(
            "--until {until} is too far: approval.waiver.max_age is {}",
            policy.max_age
        ))
        .note(format!("the latest possible: --until {latest}")));
    }
    let seen = target
        .findings
        .iter()
        .filter_map(|finding| finding_digest(project, finding))
        .map(|digest| digest.to_string());
    let no_worse = target.findings.iter().filter_map(|finding| no_worse(finding)).collect();
    let (pointer, seen, reason) = (args.pointer.clone(), seen.collect(), reason.clone());
    Ok(Terms { pointer, seen, no_worse, reason, until })
}

/// The one waiver for this place that others have begun to sign.
fn waiting(
    assessment: &Assessment,
    target: &Target<'_>,
    args: &WaiveArgs,
) -> Result<Terms, Failure> {
    let about = |said: &Waiver| {
        said.rule == target.rule.code
            && said.path == target.path
            && (args.pointer.is_none() || said.pointer == args.pointer)
    };
    let sets = assessment.waivers.sets.iter();
    let open: Vec<&WaiverSet> = sets
        .filter(|set| matches!(set.state, WaiverState::Lacking(_)) && about(&set.said))
        .collect();
    match open[..] {
        [one] => Ok(Terms {
            pointer: one.said.pointer.clone(),
            seen: one.said.seen.clone(),
            no_worse: one.said.no_worse.clone(),
            reason: one.said.reason.clone(),
            until: Stamp::parse(&one.said.head.not_after).unwrap_or(one.ends()),
        }),
        [] => Err(Failure::usage("a waiver needs its end and its reason").advise(usage())),
        _ => {
            let failure = Failure::usage("several waivers of this place wait: say which");
            Err(open.iter().fold(failure, |failure, set| {
                failure.note(format!(
                    "--until {} --reason \"{}\"",
                    set.said.head.not_after, set.said.reason
                ))
            }))
        }
    }
}

/// Shows exactly what will stand.
fn show(
    project: &Project,
    target: &Target<'_>,
    statement: &WaiverStatement,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let said = &statement.predicate;
    writeln!(env.out, "To be let stand until {}\n", said.head.not_after)?;
    let mut left: Vec<&String> = said.seen.iter().collect();
    let stands = |finding: &&&Finding| {
        let seen = finding_digest(project, finding).map(|digest| digest.to_string());
        let place = left.iter().position(|own| Some(*own) == seen.as_ref());
        place.map(|place| left.remove(place)).is_some()
    };
    let shown: Vec<_> = target.findings.iter().filter(stands).copied().collect();
    env.out.write_all(findings(project, &shown, global.style).as_bytes())?;
    for line in shown.iter().filter_map(|finding| value(project, finding)) {
        writeln!(env.out, "what stands there: {}", clean(&line))?;
    }
    writeln!(env.out, "because: {}", clean(&said.reason))?;
    if !said.no_worse.is_empty() {
        writeln!(env.out, "What is measured anew may stand, too, where it is no worse than this.")?;
    }
    writeln!(env.out, "Whatever else {} finds there is not let stand.\n", said.rule)?;
    Ok(())
}

/// Most characters of a value that are shown.
const LONGEST: usize = 400;

/// What stands where a finding points at; of a single value, what it stands among.
fn value(project: &Project, finding: &Finding) -> Option<String> {
    let (Mark::Pointer(pointer) | Mark::Key(pointer)) = &finding.location.mark else { return None };
    let whole = project.present(&finding.location.path)?.value()?;
    let found = whole.pointer(pointer)?;
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let shown = match found.is_object() || found.is_array() || parent.is_empty() {
        true => found,
        false => whole.pointer(parent)?,
    };
    Some(shown.to_string().chars().take(LONGEST).collect())
}

/// Tells what became of it, and what is next.
fn tell(
    written: &file::Written,
    decision: &WaiverDecision,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let file::Written { project, assessment, now, dropped } = written;
    let digest = decision.digest();
    let set = assessment
        .waivers
        .sets
        .iter()
        .find(|set| set.parts.iter().any(|part| part.digest == digest));
    let in_force = set.is_some_and(|set| set.state == WaiverState::InForce);
    let exit = if in_force { Exit::Passed } else { Exit::Refused };
    if !global.human() {
        let rule = set.map_or("", |set| set.said.rule.as_str());
        let report =
            report("waive", project, assessment, *now, None, |finding| finding.rule.code == rule);
        env.out.write_all(json::report(&report, &crate::render::Beside::default()).as_bytes())?;
        return Ok(exit);
    }
    let Some(set) = set else { return Ok(exit) };
    let words = set.said.words();
    match &set.state {
        WaiverState::Lacking(lacks) => {
            writeln!(env.out, "signed: {}", clean(&words))?;
            writeln!(env.out, "it lets nothing stand yet: {}", lacks.join(", "))?;
            writeln!(
                env.out,
                "next: another person: d3p waive {} --path {} --as PRINCIPAL",
                set.said.rule,
                clean(&set.said.path)
            )?;
        }
        _ => writeln!(env.out, "waived: {}", clean(&words))?,
    }
    if global.quiet {
        return Ok(exit);
    }
    for line in dropped {
        writeln!(env.out, "dropped: {}", clean(line))?;
    }
    let beside = assessment
        .findings
        .iter()
        .filter(|finding| finding.state.is_some() && finding.location.path == set.said.path);
    for finding in beside {
        let too =
            if not_waivable(project, finding).is_none() { " (may be waived, too)" } else { "" };
        let line = format!("{} {}{too}", finding.rule.code, finding.message);
        writeln!(env.out, "still in the way: {}", clean(&line))?;
    }
    if in_force {
        let now = (env.now)();
        write_next(&next(project, assessment, now), env)?;
    }
    Ok(exit)
}

/// Every waiver, and what each is worth.
fn list(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    release(&project)?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    let report = report("waive --list", &project, &assessment, now, None, |finding| {
        finding.location.path == project.places().waivers() || finding.waived.is_some()
    });
    if !global.human() {
        env.out.write_all(json::report(&report, &crate::render::Beside::default()).as_bytes())?;
        return Ok(Exit::Passed);
    }
    write_findings(&report, true, global, env)?;
    let waivers = &assessment.waivers;
    if waivers.sets.is_empty() && waivers.invalid.is_empty() {
        writeln!(env.out, "no waivers")?;
    }
    let in_force = waivers.sets.iter().filter(|set| waiver_state(set).0 == "in-force").count();
    if !waivers.sets.is_empty() {
        writeln!(env.out, "waivers: {}, in force and in use: {in_force}", waivers.sets.len())?;
    }
    Ok(Exit::Passed)
}

/// The whole command.
fn usage() -> Advice {
    Advice::decide(["waive"])
        .fill(Placeholder::RULE)
        .with("--path", Placeholder::PATH)
        .with("--until", Placeholder::UNTIL)
        .with("--reason", Placeholder::REASON)
        .with("--as", Placeholder::PRINCIPAL)
}
