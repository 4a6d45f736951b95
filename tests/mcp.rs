//! `d3p mcp` where it is not built in; where it is, `tests/mcp/play` has it spoken to by another client.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;

#[cfg(not(feature = "mcp"))]
#[test]
fn a_build_without_it_says_how_to_get_it() {
    let said = World::new().run(&["mcp"]);
    assert_eq!(said.exit, Exit::Incomplete);
    let install =
        "cargo install --locked --git 'https://github.com/d3p-dev/d3p' --features mcp d3p";
    assert!(said.err.contains(install), "{}", said.err);
}

/// The answers to these messages, after the beginning.
#[cfg(feature = "mcp")]
fn answers(world: &World, messages: &[serde_json::Value]) -> Vec<serde_json::Value> {
    let begin = serde_json::json!({
        "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25", "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        },
    });
    let begun = serde_json::json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let all = [begin, begun].into_iter().chain(messages.iter().cloned());
    let lines: String = all.map(|message| format!("{message}\n")).collect();
    let said = world.run_with(&["mcp"], &lines);
    assert_eq!(said.exit, Exit::Passed, "{}", said.err);
    let answers = said.out.lines().map(|line| serde_json::from_str(line).unwrap());
    answers.skip(1).collect()
}

#[cfg(feature = "mcp")]
fn ask(id: u32, method: &str, params: serde_json::Value) -> serde_json::Value {
    serde_json::json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

#[cfg(feature = "mcp")]
#[test]
fn each_call_is_a_command_whose_answer_has_its_exit_code() {
    use serde_json::json;
    let messages = [
        ask(1, "tools/call", json!({ "name": "status", "arguments": { "next": true } })),
        ask(
            2,
            "tools/call",
            json!({ "name": "run", "arguments": { "hook": "deploy-production" } }),
        ),
        ask(3, "tools/call", json!({ "name": "check", "arguments": { "through": "4" } })),
        ask(4, "tools/call", json!({ "name": "approve", "arguments": {} })),
    ];
    let said = answers(&World::played_until(&["gate", "readiness"]), &messages);
    let result = |at: usize| &said[at]["result"];
    assert_eq!(result(0)["structuredContent"]["report"]["next"]["argv"][0], "d3p", "{said:#?}");
    assert_eq!(result(1)["isError"], true, "{}", said[1]);
    assert!(said[1].to_string().contains("serves a step in production"), "{}", said[1]);
    let check = &result(2)["structuredContent"];
    assert_eq!((&check["exit"], &result(2)["isError"]), (&json!(1), &json!(true)), "{check}");
    assert!(check["report"]["findings"].as_array().is_some_and(|all| !all.is_empty()));
    assert_eq!(said[3]["error"]["code"], -32602, "{}", said[3]);
    // The same world says the same.
    assert_eq!(answers(&World::played_until(&["gate", "readiness"]), &messages), said);
}

#[cfg(feature = "mcp")]
#[test]
fn the_prompt_is_that_of_the_release() {
    let world = crate::prompt::ready();
    let get = ask(1, "prompts/get", serde_json::json!({ "name": "release" }));
    let said = answers(&world, &[get]);
    let text = said[0]["result"]["messages"][0]["content"]["text"].as_str().unwrap();
    assert_eq!(text, world.run(&["prompt"]).out);
}
