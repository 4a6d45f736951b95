"""An agent, by the Python SDK: client.py D3P DIR. Ends with 1 at the first thing that is not as it must be."""

import asyncio
import json
import os
import subprocess
import sys

from mcp import Client, MCPError, StdioServerParameters

D3P, DIR = sys.argv[1:]
TOKEN = "s3cr3t-of-the-shop-4711"
KEY = "-----BEGIN PRIVATE KEY----- of a machine"
ENV = {**os.environ, "SHOP_TOKEN": TOKEN, "D3P_SIGNING_KEY": KEY, "D3P_ACTOR": "person:Ana Silva"}
TOOLS = "check diff explain next prompt record run status verify".split()
HINTS = {
    "record": (False, False, False, True),
    "next": (False, True, False, True),
    "run": (False, True, False, True),
}
seen = []


def server():
    return StdioServerParameters(command=D3P, args=["-C", DIR, "mcp"], env=ENV)


def must(held, what, told=""):
    if not held:
        print(f"play: not so: {what}\n{told}", flush=True)
        os._exit(1)  # out of every task at once
    print(f"so: {what}")


async def call(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    text = "".join(part.text for part in result.content)
    seen.append(text)
    return result, text


async def passes(client, tool, said, **arguments):
    result, text = await call(client, tool, **arguments)
    must(not result.is_error and said in text, f"{tool} {arguments} says {said!r}", text)
    return result.structured_content


async def refuses(client, said, tool, **arguments):
    try:
        result, text = await call(client, tool, **arguments)
        refused = result.is_error
    except MCPError as error:
        refused, text = True, str(error)
    shown = str(arguments)[:60]
    must(refused and said in text, f"{tool[:40]!r} {shown} is refused: {said!r}", text[:2000])


async def surface(client):
    tools = (await client.list_tools()).tools
    must(sorted(tool.name for tool in tools) == TOOLS, f"the tools are {TOOLS}")
    for tool in tools:
        own = tool.annotations
        hints = (own.read_only_hint, own.destructive_hint, own.idempotent_hint, own.open_world_hint)
        must(hints == HINTS.get(tool.name, (True, False, True, False)), f"{tool.name} has hints {hints}")
    resources = (await client.list_resources()).resources
    uris = [str(own.uri) for own in resources]
    must("d3p://schema/d3p" in uris and "d3p://document/plan" in uris, "schemas and documents can be read")
    for uri, said in [("d3p://schema/d3p", "json-schema.org"), ("d3p://document/plan", "v2.0.0")]:
        text = (await client.read_resource(uri)).contents[0].text
        must(said in text, f"{uri} has {said}")
    for uri in ["d3p://document/../../d3p.yaml", "d3p://schema/--help", "d3p://schema/", "file:///etc/passwd", "d3p://report"]:
        try:
            await client.read_resource(uri)
            must(False, f"nothing is at {uri}")
        except MCPError as error:
            must("nothing is at" in str(error), f"nothing is at {uri}")
    must([own.name for own in (await client.list_prompts()).prompts] == ["release"], "there is one prompt")


async def hostile(client):
    for tool in ["approve", "confirm", "waive", "decide", "skip", "tick", "rollback", "gate", "a\0b", "x" * 100_000]:
        await refuses(client, "no tool of this name", tool)
    for hook in ["deploy-production", "validate-production", "health-check", "rollback", "unheard-of"]:
        await refuses(client, "in production", "run", hook=hook)
    await refuses(client, "begins with -", "run", hook="--without-decision=now")
    await refuses(client, "no argument", "run", hook="deploy-staging", command=["sh"])
    for kind in ["production-approval", "live-confirmations", "rollback-decision"]:
        await refuses(client, "what people decide", "record", kind=kind, body={"decision": "go"})
    await refuses(client, "begins with -", "record", kind="--by=Ana Silva")
    await refuses(client, "no argument", "record", kind="uat-confirmation", by="Ana Silva", decision="go")
    await refuses(client, "begins with -", "explain", name="--as")
    await refuses(client, "control characters", "explain", name="GL001\0")
    await refuses(client, "longer than", "explain", name="x" * 10_000_000)
    await refuses(client, "expected text", "explain", name=7)
    await refuses(client, "nothing is called", "explain", name="$(touch /tmp/owned); `id`")
    for path in ["/etc/passwd", "../../etc/passwd", "d3p/../../x", "a\\b", ""]:
        await refuses(client, "paths", "check", paths=[path])
        await refuses(client, "junit", "record", kind="smoke-tests", junit=[f"smoke={path}"])
    await refuses(client, "archive", "verify", archive=["/"])
    await refuses(client, "missing", "record")


async def release(client):
    told = await passes(client, "status", "next", next=True)
    must(told["report"]["next"]["argv"], "status says what is next")
    await passes(client, "explain", "GL301", name="GL301")
    await passes(client, "run", "passed", hook="rehearse-rollback")
    await passes(client, "record", "recorded", kind="deployment-communications", body={"text": "v2.0.0 goes live today; questions to the release channel"})
    await passes(client, "record", "passed", kind="deployment-readiness-checklist")
    result, text = await call(client, "next")
    ran = result.structured_content["report"]["ran"]
    must(["d3p", "gate", "staging-validation"] in ran, f"next went through gate 2: {ran}", text)
    person = result.structured_content["report"]["next"]
    must(person["actor"] == "approver" and not any("deploy-production" in argv for argv in ran), f"it stops where a person decides: {person['argv']}")
    await passes(client, "verify", "passed", through="2")
    await passes(client, "diff", "")
    try:
        await client.get_prompt("release")
        must(False, "a prompt with gaps is refused")
    except MCPError as error:
        must("the prompt has gaps" in str(error), "a prompt with gaps is refused, and they are named")


async def beside():
    async with Client(server(), mode="legacy") as one, Client(server()) as other:
        must(one.protocol_version != other.protocol_version, f"an older and a newer client: {one.protocol_version}, {other.protocol_version}")

        async def posts(client, name):
            for number in range(5):
                await passes(client, "record", "recorded", kind="deployment-communications", body={"text": f"{name} tells that step {number} went well"})

        await asyncio.gather(posts(one, "the first"), posts(other, "the second"))
        _, text = await call(one, "check")
        must("GL90" not in text, "the ledger is whole", text)
    log = open(f"{DIR}/.artifacts/deployment/deployment-communications.md").read()
    must(all(log.count(f"tells that step {number} went well") == 2 for number in range(5)), "nothing that either said is lost")


def raw():
    """What no client should send: each is answered, or passed over, and the server goes on."""
    ping = '{"jsonrpc":"2.0","id":%d,"method":"ping"}\n'
    lines = ["no json\n", "\n", "[]\n", '{"jsonrpc":"2.0","id":"a","method":5}\n', "\0\0\0\n", '{"jsonrpc":"2.0","id":9,"result":{}}\n', "x" * 20_000_000 + "\n", "\xff\xfe\n", "[" * 100_000 + "\n"]
    sent = "".join(ping % number + line for number, line in enumerate(lines)) + ping % 99
    done = subprocess.run([D3P, "-C", DIR, "mcp"], input=sent.encode("latin-1"), capture_output=True, env=ENV, timeout=60)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    pongs = [own["id"] for own in answers if own.get("result") == {}]
    must(pongs == [*range(len(lines)), 99], f"every ping between them is answered: {pongs}", done.stderr.decode())
    must(done.returncode == 0, "the end of its input ends the server")


async def main():
    async with Client(server()) as client:
        print(f"protocol {client.protocol_version}")
        await surface(client)
        await hostile(client)
        await release(client)
        await hostile(client)
    await beside()
    raw()
    told = "\n".join(seen)
    must(TOKEN not in told and KEY not in told, "no secret is in any answer")
    for dir, _, files in os.walk(f"{DIR}/.artifacts"):
        for file in files:
            text = open(os.path.join(dir, file), "rb").read()
            must_not = [own for own in (TOKEN, KEY) if own.encode() in text]
            if must_not:
                sys.exit(f"play: {file} has {must_not}")
    ledger = open(f"{DIR}/.artifacts/deployment/records/ledger.jsonl").read().splitlines()
    actors = {(own["actor"]["kind"], own["actor"]["name"]) for own in map(json.loads, ledger)}
    print(f"who acted: {sorted(actors)}")
    agents = [name for kind, name in actors if kind == "agent"]
    must(agents and ("person", "Ana Silva") not in actors, "an agent acts as an agent")


asyncio.run(main())
