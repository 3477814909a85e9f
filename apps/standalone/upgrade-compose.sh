#!/bin/sh
# Upgrades an installation of docker-compose.yml without a pause: build, migrate, then one service after the other: new containers beside
# the old, which go when the new are ready. The old ones serve until then: code of one version runs on its own schema and the next one.
set -eu
cd "$(dirname "$0")/../.."
compose=${COMPOSE:-docker compose}
docker=${DOCKER:-docker}

# As many new containers as there are old ones; the front finds them by name.
replace() {
  old=$($compose ps -q "$1")
  count=$(echo "$old" | wc -w)
  if [ "$count" -eq 0 ]; then
    $compose up -d --no-deps --wait "$1"
    return
  fi
  if ! $compose up -d --no-deps --no-recreate --wait --scale "$1=$((2 * count))" "$1"; then
    # The new ones are not able to do their job: the old ones go on.
    for container in $($compose ps -q "$1"); do
      case "$old" in *"$container"*) ;; *) $docker rm -f "$container" ;; esac
    done
    echo "$1 of this version does not become ready: $compose logs $1"
    exit 1
  fi
  for container in $old; do
    $docker stop "$container"
    $docker rm "$container"
  done
}

sh apps/standalone/make-secrets.sh
$compose build migrate
$compose up -d --no-recreate --wait postgres
$compose run --rm --no-deps migrate
# The nameserver has a port of the host, the front has all others: one of each.
$compose up -d --no-deps --wait nameserver
for service in policy-server report-ingest worker api; do replace "$service"; done
$compose up -d --no-deps --wait dashboard-certificate
$compose up -d --no-deps --wait front
# A changed haproxy.cfg, without a closed port.
$compose kill -s USR2 front
