#!/bin/sh
# Puts VERSION on ENV, and asks whether it sells there.
# usage: scripts/candidate.sh ENV VERSION REPORT
set -eu
sh scripts/deploy.sh "$1" "$2"
exec sh scripts/smoke.sh "$1" "$3"
