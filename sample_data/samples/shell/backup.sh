#!/usr/bin/env bash
# Backs up a folder into a dated archive and keeps the newest ones.
set -euo pipefail

readonly KEEP=${KEEP:-7}

usage() {
    echo "usage: ${0##*/} SOURCE TARGET" >&2
    exit 2
}

archive() {
    local source=$1 target=$2 name
    name="backup-$(date +%F-%H%M%S).tar.gz"
    tar --create --gzip --file "$target/.$name.part" --directory "$(dirname "$source")" "$(basename "$source")"
    mv "$target/.$name.part" "$target/$name"
    echo "$target/$name"
}

prune() {
    local target=$1
    find "$target" -maxdepth 1 -name 'backup-*.tar.gz' -print0 |
        sort --zero-terminated --reverse |
        tail --zero-terminated --lines "+$((KEEP + 1))" |
        xargs --null --no-run-if-empty rm --
}

main() {
    [[ $# -eq 2 ]] || usage
    [[ -d $1 ]] || { echo "no such folder: $1" >&2; exit 1; }
    mkdir -p "$2"
    trap 'rm -f "$2"/.backup-*.part' EXIT
    archive "$1" "$2"
    prune "$2"
}

main "$@"
