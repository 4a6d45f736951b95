//! The task that speaks the protocol: it passes on what is asked, and knows nothing of releases.

use super::tools;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ErrorData, GetPromptRequestParams,
    GetPromptResponse, GetPromptResult, Implementation, JsonRpcMessage, ListPromptsResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, Prompt, PromptArgument,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::{RequestContext, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::{RoleServer, ServerHandler};
use serde_json::Value;
use std::convert::Infallible;
use std::future::{Future, ready};
use tokio::sync::{mpsc, oneshot};

/// The one prompt.
pub(super) const PROMPT: &str = "release";

/// What a client is told at first.
const INSTRUCTIONS: &str = "\
d3p keeps a release gate shut until its evidence is present, valid and current. Ask `status` with next: true \
for the one next thing and who does it; `next` does what is an agent's, until a person is needed. The prompt \
`release` is this release's whole instructions. Approving, confirming, waiving, skipping, ticking, deciding \
and everything in production are people's and jobs', at a terminal: tell them the command, and wait.";

/// What the task wants.
pub(super) enum Event {
    /// The next message.
    Wanted(oneshot::Sender<Option<RxJsonRpcMessage<RoleServer>>>),
    /// A message is written.
    Said(Box<TxJsonRpcMessage<RoleServer>>),
    /// A question is answered.
    Asked(Asked),
}

/// Whoever waits for an answer.
type Reply<T> = oneshot::Sender<Result<T, ErrorData>>;

/// What a client asks.
pub(super) enum Asked {
    /// That a tool is called.
    Tool { call: Box<CallToolRequestParams>, client: String, reply: Reply<CallToolResult> },
    /// What there is to read.
    Resources(Reply<ListResourcesResult>),
    /// What stands there.
    Read(String, Reply<ReadResourceResult>),
    /// The instructions, with a step.
    Prompt(Option<String>, Reply<GetPromptResult>),
}

/// Answers what the protocol asks.
pub(super) struct Service {
    events: mpsc::UnboundedSender<Event>,
}

impl Service {
    pub(super) fn new(events: mpsc::UnboundedSender<Event>) -> Self {
        Self { events }
    }

    async fn ask<T>(&self, asked: impl FnOnce(Reply<T>) -> Asked) -> Result<T, ErrorData> {
        let (reply, answer) = oneshot::channel();
        let gone = || ErrorData::internal_error("the server ends", None);
        self.events.send(Event::Asked(asked(reply))).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl ServerHandler for Service {
    fn get_info(&self) -> ServerConfig {
        let capabilities =
            ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts();
        ServerConfig::new(capabilities.build())
            .with_server_info(Implementation::new("d3p", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::all()))
    }

    async fn call_tool(
        &self,
        call: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let client = context.client_info().map_or(String::new(), |client| client.name);
        let answer = self.ask(|reply| Asked::Tool { call: Box::new(call), client, reply }).await?;
        Ok(answer.into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        self.ask(Asked::Resources).await
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        Ok(self.ask(|reply| Asked::Read(request.uri, reply)).await?.into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let step = PromptArgument::new("step")
            .with_description(
                "A step of the phase that is to be taken, with what keeps it from that",
            )
            .with_required(false);
        let prompt = Prompt::new(
            PROMPT,
            Some("The instructions of an agent, filled from the release that is open"),
            Some(vec![step]),
        );
        Ok(ListPromptsResult::with_all_items(vec![prompt]))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        if request.name != PROMPT {
            let why = format!("there is no prompt of this name; there is: {PROMPT}");
            return Err(ErrorData::invalid_params(why, None));
        }
        let arguments = request.arguments.unwrap_or_default();
        if let Some(other) = arguments.keys().find(|name| *name != "step") {
            let why = format!("the prompt has no argument {other:?}; it has: step");
            return Err(ErrorData::invalid_params(why, None));
        }
        let step = match arguments.get("step") {
            None => None,
            Some(Value::String(step)) => Some(step.clone()),
            Some(_) => return Err(ErrorData::invalid_params("step: expected text", None)),
        };
        Ok(self.ask(|reply| Asked::Prompt(step, reply)).await?.into())
    }
}

/// Messages, as lines that somebody else reads and writes.
pub(super) struct Lines {
    events: mpsc::UnboundedSender<Event>,
    /// The message that is waited for: kept here, since waiting may be broken off and begun again.
    coming: Option<oneshot::Receiver<Option<RxJsonRpcMessage<RoleServer>>>>,
}

impl Lines {
    pub(super) fn new(events: mpsc::UnboundedSender<Event>) -> Self {
        Self { events, coming: None }
    }
}

impl Transport<RoleServer> for Lines {
    type Error = Infallible;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Infallible>> + Send + 'static {
        // When nobody writes any more, everything is over.
        let _ = self.events.send(Event::Said(Box::new(message)));
        ready(Ok(()))
    }

    async fn receive(
        &mut self,
    ) -> Option<
        JsonRpcMessage<
            rmcp::model::ClientRequest,
            rmcp::model::ClientResult,
            rmcp::model::ClientNotification,
        >,
    > {
        if self.coming.is_none() {
            let (reply, coming) = oneshot::channel();
            self.events.send(Event::Wanted(reply)).ok()?;
            self.coming = Some(coming);
        }
        let message = self.coming.as_mut()?.await.ok().flatten();
        self.coming = None;
        message
    }

    fn close(&mut self) -> impl Future<Output = Result<(), Infallible>> + Send {
        ready(Ok(()))
    }
}
