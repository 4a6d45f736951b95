#!/bin/sh
# Tests, a security scan and measurements of staging; each runs, whatever the others said.
set -u
mkdir -p reports
failed=0
python3 -B -m pytest -q -p no:cacheprovider tests --junit-xml=reports/pytest.xml || failed=1
bandit -q shop.py -f sarif -o reports/bandit.sarif --exit-zero || failed=1
. config/staging.env
python3 scripts/measure.py "$URL" > reports/performance.json || failed=1
exit "$failed"
