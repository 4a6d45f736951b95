#!/bin/bash
# Every suite runs, whatever the others said: validate.sh SUITES
set -u
mkdir -p reports
failed=0
python3 -B -m pytest -q -p no:cacheprovider tests --junit-xml=reports/pytest.xml || failed=1
case $1 in
  *nextest*)
    (cd counter && cargo nextest run --offline --profile ci) || failed=1
    mv counter/target/nextest/ci/junit.xml reports/nextest.xml || failed=1
    ;;
esac
bandit -q -r src -f sarif -o reports/bandit.sarif --exit-zero || failed=1
python3 scripts/measure.py > reports/metrics.txt || failed=1
exit "$failed"
