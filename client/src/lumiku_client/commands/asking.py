"""What is not known is asked for, where somebody can answer."""

import sys

import typer

from .exits import give_up


def asked(what: str, instead: str, *, hidden: bool = False) -> str:
    """The answer; without a terminal it says what to give `instead`, and ends."""
    if not sys.stdin.isatty():
        give_up(f"{what} is missing: give {instead}.")
    return str(typer.prompt(what, hide_input=hidden))
