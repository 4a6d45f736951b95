//! `d3p mcp`: a release for agents, by the Model Context Protocol over standard input and output.
//!
//! The library speaks the protocol in a task of its own; here messages are read and written, and what
//! is asked is answered one after another, each by a command of this program in a world of its own.

mod ask;
mod resources;
mod service;
mod tools;

use crate::cli::common::Global;
use crate::cli::{Code, Failure};
use crate::env::{Env, Exit};
use rmcp::RoleServer;
use rmcp::model::{JsonRpcMessage, JsonRpcNotification};
use rmcp::service::{RxJsonRpcMessage, serve_server};
use serde_json::{Value, json};
use service::{Asked, Event, Lines, Service};
use std::io::{self, BufRead, BufReader, Read as _, Write};
use tokio::sync::mpsc;

/// The longest message that is read, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A message of the client.
type Message = RxJsonRpcMessage<RoleServer>;

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, _) = global.open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|error| {
        Failure::incomplete(format!("the server cannot begin: {error}")).code(Code::Io)
    })?;
    let world = ask::World::new(root.dir(), global.phase(), env);
    let (mut input, out) = (BufReader::new(&mut *env.stdin), &mut *env.out);
    runtime.block_on(async {
        let (events, mut asked) = mpsc::unbounded_channel();
        let (service, lines) = (Service::new(events.clone()), Lines::new(events));
        let serving = tokio::spawn(async move {
            let running = serve_server(service, lines).await?;
            let _ = running.waiting().await;
            Ok::<(), rmcp::service::ServerInitializeError>(())
        });
        // Requests that nobody has answered yet; the next message waits for them.
        let (mut open, mut wanted) = (0_usize, None);
        while let Some(event) = asked.recv().await {
            match event {
                Event::Wanted(reply) => wanted = Some(reply),
                Event::Said(message) => {
                    let answers =
                        matches!(*message, JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_));
                    open = open.saturating_sub(usize::from(answers));
                    say(&json!(message), out)?;
                }
                Event::Asked(asked) => answer(asked, &world),
            }
            if open > 0 {
                continue;
            }
            if let Some(reply) = wanted.take() {
                let message = next(&mut input, out)?;
                open += usize::from(matches!(message, Some(JsonRpcMessage::Request(_))));
                // Whoever wanted it is gone only when all is over.
                let _ = reply.send(message);
            }
        }
        match serving.await {
            Ok(Err(error))
                if !matches!(error, rmcp::service::ServerInitializeError::ConnectionClosed(_)) =>
            {
                Err(Failure::incomplete(format!("the client does not speak the protocol: {error}")))
            }
            _ => Ok(Exit::Passed),
        }
    })
}

/// Answers by what the project's files say now.
fn answer(asked: Asked, world: &ask::World<'_>) {
    // A client that does not wait any more has no use for the answer.
    match asked {
        Asked::Tool { call, client, reply } => {
            drop(reply.send(tools::call(&call, &world.of(&client))));
        }
        Asked::Resources(reply) => drop(reply.send(resources::list(&world.of("")))),
        Asked::Read(uri, reply) => drop(reply.send(resources::read(&uri, &world.of("")))),
        Asked::Prompt(step, reply) => {
            drop(reply.send(resources::prompt(step.as_deref(), &world.of(""))));
        }
    }
}

/// Writes a message, which is one line.
fn say(message: &Value, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "{message}")?;
    out.flush()?;
    Ok(())
}

/// The next message; what is none is answered here. `None` at the end.
fn next(input: &mut impl BufRead, out: &mut dyn Write) -> Result<Option<Message>, Failure> {
    loop {
        let mut line = Vec::new();
        input.take(LONGEST).read_until(b'\n', &mut line)?;
        if line.len() as u64 == LONGEST && line.last() != Some(&b'\n') {
            skip_line(input)?;
            say(&error(None, -32600, &format!("a message of more than {LONGEST} bytes")), out)?;
            continue;
        }
        if line.is_empty() {
            return Ok(None);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Ok(value) = serde_json::from_slice::<Value>(&line) else {
            say(&error(None, -32700, "the line is no JSON"), out)?;
            continue;
        };
        let id = value.get("id").cloned();
        match serde_json::from_value(value) {
            // Nobody is asked anything, so nothing is an answer.
            Ok(JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_)) => {}
            Ok(JsonRpcMessage::Notification(JsonRpcNotification { .. })) if id.is_some() => {
                say(&error(id, -32600, "a request without a method that is known"), out)?;
            }
            Ok(message) => return Ok(Some(message)),
            Err(why) => {
                say(&error(id, -32600, &format!("no message of the protocol: {why}")), out)?
            }
        }
    }
}

/// Passes over the rest of a line.
fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let available = input.fill_buf()?;
        let end = available.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(available.len(), |at| at + 1);
        input.consume(length);
        if end.is_some() || length == 0 {
            return Ok(());
        }
    }
}

/// An error as the protocol has it.
fn error(id: Option<Value>, code: i32, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}
