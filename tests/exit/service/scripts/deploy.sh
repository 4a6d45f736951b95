#!/bin/sh
# Deploys: deploy.sh --env ENV --release VERSION
set -eu
exec python3 -B scripts/move.py "$2" "$4" api web
