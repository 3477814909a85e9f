#!/bin/sh
# Stands in for `docker compose` and `docker`: writes its arguments to CALLS, says what runs, and fails when they begin with FAIL_AT.
case "$*" in
"ps -q "*) if grep -q "^$FAIL_AT" "$CALLS"; then echo "$AFTER_FAILURE"; else echo "$RUNNING"; fi ;;
esac
echo "$*" >> "$CALLS"
case "$*" in "$FAIL_AT"*) exit 1 ;; esac
