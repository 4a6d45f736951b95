//! Where a policy asks for less than is recommended.
//!
//! Each key says in the policy's schema what it should at least be (`x-d3p-recommended`), and which
//! direction is stricter. What no value of one key can show, such as a hook that does nothing, is
//! looked at here, too.

use crate::definition::loosening::{follow, means_the_same, member, stricter};
use crate::definition::{Effective, Hook, Phase, StepDef};
use crate::model::Span;
use serde_json::Value;
use std::collections::BTreeSet;

/// A place of `d3p.yaml` that asks for less than it should.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Looser {
    /// JSON pointer into `d3p.yaml`.
    pub pointer: String,
    /// What is there and what is recommended, one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub advice: String,
}

/// Programs that end without having done anything.
const IDLE: [&str; 10] =
    ["true", ":", "echo", "printf", "exit", "return", "sleep", "test", "[", "pwd"];

/// Programs that only run the one that follows.
const WRAPPERS: [&str; 7] = ["env", "exec", "command", "nohup", "nice", "time", "sudo"];

/// Shells, whose `-c` is followed by a line of commands.
const SHELLS: [&str; 5] = ["sh", "bash", "dash", "zsh", "ksh"];

/// Every place where `effective` asks for less than recommended, by the policy's `schema`.
pub fn looser_than_recommended(
    effective: &Effective,
    phase: &Phase,
    schema: &Value,
) -> Vec<Looser> {
    let mut out = Vec::new();
    let walk = Walk { phase, root: schema };
    walk.value(&effective.values, Some(schema), &mut String::new(), &mut out);
    hooks(effective, phase, &mut out);
    out.sort_by(|a, b| (&a.pointer, &a.message).cmp(&(&b.pointer, &b.message)));
    out
}

struct Walk<'a> {
    phase: &'a Phase,
    root: &'a Value,
}

impl Walk<'_> {
    fn value(
        &self,
        value: &Value,
        schema: Option<&Value>,
        pointer: &mut String,
        out: &mut Vec<Looser>,
    ) {
        let Some(schema) = schema.map(|schema| follow(schema, self.root)) else { return };
        if let Some(recommended) = schema.get("x-d3p-recommended") {
            let word = schema.get("x-d3p-stricter").and_then(Value::as_str);
            out.extend(self.compared(value, recommended, word, pointer));
        }
        for (key, inner) in value.as_object().into_iter().flatten() {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            self.value(inner, member(schema, key), pointer, out);
            pointer.truncate(length);
        }
    }

    fn compared(
        &self,
        value: &Value,
        recommended: &Value,
        word: Option<&str>,
        pointer: &str,
    ) -> Option<Looser> {
        let name = pointer.trim_start_matches('/').replace('/', ".");
        let found = |found: String, wanted: String| Looser {
            pointer: pointer.to_owned(),
            message: format!("`{name}` is {found}; recommended is {wanted}"),
            advice: format!("write {wanted}"),
        };
        if let (Some(list), Some(fewest)) = (value.as_array(), recommended.as_u64()) {
            let few = (list.len() as u64) < fewest;
            return few.then(|| found("empty".to_owned(), format!("at least {fewest} entry")));
        }
        let of_phase = || self.of_phase(pointer);
        let recommended = if recommended == "phase" { of_phase()? } else { recommended.clone() };
        if means_the_same(word, &recommended, value)
            || *value == recommended
            || stricter(word, &recommended, value)
        {
            return None;
        }
        let bound = match word {
            Some("shorter" | "lower") => "at most ",
            Some("longer" | "higher") => "at least ",
            _ => "",
        };
        Some(found(plain(value), format!("{bound}{}", plain(&recommended))))
    }

    /// What the phase itself says of a key: its default, or the age that a piece may have.
    fn of_phase(&self, pointer: &str) -> Option<Value> {
        let text = |span: Span| Value::String(span.to_string());
        let mut parts = pointer.split('/').skip(1);
        match (parts.next(), parts.next(), parts.next()) {
            (Some("evidence"), Some(kind), Some(_)) => {
                self.phase.evidence.get(kind)?.max_age.map(text)
            }
            (Some("prerequisites"), Some(id), Some(_)) => {
                self.phase.prerequisites.get(id).map(|def| text(def.max_age))
            }
            _ => self.phase.defaults.pointer(pointer).cloned(),
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Hooks that are lacking, do nothing, or name another environment than theirs.
fn hooks(effective: &Effective, phase: &Phase, out: &mut Vec<Looser>) {
    let hooks = &effective.policy.hooks;
    for (id, _) in phase.steps.iter().filter(|(_, step)| step.takes_back()) {
        if !hooks.iter().any(|(name, hook)| hook.step(name) == id) {
            out.push(Looser {
                pointer: "/hooks".to_owned(),
                message: format!("no hook serves {id}: nothing that was tried takes a launch back"),
                advice: format!("add below hooks: {id}: {{ run: [bash, scripts/{id}.sh] }}"),
            });
        }
    }
    let known: BTreeSet<&str> =
        phase.evidence.values().map(|def| def.environment.as_str()).collect();
    for (name, hook) in hooks {
        let pointer = format!("/hooks/{}", name.replace('~', "~0").replace('/', "~1"));
        let argv = hook.argv();
        if does_nothing(&argv) {
            out.push(Looser {
                pointer: pointer.clone(),
                message: format!("hook {name} runs `{}`, which does nothing", argv.join(" ")),
                advice: "name the command that does it".to_owned(),
            });
        }
        let Some(own) = phase.steps.get(hook.step(name)).and_then(|step| place(step, phase)) else {
            continue;
        };
        if let Some(other) = known.iter().find(|other| **other != own && names(hook, other)) {
            out.push(Looser {
                pointer,
                message: format!("hook {name} is of {own}, and its command names {other}"),
                advice: format!("name {own}, or write {{env}}, which is filled in"),
            });
        }
    }
}

/// The environment that a step is taken in: that of its evidence; of one that takes back, that of
/// the launch.
fn place<'a>(step: &StepDef, phase: &'a Phase) -> Option<&'a str> {
    let kind = match &step.produces {
        Some(kind) => kind.as_str(),
        None if step.takes_back() => phase.launch()?.0,
        None => return None,
    };
    phase.evidence.get(kind).map(|def| def.environment.as_str())
}

