"""Moves services to a version: move.py ENV VERSION SERVICE...; fails where one does not answer.

Each is asked before and afterwards, and what it says is printed for d3p."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request

env, version, services = sys.argv[1], sys.argv[2], sys.argv[3:]
state = pathlib.Path(os.environ["SHOP_STATE"]) / env
state.mkdir(parents=True, exist_ok=True)
here = pathlib.Path(__file__).parent.parent


def ask(name):
    try:
        where = json.loads((state / f"{name}.json").read_text())
        with urllib.request.urlopen(f"http://127.0.0.1:{where['port']}/", timeout=2) as answer:
            said = json.load(answer)
        return said["version"] if said["name"] == name else None
    except (OSError, ValueError, KeyError):
        return None


def tell(name):
    found = ask(name)
    print(f"::service {name}=healthy {found}" if found else f"::service {name}=unhealthy", flush=True)
    return found


def stop(name):
    place = state / f"{name}.json"
    if place.exists():
        try:
            os.kill(json.loads(place.read_text())["pid"], signal.SIGTERM)
        except (OSError, ValueError):
            pass
        place.unlink()


def start(name):
    program = state / "serve.py"
    program.write_bytes((here / "services" / "serve.py").read_bytes())
    with open(state / f"{name}.log", "ab") as log:
        subprocess.Popen(
            [sys.executable, str(program), name, version, str(state)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=state,
        )
    for _ in range(50):
        if ask(name) == version:
            return True
        time.sleep(0.1)
    return False


if version.startswith("v2.") and (here / "config" / "migration.sql").exists():
    (state / "migrated").write_text((here / "config" / "migration.sql").read_text())
for name in services:
    if ask(name):
        tell(name)
    if ask(name) != version:
        stop(name)
        if not start(name):
            print(f"{name} does not come up: {(state / f'{name}.log').read_text().strip()}")
            tell(name)
            sys.exit(1)
    tell(name)
