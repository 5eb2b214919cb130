#!/bin/sh
# Sums a column of a CSV file, grouped by another one.
# usage: csv_sum.sh GROUP_COLUMN VALUE_COLUMN FILE

if [ $# -ne 3 ]; then
    sed -n '2,3s/^# //p' "$0" >&2
    exit 2
fi

awk -F, -v group="$1" -v value="$2" '
    NR == 1 {
        for (i = 1; i <= NF; i++) place[$i] = i
        if (!(group in place) || !(value in place)) {
            print "unknown column" > "/dev/stderr"
            failed = 1
            exit 1
        }
        next
    }
    {
        sum[$place[group]] += $place[value]
        count[$place[group]]++
    }
    END {
        if (failed) exit 1
        for (name in sum) printf "%s\t%d\t%.2f\n", name, count[name], sum[name]
    }
' "$3" | sort
