#!/bin/sh
# Upgrades an installation of docker-compose.yml without a pause: build, migrate, then one service after the other: new containers beside
# the old, which go when the new are ready. The old ones serve until then: code of one version runs on its own schema and the next one.
#
# Ends with status 1 at the first service that was ready and is not any more; what was not ready before does not hold an upgrade up.
set -eu
cd "$(dirname "$0")/../.."
compose=${COMPOSE:-docker compose}
docker=${DOCKER:-docker}
# Seconds that a service has to become ready.
patience=${UPGRADE_WAIT_SECONDS:-300}
unready=

# Whether one of these containers is ready; one without a health check is while it runs.
any_ready() {
  for container in $1; do
    case "$($docker inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$container")" in
    healthy | running) return 0 ;;
    esac
  done
  return 1
}

# What the first of these containers says that it lacks, or the end of its log when it does not answer.
reason_of() {
  $docker exec "${1%% *}" node -e 'fetch("http://127.0.0.1:9464/readyz").then((answer) => answer.json()).then(({ reasons, needs = {} }) => {
    console.log(Object.values(reasons ?? {}).join(" ") || Object.keys(needs).filter((need) => !needs[need]).join(", "));
  })' 2>/dev/null || $docker logs --tail 3 "${1%% *}" 2>&1 || true
}

# Of a service whose new containers are not ready: what follows from that. Arguments: service, whether it was ready before, new containers.
judge() {
  reason=$(reason_of "$3")
  if [ "$2" = no ]; then
    echo "$1 is not ready, as before: $reason The upgrade goes on."
    unready="$unready $1"
    return 0
  fi
  echo "$1 was ready and is not with this version: $reason"
  echo "See $compose logs $1. Correct it and run this again, or go back: check out the version before and run this there."
  echo "Services that were not replaced yet run the version before, which works on the schema of this one."
  return 1
}

# New containers in place of the old: what has a port of the host, or does not run yet.
recreate() {
  old=$($compose ps -q "$1")
  was=no
  if any_ready "$old"; then was=yes; fi
  $compose up -d --no-deps --wait --wait-timeout "$patience" "$1" || judge "$1" "$was" "$(echo $($compose ps -a -q "$1"))" || exit 1
}

# As many new containers as there are old ones; the front finds them by name.
replace() {
  old=$($compose ps -q "$1")
  count=$(echo "$old" | wc -w)
  if [ "$count" -eq 0 ]; then
    recreate "$1"
    return
  fi
  was=no
  if any_ready "$old"; then was=yes; fi
  if ! $compose up -d --no-deps --no-recreate --wait --wait-timeout "$patience" --scale "$1=$((2 * count))" "$1"; then
    new=
    for container in $($compose ps -a -q "$1"); do
      case "$old" in *"$container"*) ;; *) new="$new $container" ;; esac
    done
    if ! judge "$1" "$was" "$(echo $new)"; then
      # The old ones go on.
      for container in $new; do $docker rm -f "$container"; done
      exit 1
    fi
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
recreate nameserver
for service in policy-server report-ingest worker api; do replace "$service"; done
recreate dashboard-certificate
recreate front
# A changed haproxy.cfg, without a closed port.
$compose kill -s USR2 front
if [ -n "$unready" ]; then
  echo "Upgraded. Not ready, as before the upgrade:$unready. \`docker compose run --rm waxseal doctor\` says what is wrong."
fi
