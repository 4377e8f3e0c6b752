"""When and where processes die in a world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

EFFECTS = {
    "claim",
    "release",
    "finish",
    "condemn",
    "commit",
    "read",
    "write",
    "write_new",
    "delete",
    "send",
    "postpone",
    "make_jobs",
    "open",
    "start",
    "wake",
    "await_all",
    "keep_archive",
    "end",
    "mark",
    "fail",
    "submit",
    "collect",
    "keep",
    "begin",
    "copy",
    "delete_item",
    "forget",
    "forget_generation",
    "forget_belongings",
    "delete_variation",
}


class Killed(BaseException):
    """The sandbox died. Not an Exception: nothing may catch it."""


class Weather(Protocol):
    """What befalls side effects, by their names; either may raise."""

    def before(self, effect: str) -> None:
        """Ahead of an effect."""

    def after(self, effect: str) -> None:
        """It happened, and its caller does not know yet."""


class Calm:
    """Nothing happens."""

    def before(self, effect: str) -> None: ...

    def after(self, effect: str) -> None: ...


@dataclass
class Tripwire:
    """Passes calls on to `inner`; ahead of each side effect `trip` is called with its name.

    When that answers True, the answer is lost on its way and the client repeats the call.
    """

    inner: Any
    trip: Callable[[str], bool]
    after: Callable[[str], None]

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)
        if name not in EFFECTS:
            return method

        def called(*args: Any, **kwargs: Any) -> Any:
            # A transaction carries a token by which DynamoDB knows a repetition.
            if self.trip(name) and name != "commit":
                method(*args, **kwargs)
            result = method(*args, **kwargs)
            self.after(name)
            return result

        return called
