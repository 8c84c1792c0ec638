#!/bin/sh
# Random passwords for compose.yaml. Does not touch what is there.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)/secrets
umask 077
mkdir -p "$folder"
for name in mysql_password redis_password; do
    [ -s "$folder/$name" ] || head -c 24 /dev/urandom | base64 | tr -d '\n/+=' >"$folder/$name"
    # The containers' users are not this one: the folder above keeps others out.
    chmod 644 "$folder/$name"
done
chmod 711 "$folder"
printf 'Passwords are in %s\n' "$folder" >&2
