"""Counts the findings of each format by a reader that is not ours, and compares."""

import json
import subprocess
import sys
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped
from sarif_pydantic import Sarif

work = Path(sys.argv[1])
report = json.loads((work / "report.json").read_text())
findings = report["findings"]
errors = [one for one in findings if one["level"] == "error" and not one["waived"]]
review = [one for one in errors if one["state"] == "review"]

log = Sarif.model_validate_json((work / "out.sarif").read_text())
results = [result for run in log.runs for result in run.results]
assert len(results) == len(findings), f"sarif-pydantic: {len(results)} of {len(findings)}"
levels = sorted(str(getattr(result.level, "value", result.level)) for result in results)
assert levels == sorted(one["level"] for one in findings), levels
rules = {rule.id for rule in log.runs[0].tool.driver.rules}
assert {result.rule_id for result in results} <= rules

summary = subprocess.run(
    [Path(sys.executable).parent / "sarif", "summary", work / "out.sarif"],
    check=True, capture_output=True, text=True,
).stdout
for level in ("error", "warning", "note"):
    wanted = sum(one["level"] == level for one in findings)
    assert f"{level}: {wanted}" in summary, f"sarif-tools: {level} is not {wanted}:\n{summary}"

suites = JUnitXml.fromfile(str(work / "out.xml"))
ended = [kind for suite in suites for case in suite for kind in (case.result or [None])]
assert sum(isinstance(kind, Failure) for kind in ended) == len(errors) - len(review)
assert sum(isinstance(kind, Error) for kind in ended) == len(review)
cases = [case for suite in suites for case in suite if case.name.startswith("GL")]
assert len(cases) == len(findings), f"junitparser: {len(cases)} of {len(findings)}"
assert suites.tests == sum(1 for suite in suites for _ in suite)
assert suites.failures == len(errors) - len(review) and suites.errors == len(review)
assert suites.skipped == sum(isinstance(kind, Skipped) for kind in ended)

issues = json.loads((work / "out.json").read_text())
assert len({issue["fingerprint"] for issue in issues}) == len(findings)
print(f"{len(findings)} findings, {len(errors)} errors")
