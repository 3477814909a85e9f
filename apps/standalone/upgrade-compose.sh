#!/bin/sh
# Upgrades an installation of docker-compose.yml without a pause: build, migrate, then one service after the other, each ready before the next.
# The old processes serve until then: code of one version runs on its own schema and the next one.
set -eu
cd "$(dirname "$0")/../.."
compose=${COMPOSE:-docker compose}

$compose build migrate
$compose up -d --wait postgres
$compose run --rm --no-deps migrate
for service in nameserver policy-server report-ingest worker api dashboard-certificate front; do
  $compose up -d --no-deps --wait "$service"
done
