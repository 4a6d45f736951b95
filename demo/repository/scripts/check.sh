#!/bin/sh
# Asks every service in production whether it answers, and writes it down.
set -eu
mkdir -p reports
separator=""
{
  echo '{ "checks": ['
  for service in api web; do
    status=failed
    [ "$(sh "services/$service/main.sh")" = "$service" ] && status=passed
    echo "$separator{ \"name\": \"$service answers\", \"service\": \"$service\", \"status\": \"$status\" }"
    separator=","
  done
  echo '] }'
} > reports/health.json
