#!/bin/sh
# Stands in for `docker compose`: prints its arguments, and fails when they begin with FAIL_AT.
echo "$*"
case "$*" in "$FAIL_AT"*) exit 1 ;; esac
