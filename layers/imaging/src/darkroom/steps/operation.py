"""How a function becomes a step: it says what it can be told and what it needs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Concatenate, Literal, Protocol

from darkroom.asking import Hosted as Hosted
from darkroom.picture import Picture
from photo_steps import Parameters


class Watch(Protocol):
    """How long stages take, for whom it may concern."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Time what is done within."""


type Need = Literal["models", "hosted", "stored", "watch"]
"""`models`: the embedded ones, `Models`. `hosted`: somebody else's, `Hosted`. `stored`: `Stored`.
`watch`: `Watch`."""

type Stored = Callable[[str], bytes]
"""Gives the file that was stored beside the photo under a key."""

type Apply[P: Parameters, **K] = Callable[Concatenate[Picture, P, K], Picture]


@dataclass(frozen=True)
class Operation:
    """One kind of step. `apply` takes a picture, `parameters`, and by name what it `needs`.

    What `is_costly` makes is kept, so that no later attempt has to make it again. Its time counts
    as that of `stage`.
    """

    parameters: type[Parameters]
    apply: Callable[..., Picture]
    needs: frozenset[Need]
    is_costly: bool
    stage: str


OPERATIONS: dict[str, Operation] = {}


def operation[P: Parameters, **K](
    parameters: type[P], *needs: Need, is_costly: bool = False, stage: str | None = None
) -> Callable[[Apply[P, K]], Apply[P, K]]:
    """Make a function the step of that kind."""

    def register(apply: Apply[P, K]) -> Apply[P, K]:
        name = parameters.step
        OPERATIONS[name] = Operation(parameters, apply, frozenset(needs), is_costly, stage or name)
        return apply

    return register
