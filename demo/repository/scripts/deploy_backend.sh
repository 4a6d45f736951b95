#!/bin/sh
# Deploys every service to --env ENV at --release RELEASE, and says how each is.
set -eu
while [ $# -gt 1 ]; do
  case "$1" in
    --env) env=$2 ;;
    --release) release=$2 ;;
  esac
  shift 2
done
for service in api web; do
  echo "deploying $service $release to $env"
  if [ "$(sh "services/$service/main.sh")" = "$service" ]; then
    echo "::service $service=healthy $release"
  else
    echo "::service $service=unhealthy $release"
  fi
done
