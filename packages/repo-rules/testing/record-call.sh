#!/bin/sh
# Stands in for `docker compose` and `docker`: writes its arguments to CALLS, says what runs and how it is, and fails when they begin with
# FAIL_AT.
case "$*" in
"ps -q "* | "ps -a -q "*) if grep -q "^$FAIL_AT" "$CALLS"; then echo "$AFTER_FAILURE"; else echo "$RUNNING"; fi ;;
"docker inspect "*) echo "$HEALTH" ;;
"docker exec "*) echo "There is no certificate yet." ;;
esac
echo "$*" | head -n 1 >> "$CALLS"
case "$*" in "$FAIL_AT"*) exit 1 ;; esac
