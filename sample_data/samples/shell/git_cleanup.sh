#!/usr/bin/env bash
set -eu

base=${1:-main}
dry_run=${DRY_RUN:-1}

git rev-parse --verify --quiet "$base" >/dev/null || {
    echo "there is no branch $base" >&2
    exit 1
}

current=$(git symbolic-ref --quiet --short HEAD || true)

git for-each-ref --format='%(refname:short) %(committerdate:relative)' --merged "$base" refs/heads |
while read -r branch age; do
    case $branch in
        "$base" | "$current" | release/*) continue ;;
    esac
    if [ "$dry_run" = 1 ]; then
        printf 'would delete %-30s (%s)\n' "$branch" "$age"
    else
        git branch --delete "$branch"
    fi
done
