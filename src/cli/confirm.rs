//! `d3p confirm`: puts a question to a person, and records Yes, No or Clarify (D3P-4, P11-C2).
//!
//! There is no default: no answer is no answer.

use crate::cli::args::{AnswerArg, ConfirmArgs};
use crate::cli::common::{Global, open_release};
use crate::cli::record::{Answer, answer};
use crate::cli::{Failure, announce};
use crate::decisions::{how_to_roll_back, rollback_check};
use crate::env::{Env, Exit};
use crate::model::{Actor, Advice, Placeholder};
use crate::render::clean;

/// How often a person is asked again after an answer that is none.
const TRIES: usize = 3;

/// Most bytes of an answer.
const LIMIT: usize = 4096;

pub(super) fn run(args: &ConfirmArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let question = args.question.trim();
    if question.is_empty() {
        return Err(Failure::usage("there is no question"));
    }
    // Before somebody is asked for nothing.
    let mut session = global.session()?;
    let project = &session.project;
    open_release(project)?;
    // A question of the protocol is put in its exact words (P11-C2).
    let prompt = project.phase.announcement(question);
    let prompt = prompt
        .filter(|found| project.phase.prompts.values().any(|prompt| prompt.text == found.text));
    // What it claims must be so before anybody is asked.
    if let Some(prompt) = &prompt {
        announce::holds(session.root(), project, prompt, env)?;
    }
    let question = prompt.map_or(question, |prompt| prompt.text).to_owned();
    let question = question.as_str();
    if rollback_check(project).is_some_and(|check| check.question == question) {
        return Err(Failure::incomplete(
            "this is decided by somebody of the authority tree, with their key",
        )
        .advise(how_to_roll_back(project, None)));
    }
    let given = match (args.answer, &args.by) {
        (Some(answer), Some(by)) => Answer {
            question: question.to_owned(),
            answer: word(answer),
            by: by.clone(),
            note: args.note.clone(),
        },
        _ if env.stdin_terminal => ask(question, args, env)?,
        _ => {
            return Err(Failure::usage(
                "standard input is no terminal, and an answer is never made up",
            )
            .advise(
                Advice::d3p(["confirm", question])
                    .with("--answer", Placeholder::ANSWER)
                    .with("--by", Placeholder::FULL_NAME)
                    .by(Actor::Person)
                    .what("a person answers on a terminal, or gives the answer"),
            ));
        }
    };
    answer(&mut session, &given, global, env)
}

const fn word(answer: AnswerArg) -> &'static str {
    match answer {
        AnswerArg::Yes => "yes",
        AnswerArg::No => "no",
        AnswerArg::Clarify => "clarify",
    }
}

/// Asks on the terminal. The question goes to standard error, so that output stays output.
fn ask(question: &str, args: &ConfirmArgs, env: &mut Env<'_>) -> Result<Answer, Failure> {
    writeln!(env.err, "{}", clean(question))?;
    let mut tries = 0;
    let answer = loop {
        let said = line("Yes, No or Clarify: ", env)?.to_lowercase();
        match said.as_str() {
            "yes" | "y" => break "yes",
            "no" | "n" => break "no",
            "clarify" | "c" => break "clarify",
            _ => tries += 1,
        }
        if tries == TRIES {
            return Err(nothing());
        }
    };
    let by = match &args.by {
        Some(by) => by.clone(),
        None => line("Your full name: ", env)?,
    };
    let note = match &args.note {
        Some(note) => Some(note.clone()),
        None => Some(line("Anything to add? ", env)?).filter(|note| !note.is_empty()),
    };
    Ok(Answer { question: question.to_owned(), answer, by, note })
}

/// One line that a person typed.
pub(super) fn line(prompt: &str, env: &mut Env<'_>) -> Result<String, Failure> {
    write!(env.err, "{prompt}")?;
    env.err.flush()?;
    let mut bytes = Vec::new();
    let mut byte = [0];
    loop {
        match env.stdin.read(&mut byte) {
            Ok(0) if bytes.is_empty() => return Err(nothing()),
            Ok(0) => break,
            Ok(_) if byte[0] == b'\n' => break,
            Ok(_) if bytes.len() < LIMIT => bytes.push(byte[0]),
            Ok(_) => return Err(nothing()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return Err(nothing()),
        }
    }
    String::from_utf8(bytes).map(|text| text.trim().to_owned()).map_err(|_| nothing())
}

pub(super) fn nothing() -> Failure {
    Failure::usage("no answer was given; nothing was recorded")
}
