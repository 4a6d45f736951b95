//! `d3p lsp`: findings while somebody types, by the Language Server Protocol over standard input and
//! output. What is open in the editor is laid over the files in memory; nothing is written.

mod actions;
mod hover;
mod judged;
mod text;
mod wire;

use crate::cli::Failure;
use crate::cli::common::Global;
use crate::env::{Env, Exit};
use crate::source::{PROJECT_FILE, Root};
use judged::Judged;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Write};

/// Codes of errors that the protocol has.
const NOT_BEGUN: i32 = -32002;
const INVALID: i32 = -32602;
const UNKNOWN: i32 = -32601;

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let root = global.root()?;
    let mut input = BufReader::new(&mut *env.stdin);
    let mut server = Server {
        root,
        phase: global.phase().map(str::to_owned),
        open: BTreeMap::new(),
        begun: false,
        ends: false,
        dirty: false,
        judged: Judged::default(),
        shown: BTreeSet::new(),
    };
    loop {
        // What came meanwhile is read first: nobody needs what is wrong with an older text.
        if server.dirty && server.begun && input.buffer().is_empty() {
            server.publish((env.now)(), &mut *env.out)?;
        }
        let Some(message) = wire::read(&mut input)? else {
            return Ok(if server.ends { Exit::Passed } else { Exit::Refused });
        };
        let method = message["method"].as_str().unwrap_or_default();
        let params = &message["params"];
        match message.get("id").filter(|id| !id.is_null()) {
            None if method == "exit" => {
                return Ok(if server.ends { Exit::Passed } else { Exit::Refused });
            }
            None => server.notified(method, params),
            // An answer to nothing that was asked.
            Some(_) if method.is_empty() => {}
            Some(id) => {
                if server.dirty && server.begun {
                    server.publish((env.now)(), &mut *env.out)?;
                }
                let answer = match server.asked(method, params) {
                    Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
                    Err((code, why)) => json!({
                        "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": why },
                    }),
                };
                wire::write(&answer, &mut *env.out)?;
            }
        }
    }
}

/// What the server knows of the editor.
struct Server {
    root: Root,
    phase: Option<String>,
    /// The texts that are open, by path in the project.
    open: BTreeMap<String, String>,
    begun: bool,
    ends: bool,
    /// Whether something changed since it was judged.
    dirty: bool,
    judged: Judged,
    /// Paths of the files about which something was published.
    shown: BTreeSet<String>,
}

impl Server {
    /// Takes note of what happened in the editor.
    fn notified(&mut self, method: &str, params: &Value) {
        let path =
            params["textDocument"]["uri"].as_str().and_then(|uri| text::path(uri, &self.root));
        match (method, path) {
            ("initialized", _) => self.dirty = true,
            ("textDocument/didOpen", Some(path)) => {
                self.changed(path, &params["textDocument"]["text"]);
            }
            ("textDocument/didChange", Some(path)) => {
                let last = params["contentChanges"].as_array().and_then(|all| all.last());
                self.changed(path, last.map_or(&Value::Null, |change| &change["text"]));
            }
            ("textDocument/didClose", Some(path)) => {
                self.open.remove(&path);
                self.dirty = true;
            }
            // Other files than those that are open may have changed.
            ("textDocument/didSave" | "workspace/didChangeWatchedFiles", _) => self.dirty = true,
            _ => {}
        }
    }

    fn changed(&mut self, path: String, text: &Value) {
        if let Some(text) = text.as_str() {
            self.open.insert(path, text.to_owned());
            self.dirty = true;
        }
    }

    /// Answers a question.
    fn asked(&mut self, method: &str, params: &Value) -> Result<Value, (i32, String)> {
        if !self.begun && method != "initialize" {
            return Err((NOT_BEGUN, "expected initialize".to_owned()));
        }
        match method {
            "initialize" => {
                self.begun = true;
                Ok(abilities())
            }
            "shutdown" => {
                self.ends = true;
                Ok(Value::Null)
            }
            "textDocument/hover" => {
                let (path, text) = self.document(params)?;
                let at =
                    text::offset(&text, &params["position"]).ok_or_else(|| wants("position"))?;
                Ok(hover::hover(&self.judged, &path, &text, at))
            }
            "textDocument/codeAction" => {
                let (path, text) = self.document(params)?;
                let place = |end: &str| text::offset(&text, &params["range"][end]);
                let (Some(start), Some(end)) = (place("start"), place("end")) else {
                    return Err(wants("range"));
                };
                Ok(actions::actions(&self.judged, &path, start..end.max(start), &self.root))
            }
            other => Err((UNKNOWN, format!("nothing is known of {}", crate::render::clean(other)))),
        }
    }

    /// The document that a question is about, and its text.
    fn document(&self, params: &Value) -> Result<(String, String), (i32, String)> {
        let uri =
            params["textDocument"]["uri"].as_str().ok_or_else(|| wants("textDocument.uri"))?;
        let path = text::path(uri, &self.root)
            .ok_or_else(|| (INVALID, "the document is not in this project".to_owned()))?;
        let text =
            self.open.get(&path).cloned().or_else(|| self.judged.text(&path).map(str::to_owned));
        Ok((path, text.unwrap_or_default()))
    }

    /// Judges the texts as they are now, and tells what is wrong with them.
    fn publish(&mut self, now: crate::model::Stamp, out: &mut dyn Write) -> Result<(), Failure> {
        self.dirty = false;
        self.judged = Judged::of(&self.root, self.phase.as_deref(), &self.open, now);
        let told = self.judged.diagnostics(&self.root);
        // What was published and is mended is taken back; what cannot be judged meanwhile stays.
        let gone =
            self.shown.iter().filter(|path| !told.contains_key(*path) && self.judged.whole());
        let gone: Vec<String> = gone.cloned().collect();
        let all = told.into_iter().chain(gone.into_iter().map(|path| (path, Vec::new())));
        for (path, diagnostics) in all {
            let uri = text::uri(&self.root, &path);
            match diagnostics.is_empty() {
                true => self.shown.remove(&path),
                false => self.shown.insert(path),
            };
            let params = json!({ "uri": uri, "diagnostics": diagnostics });
            let message = json!({
                "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params,
            });
            wire::write(&message, out)?;
        }
        Ok(())
    }
}

fn wants(what: &str) -> (i32, String) {
    (INVALID, format!("{what}: expected as the protocol has it"))
}

/// What an editor can ask for. Whole texts are sent, and places are counted in UTF-16.
fn abilities() -> Value {
    json!({
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": { "openClose": true, "change": 1, "save": { "includeText": false } },
            "hoverProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix"] },
        },
        "serverInfo": { "name": "d3p", "version": env!("CARGO_PKG_VERSION") },
    })
}

/// The file that everything else in a project belongs to.
const POLICY: &str = PROJECT_FILE;
