#!/bin/sh
# Writes the secrets of docker-compose.yml, a file each: passwords and keys at random, the others empty for you to fill in.
# What is there already stays. A value that .env has, as before there were files, moves.
set -eu
cd "$(dirname "$0")/../.."
folder=${SECRETS_DIR:-./secrets}
settings=${ENV_FILE:-.env}
mkdir -p "$folder"
# No one else gets into the folder; containers, which have users of their own, are given single files.
chmod 700 "$folder"

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

# The value of a line of .env, without the quotes around it.
given() {
  [ -f "$settings" ] || return 0
  sed -n "s/^$1=//p" "$settings" | tail -n 1 | sed "s/^'\(.*\)'\$/\1/; s/^\"\(.*\)\"\$/\1/"
}

write() {
  [ -e "$folder/$1" ] && return 0
  value=$(given "$1")
  if [ -n "$value" ]; then echo "$1 of .env is in $folder/$1 now: take it out of .env."; else value=$2; fi
  printf '%s' "$value" > "$folder/$1"
  chmod 644 "$folder/$1"
}

write SECRET_KEYS "k1:$(random)"
for role in "" API_ INGEST_ NAMESERVER_ POLICY_ WORKER_; do write "POSTGRES_${role}PASSWORD" "$(random)"; done
for name in SMTP_URL ACME_EAB_HMAC_KEY DNS_TSIG_KEY AWS_SECRET_ACCESS_KEY; do write "$name" ""; done
[ -s "$folder/SMTP_URL" ] || echo "Write the address of your mail server into $folder/SMTP_URL: smtps://user:password@mail.example.net"
