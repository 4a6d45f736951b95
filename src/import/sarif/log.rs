//! The log, read twice: first everything but the results, since tools write their rules behind
//! them, too; then the results, one at a time.

use super::rules::{Component, Rules};
use crate::import::stream::{Part, Passed, Streamed};
use crate::text::json::{Guard, Strict};
use serde::de::{Error as _, MapAccess, SeqAccess};
use serde_json::Value;

/// Most extensions of one tool: each may have to be asked for the rule of each result.
const MAX_EXTENSIONS: usize = 1000;

/// Most files of a run whose names are kept, for the places of findings.
const MAX_ARTIFACTS: usize = 100_000;

/// Everything but the results.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) version: Option<Value>,
    pub(super) runs: Vec<Run>,
    /// Parts of runs that stand beside them.
    pub(super) beside: Option<Value>,
}

/// A run without its results.
#[derive(Default)]
pub(super) struct Run {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) rules: Rules,
    pub(super) invocations: Option<Value>,
    pub(super) artifacts: Vec<Option<String>>,
    pub(super) references: Option<Value>,
    /// What was scanned, as a repository has it.
    pub(super) provenance: Option<Value>,
    /// How the report came from the tool's own form into SARIF.
    pub(super) conversion: Option<Value>,
    /// What the tool adds of the run.
    pub(super) properties: Option<Value>,
    /// Whether there is a list of results, be it empty.
    pub(super) has_results: bool,
}

impl Part for Outline {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        guard: Guard,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match name {
            "version" => self.version = value(guard, members)?,
            "inlineExternalProperties" => self.beside = value(guard, members)?,
            "runs" => members.next_value_seed(Streamed(&mut Runs(&mut self.runs), guard))?,
            _ => members.next_value_seed(Streamed(&mut Passed, guard))?,
        }
        Ok(())
    }
}

/// The value that is next; null is as absent.
fn value<'de, A: MapAccess<'de>>(guard: Guard, members: &mut A) -> Result<Option<Value>, A::Error> {
    let value = members.next_value_seed(Strict(guard))?;
    Ok((!value.is_null()).then(|| without_null(value)))
}

fn keep<'de, A: MapAccess<'de>>(
    place: &mut Option<Value>,
    guard: Guard,
    members: &mut A,
) -> Result<(), A::Error> {
    *place = value(guard, members)?;
    Ok(())
}

/// `value` without members that are null: by the standard, that is as if they were absent.
pub(super) fn without_null(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            for member in members.values_mut() {
                *member = without_null(member.take());
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = without_null(item.take());
            }
        }
        _ => {}
    }
    value
}

struct Runs<'a>(&'a mut Vec<Run>);

impl Part for Runs<'_> {
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        guard: Guard,
        items: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let mut run = Run::default();
        let read = items.next_element_seed(Streamed(&mut run, guard))?;
        if read.is_some() {
            self.0.push(run);
        }
        Ok(read)
    }
}

impl Part for Run {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        guard: Guard,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match name {
            "tool" => members.next_value_seed(Streamed(&mut Tool(self), guard)),
            "invocations" => keep(&mut self.invocations, guard, members),
            "externalPropertyFileReferences" => keep(&mut self.references, guard, members),
            "versionControlProvenance" => keep(&mut self.provenance, guard, members),
            "conversion" => keep(&mut self.conversion, guard, members),
            "properties" => keep(&mut self.properties, guard, members),
            "artifacts" => {
                members.next_value_seed(Streamed(&mut Artifacts(&mut self.artifacts), guard))
            }
            "results" => {
                members.next_value_seed(Streamed(&mut Listed(&mut self.has_results), guard))
            }
            _ => members.next_value_seed(Streamed(&mut Passed, guard)),
        }
    }
}

/// Notes whether the value is a list.
struct Listed<'a>(&'a mut bool);

impl Part for Listed<'_> {
    fn list(&mut self) {
        *self.0 = true;
    }
}

struct Tool<'a>(&'a mut Run);

impl Part for Tool<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        guard: Guard,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match name {
            "driver" => {
                let mut driver = Component::default();
                members.next_value_seed(Streamed(&mut driver, guard))?;
                (self.0.name, self.0.version) = (driver.name.clone(), driver.version());
                self.0.rules.driver(driver);
                Ok(())
            }
            "extensions" => {
                let mut extensions = Extensions(Vec::new());
                members.next_value_seed(Streamed(&mut extensions, guard))?;
                self.0.rules.extensions(extensions.0);
                Ok(())
            }
            _ => members.next_value_seed(Streamed(&mut Passed, guard)),
        }
    }
}

struct Extensions(Vec<Component>);

impl Part for Extensions {
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        guard: Guard,
        items: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let mut component = Component::default();
        let read = items.next_element_seed(Streamed(&mut component, guard))?;
        if read.is_some() {
            self.0.push(component);
        }
        match self.0.len() > MAX_EXTENSIONS {
            true => Err(A::Error::custom("a tool has more extensions than are read")),
            false => Ok(read),
        }
    }
}

struct Artifacts<'a>(&'a mut Vec<Option<String>>);

impl Part for Artifacts<'_> {
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        guard: Guard,
        items: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let Some(artifact) = items.next_element_seed(Strict(guard))? else { return Ok(None) };
        if self.0.len() < MAX_ARTIFACTS {
            let uri = artifact.pointer("/location/uri").and_then(Value::as_str);
            self.0.push(uri.map(str::to_owned));
        }
        Ok(Some(()))
    }
}

/// The second reading: hands on each result, with the number of its run.
pub(super) struct Results<F>(pub(super) F);

impl<F: FnMut(usize, Value)> Part for Results<F> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        guard: Guard,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match name {
            "runs" => members.next_value_seed(Streamed(&mut ResultsOfRuns(&mut self.0, 0), guard)),
            _ => members.next_value_seed(Streamed(&mut Passed, guard)),
        }
    }
}

struct ResultsOfRuns<'f, F>(&'f mut F, usize);

impl<F: FnMut(usize, Value)> Part for ResultsOfRuns<'_, F> {
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        guard: Guard,
        items: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let read = items.next_element_seed(Streamed(&mut ResultsOfRun(self.0, self.1), guard))?;
        self.1 += 1;
        Ok(read)
    }
}

struct ResultsOfRun<'f, F>(&'f mut F, usize);

impl<F: FnMut(usize, Value)> Part for ResultsOfRun<'_, F> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        guard: Guard,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match name {
            "results" => members.next_value_seed(Streamed(self, guard)),
            _ => members.next_value_seed(Streamed(&mut Passed, guard)),
        }
    }

    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        guard: Guard,
        items: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let Some(result) = items.next_element_seed(Strict(guard))? else { return Ok(None) };
        (self.0)(self.1, without_null(result));
        Ok(Some(()))
    }
}
