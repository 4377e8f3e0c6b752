"""How a command ends when it does not end well."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from lumiku_client._errors import ApiProblem

from . import report
from .sentences import sentence

COULD_NOT_RUN = 1
SOME_FAILED = 2
INTERRUPTED = 130


@contextmanager
def usage_errors_are_ones() -> Iterator[None]:
    """Wrong use exits with 1, since 2 says that some photos failed."""
    try:
        yield
    except typer.TyperException as error:
        error.exit_code = COULD_NOT_RUN
        raise


@contextmanager
def problems_told() -> Iterator[None]:
    """What the server or the file system refuses ends the command with a sentence."""
    try:
        yield
    except ApiProblem as problem:
        give_up(sentence(problem))
    except OSError as error:
        give_up(str(error))


def agree(question: str, *, otherwise: str) -> None:
    """Asks the person; ends the command if there is nobody, or the answer is no."""
    if not sys.stdin.isatty():
        give_up(f"{otherwise}: nobody is here to agree. Add --yes.")
    typer.confirm(question, abort=True, err=True)


def give_up(message: str) -> NoReturn:
    """The command cannot run."""
    report.say(report.console_for(stderr=True), message, style="red")
    raise typer.Exit(COULD_NOT_RUN)
