#!/usr/bin/env bash
# Tests backup.sh in a temporary folder.
set -u

here=$(cd "$(dirname "$0")" && pwd)
failures=0

check() {
    local name=$1
    shift
    if "$@"; then
        echo "ok   $name"
    else
        echo "FAIL $name"
        failures=$((failures + 1))
    fi
}

count_archives() { find "$1" -name 'backup-*.tar.gz' | wc -l; }

test_archive_holds_the_files() {
    local place=$1
    mkdir -p "$place/source"
    echo hello >"$place/source/a file"
    "$here/backup.sh" "$place/source" "$place/target" >/dev/null &&
        tar -tzf "$place"/target/*.tar.gz | grep -q 'source/a file'
}

test_old_archives_go() {
    local place=$1
    mkdir -p "$place/source" "$place/target"
    for day in 01 02 03 04; do
        touch "$place/target/backup-2020-01-$day-000000.tar.gz"
    done
    KEEP=2 "$here/backup.sh" "$place/source" "$place/target" >/dev/null
    [ "$(count_archives "$place/target")" -eq 2 ]
}

test_missing_source_fails() {
    ! "$here/backup.sh" "$1/nowhere" "$1/target" 2>/dev/null
}

for name in $(compgen -A function test_); do
    place=$(mktemp -d)
    check "$name" "$name" "$place"
    rm -rf "$place"
done
exit $((failures > 0))
