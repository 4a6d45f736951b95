//! `d3p lsp` as an editor speaks with it: a session over its streams, message by message.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::rc::Rc;

const VERIFICATION: &str = "d3p/phase-9-deployment-golive/phase9_post_deployment_verification.md";
const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";

fn frame(message: &Value) -> Vec<u8> {
    let text = message.to_string();
    format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes()
}

fn unframed(mut bytes: &[u8]) -> Vec<Value> {
    let mut out = Vec::new();
    while let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = std::str::from_utf8(&bytes[..at]).unwrap();
        let length: usize = head.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        out.push(serde_json::from_slice(&bytes[at + 4..at + 4 + length]).unwrap());
        bytes = &bytes[at + 4 + length..];
    }
    out
}

/// What the server wrote, where both sides see it.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An editor: asked for more whenever the server waits, it looks at what was answered so far.
struct Editor<F> {
    written: Written,
    coming: VecDeque<u8>,
    goes_on: F,
}

impl<F: FnMut(&[Value]) -> Vec<Value>> Read for Editor<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.coming.is_empty() {
            let messages = (self.goes_on)(&unframed(&self.written.0.borrow()));
            self.coming.extend(messages.iter().flat_map(frame));
        }
        let length = buffer.len().min(self.coming.len());
        for (own, byte) in buffer.iter_mut().zip(self.coming.drain(..length)) {
            *own = byte;
        }
        Ok(length)
    }
}

/// A session; what the server said in it.
fn session(world: &World, goes_on: impl FnMut(&[Value]) -> Vec<Value>) -> (Exit, Vec<Value>) {
    let mut written = Written::default();
    let mut editor = Editor { written: written.clone(), coming: VecDeque::new(), goes_on };
    let (exit, err) = world.speak(&["lsp"], &mut editor, &mut written);
    assert_eq!(err, "");
    let said = unframed(&written.0.borrow());
    (exit, said)
}

/// A session whose messages are known before.
fn scripted(world: &World, messages: &[Value]) -> (Exit, Vec<Value>) {
    let mut left: VecDeque<Value> = messages.iter().cloned().collect();
    session(world, |_| left.pop_front().into_iter().collect())
}

