#!/bin/sh
# wait_for HOST PORT [SECONDS]: waits until a port accepts connections.

host=${1:?host is missing}
port=${2:?port is missing}
left=${3:-30}

is_open() {
    if command -v nc >/dev/null 2>&1; then
        nc -z "$host" "$port" >/dev/null 2>&1
    else
        (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null
    fi
}

until is_open; do
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
        echo "$host:$port did not open in time" >&2
        exit 1
    fi
    sleep 1
done