/// Whether a word of the command or a script of it is `environment`.
fn names(hook: &Hook, environment: &str) -> bool {
    let argv = hook.argv();
    let words = argv.iter().chain(&hook.scripts);
    words
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .any(|word| word.eq_ignore_ascii_case(environment))
}

/// Whether a command ends without having done anything.
fn does_nothing(argv: &[String]) -> bool {
    let mut words = argv.iter().map(String::as_str).skip_while(|word| {
        WRAPPERS.contains(&base(word)) || word.contains('=') && !word.contains(' ')
    });
    let Some(program) = words.next().map(base) else { return true };
    if SHELLS.contains(&program) {
        let rest: Vec<&str> = words.collect();
        let line = rest.iter().position(|word| word.starts_with('-') && word.ends_with('c'));
        return line.is_some_and(|at| rest.get(at + 1).is_none_or(|line| is_idle(line)));
    }
    IDLE.contains(&program)
}

/// Whether each command of a shell's line does nothing. What is written or passed on does something.
fn is_idle(line: &str) -> bool {
    let line = line.replace("2>&1", " ").replace(">/dev/null", " ").replace("> /dev/null", " ");
    let line = line.replace("||", ";");
    if line.contains(['>', '|', '`', '$']) {
        return false;
    }
    let commands = line.split([';', '\n', '&']).map(str::trim);
    commands.filter(|command| !command.is_empty() && !command.starts_with('#')).all(|command| {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        does_nothing(&words)
    })
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::does_nothing;

    fn argv(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn commands_that_do_nothing() {
        for words in [
            &["true"][..],
            &["/bin/true"],
            &["env", "A=b", "true"],
            &["echo", "rolled back"],
            &["sh", "-c", "true"],
            &["bash", "-ec", "echo rolling back; exit 0"],
            &["sh", "-c", ": && exit 0 # nothing"],
            &["sh", "-c", "echo done >/dev/null 2>&1"],
            &["sh", "-c", ""],
        ] {
            assert!(does_nothing(&argv(words)), "{words:?}");
        }
    }

    #[test]
    fn commands_that_may_do_something() {
        for words in [
            &["bash", "scripts/rollback.sh"][..],
            &["kubectl", "rollout", "undo", "deploy/api"],
            &["sh", "-c", "echo v1 > current"],
            &["sh", "-c", "echo restart | nc host 80"],
            &["sh", "-c", "true; ./rollback.sh"],
            &["sh", "-c", "echo $(./rollback.sh)"],
            &["truecolor"],
        ] {
            assert!(!does_nothing(&argv(words)), "{words:?}");
        }
    }
}