fn request(id: u32, method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

fn notify(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

fn begin() -> [Value; 2] {
    [request(0, "initialize", json!({ "capabilities": {} })), notify("initialized", json!({}))]
}

fn end() -> [Value; 2] {
    [request(9999, "shutdown", Value::Null), notify("exit", Value::Null)]
}

fn uri(world: &World, path: &str) -> String {
    format!("file://{}/{path}", world.dir.canonicalize().unwrap().display())
}

fn open(world: &World, path: &str, text: &str) -> Value {
    let document =
        json!({ "uri": uri(world, path), "languageId": "x", "version": 1, "text": text });
    notify("textDocument/didOpen", json!({ "textDocument": document }))
}

/// What was said last of a file.
fn diagnostics(said: &[Value], uri: &str) -> Vec<Value> {
    let of_it = |own: &&Value| own["params"]["uri"] == uri;
    let last = said.iter().rev().find(of_it);
    last.map_or(Vec::new(), |own| own["params"]["diagnostics"].as_array().unwrap().clone())
}

fn answer(said: &[Value], id: u32) -> Value {
    said.iter().find(|own| own["id"] == id).unwrap_or_else(|| panic!("no answer {id}"))["result"]
        .clone()
}

/// The byte of a position, counted in another way than the server does.
fn byte(text: &str, position: &Value) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let units: Vec<u16> = text[start..].encode_utf16().collect();
    let character = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
    start + String::from_utf16(&units[..character]).unwrap().len()
}

fn applied(text: &str, edit: &Value) -> String {
    let range = byte(text, &edit["range"]["start"])..byte(text, &edit["range"]["end"]);
    let mut new = text.to_owned();
    new.replace_range(range, edit["newText"].as_str().unwrap());
    new
}

/// Goes through a file by code actions until those of `codes` are gone; which were applied, and the text.
fn mended(world: &World, path: &str, text: &str, codes: &[&str]) -> (Vec<String>, String) {
    let (own, mut text) = (uri(world, path), text.to_owned());
    let (mut id, mut done, mut titles) = (0, false, Vec::new());
    let (exit, said) = session(world, |said| {
        if done {
            return Vec::new();
        }
        if said.is_empty() {
            let mut first = begin().to_vec();
            first.push(open(world, path, &text));
            return first;
        }
        // Either there is something to mend, or an answer says how.
        if let Some(last) = said.last().filter(|own| own["id"] == id && id > 0) {
            let action = last["result"].as_array().unwrap().iter().find(|action| {
                let code = action["diagnostics"][0]["code"].as_str().unwrap_or_default();
                codes.contains(&code)
            });
            let action = action.unwrap_or_else(|| panic!("no way to mend it: {last:#}"));
            titles.push(action["title"].as_str().unwrap().to_owned());
            text = applied(&text, &action["edit"]["changes"][&own][0]);
            let change = json!({
                "textDocument": { "uri": own, "version": 2 }, "contentChanges": [{ "text": text }],
            });
            return vec![notify("textDocument/didChange", change)];
        }
        let all = diagnostics(said, &own);
        let next = all.iter().find(|own| codes.contains(&own["code"].as_str().unwrap()));
        let Some(next) = next.filter(|_| titles.len() < 20) else {
            done = true;
            return end().to_vec();
        };
        id += 1;
        let params = json!({
            "textDocument": { "uri": own }, "range": next["range"], "context": { "diagnostics": [next] },
        });
        vec![request(id, "textDocument/codeAction", params)]
    });
    assert_eq!(exit, Exit::Passed);
    let left = diagnostics(&said, &own);
    let left: Vec<&Value> =
        left.iter().filter(|own| codes.contains(&own["code"].as_str().unwrap())).collect();
    assert!(left.is_empty(), "{left:#?}");
    (titles, text)
}

fn before_gate_1() -> World {
    World::played_until(&["record", "deployment-readiness-checklist"])
}

#[test]
fn an_editor_mends_four_findings_by_code_actions() {
    let world = before_gate_1();
    let before = world.read(VERIFICATION);
    let rows: Vec<&str> = before.lines().filter(|line| line.starts_with("- [ ] ")).collect();
    let (ticked, lost) = (rows[rows.len() - 1], rows[rows.len() - 2]);
    let heading = before.lines().find(|line| line.contains("Manual verification")).unwrap();
    let text = before
        .replace(&format!("{ticked}\n"), &format!("{}\n", ticked.replace("[ ]", "[x]")))
        .replace(&format!("{lost}\n"), "")
        .replace(&format!("{heading}\n"), "- [✓] Größe der Bühne 🚀 geprüft\n");
    let codes = ["GL120", "GL129", "GL130", "GL139"];
    let (titles, after) = mended(&world, VERIFICATION, &text, &codes);
    assert_eq!(titles.len(), 4, "{titles:#?}");
    assert!(after.contains(heading) && after.contains(ticked) && after.contains(lost), "{after}");
    assert!(after.contains("- [ ] Größe der Bühne 🚀 geprüft"), "{after}");
    // Nothing was written: the file is as it was.
    assert_eq!(world.read(VERIFICATION), before);
}

#[test]
fn a_misspelt_key_of_the_policy_is_found_where_it_stands_and_mended() {
    let world = before_gate_1();
    let before = world.read("d3p.yaml");
    let text = before.replacen(
        "role: release manager",
        "reachable: \"Größe 🚀\", rolle: release manager",
        1,
    );
    assert_ne!(text, before);
    let line = text.lines().position(|line| line.contains("rolle")).unwrap();
    let column = |word: &str| {
        let line = text.lines().nth(line).unwrap();
        line[..line.find(word).unwrap()].encode_utf16().count()
    };
    let messages =
        [begin().to_vec(), vec![open(&world, "d3p.yaml", &text)], end().to_vec()].concat();
    let (_, said) = scripted(&world, &messages);
    let all = diagnostics(&said, &uri(&world, "d3p.yaml"));
    let own = all.iter().find(|own| own["message"].as_str().unwrap().contains("`rolle`")).unwrap();
    let place = |end: &str| own["range"][end].clone();
    assert_eq!(place("start"), json!({ "line": line, "character": column("rolle") }));
    assert_eq!(place("end"), json!({ "line": line, "character": column("rolle") + "rolle".len() }));
    let (titles, after) = mended(&world, "d3p.yaml", &text, &["GL001"]);
    assert!(titles[0].contains("did you mean `role`?"), "{titles:?}");
    assert!(after.contains(", role: release manager"), "{after}");
}

#[test]
fn what_is_typed_is_judged_and_what_is_mended_is_taken_back() {
    let world = before_gate_1();
    let text = world.read(VERIFICATION);
    let broken = text.replacen("- [ ] ", "- [x] ", 1);
    let close = json!({ "textDocument": { "uri": uri(&world, VERIFICATION) } });
    let messages = [
        begin().to_vec(),
        vec![open(&world, VERIFICATION, &broken), notify("textDocument/didClose", close)],
        end().to_vec(),
    ];
    let (_, said) = scripted(&world, &messages.concat());
    let own = uri(&world, VERIFICATION);
    let told = |said: &[Value]| {
        let codes = diagnostics(said, &own);
        codes.iter().any(|own| matches!(own["code"].as_str(), Some("GL129" | "GL137")))
    };
    let opened = said.iter().position(|message| told(std::slice::from_ref(message))).unwrap();
    assert!(!told(&said[opened + 1..]), "{:#?}", &said[opened + 1..]);
    assert!(said[opened + 1..].iter().any(|message| message["params"]["uri"] == own));
}

#[test]
fn an_editor_is_told_what_check_finds() {
    let world = before_gate_1();
    std::fs::remove_file(world.dir.join("d3p/phase-9-deployment-golive/phase9_deployment_plan.md"))
        .unwrap();
    world.write(VERIFICATION, world.read(VERIFICATION).replacen("- [ ] ", "- [x] ", 1));
    let check = world.run(&["check", "--format", "json"]).json();
    let (_, said) = scripted(&world, &[begin().to_vec(), end().to_vec()].concat());
    let of = |own: &Value, key: &str| own[key].as_str().unwrap().to_owned();
    let mut found: Vec<String> =
        check["findings"].as_array().unwrap().iter().map(|own| of(own, "rule")).collect();
    let published = said.iter().filter_map(|own| own["params"]["diagnostics"].as_array());
    let mut told: Vec<String> = published.flatten().map(|own| of(own, "code")).collect();
    found.sort();
    told.sort();
    // What is missing, and what was typed.
    assert_eq!(found, ["GL101", "GL137"]);
    assert_eq!(told, found);
}

#[test]
fn hover_says_what_keys_rules_and_names_mean() {
    let world = before_gate_1();
    let text = world.read(VERIFICATION).replacen("- [ ] ", "- [x] ", 1);
    let policy = world.read("d3p.yaml");
    let manifest = world.read(MANIFEST);
    let at = |path: &str, text: &str, word: &str, id: u32| {
        let byte = text.find(word).unwrap_or_else(|| panic!("{path} has no {word}")) + 1;
        let before = &text[..byte];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let position = json!({
            "line": before.matches('\n').count(),
            "character": before[start..].encode_utf16().count(),
        });
        request(
            id,
            "textDocument/hover",
            json!({ "textDocument": { "uri": uri(&world, path) }, "position": position }),
        )
    };
    let messages = [
        begin().to_vec(),
        vec![
            open(&world, VERIFICATION, &text),
            at(VERIFICATION, &text, "[x]", 1),
            at("d3p.yaml", &policy, "threshold", 2),
            at(MANIFEST, &manifest, "commit:", 3),
            at("d3p.yaml", &policy, "phase-9", 4),
        ],
        end().to_vec(),
    ];
    let (exit, said) = scripted(&world, &messages.concat());
    assert_eq!(exit, Exit::Passed);
    let told = |id| answer(&said, id)["contents"]["value"].as_str().unwrap_or_default().to_owned();
    assert!(told(1).contains("What it checks"), "{}", told(1));
    assert!(told(2).contains("approval.production.threshold"), "{}", told(2));
    assert!(told(3).contains("**commit**"), "{}", told(3));
    assert!(told(4).contains("**phase**"), "{}", told(4));
}

#[test]
fn what_no_editor_should_send_is_answered_or_refused() {
    let world = before_gate_1();
    let outside = json!({ "textDocument": { "uri": "file:///etc/passwd" }, "position": { "line": 0, "character": 0 } });
    let far = json!({
        "textDocument": { "uri": uri(&world, "d3p.yaml") },
        "position": { "line": u64::MAX, "character": u64::MAX },
    });
    let none =
        json!({ "textDocument": { "uri": uri(&world, "d3p.yaml") }, "position": { "line": -1 } });
    let escaping = uri(&world, "d3p/../../x.md");
    let document = json!({ "uri": escaping, "version": 1, "text": "x" });
    let messages = [
        vec![request(7, "textDocument/hover", far.clone()), notify("initialized", json!({}))],
        begin().to_vec(),
        vec![
            request(1, "textDocument/hover", outside),
            request(2, "textDocument/hover", far),
            request(3, "textDocument/hover", none),
            request(4, "nobody/knows", json!({})),
            notify("textDocument/didOpen", json!({ "textDocument": document })),
            notify("textDocument/didChange", json!([])),
            json!({ "jsonrpc": "2.0", "id": 5 }),
        ],
        end().to_vec(),
    ];
    let (exit, said) = scripted(&world, &messages.concat());
    assert_eq!(exit, Exit::Passed);
    // Nothing is told by itself before the editor has begun.
    let begun = said.iter().position(|own| own["result"]["capabilities"].is_object()).unwrap();
    assert!(said[..begun].iter().all(|own| own["method"].is_null()), "{said:?}");
    let code = |id: u32| {
        let own = said.iter().find(|own| own["id"] == id).unwrap();
        own["error"]["code"].as_i64()
    };
    assert_eq!((code(7), code(1), code(2)), (Some(-32002), Some(-32602), None));
    assert_eq!((code(3), code(4)), (Some(-32602), Some(-32601)));
    // Without a shutdown the end is none, and what is no message ends it.
    let (exit, _) = scripted(&world, &begin());
    assert_eq!(exit, Exit::Refused);
    for broken in
        ["Content-Length: 99999999999999\r\n\r\n", "x\r\n\r\n", "Content-Length: 2\r\n\r\nno"]
    {
        let (exit, err) = world.speak(&["lsp"], &mut broken.as_bytes(), &mut io::sink());
        assert_eq!(exit, Exit::Incomplete, "{broken}");
        assert!(err.contains("no message of the protocol"), "{err}");
    }
}
