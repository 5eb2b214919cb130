#!/usr/bin/env bash
set -euo pipefail

PREFIX=${PREFIX:-$HOME/.local}
TOOLS=(jq:1.7.1 shellcheck:0.10.0 hadolint:2.12.0)

log() { printf '\033[1m==>\033[0m %s\n' "$*"; }

platform() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) echo linux-amd64 ;;
        Linux-aarch64) echo linux-arm64 ;;
        Darwin-arm64) echo macos-arm64 ;;
        *) echo "unsupported platform" >&2; return 1 ;;
    esac
}

has_version() {
    local tool=$1 version=$2
    command -v "$tool" >/dev/null && "$tool" --version 2>&1 | grep --quiet --fixed-strings "$version"
}

target=$(platform)
mkdir -p "$PREFIX/bin"
for entry in "${TOOLS[@]}"; do
    tool=${entry%%:*}
    version=${entry##*:}
    if has_version "$tool" "$version"; then
        log "$tool $version is here already"
        continue
    fi
    log "copying $tool $version for $target"
    install -m 755 "vendor/$tool-$version-$target" "$PREFIX/bin/$tool"
done
