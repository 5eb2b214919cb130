"""Follow a log file through rotations, printing lines that match a pattern."""

import os
import re
import sys
import time


def follow(path, poll=0.5, sleep=time.sleep):
    handle = open(path, errors="replace")
    handle.seek(0, os.SEEK_END)
    try:
        while True:
            line = handle.readline()
            if line:
                yield line.rstrip("\n")
                continue
            if was_rotated(handle, path):
                handle.close()
                handle = open(path, errors="replace")
            else:
                sleep(poll)
    finally:
        handle.close()


def was_rotated(handle, path):
    try:
        now = os.stat(path)
    except FileNotFoundError:
        return False
    then = os.fstat(handle.fileno())
    return now.st_ino != then.st_ino or now.st_size < handle.tell()


def main():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} PATTERN FILE")
    pattern = re.compile(sys.argv[1])
    try:
        for line in follow(sys.argv[2]):
            if pattern.search(line):
                print(line, flush=True)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
