"""Lets `python -m explorer` be the command `corpus`."""

from explorer.cli import main

if __name__ == "__main__":
    main()
