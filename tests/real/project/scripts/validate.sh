#!/bin/bash
# Every suite runs, whatever the others said.
set -u
mkdir -p reports
failed=0
python3 -B -m pytest -q -p no:cacheprovider tests --junit-xml=reports/pytest.xml || failed=1
(cd counter && cargo nextest run --profile ci) || failed=1
cp counter/target/nextest/ci/junit.xml reports/nextest.xml || failed=1
bandit -q -r src -f sarif -o reports/bandit.sarif --exit-zero || failed=1
python3 scripts/measure.py > reports/metrics.txt || failed=1
exit "$failed"
