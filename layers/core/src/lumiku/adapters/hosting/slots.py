"""How many photos a provider is sent at once: `PROVIDER#<name> / SLOT#<n>`, held until a moment."""

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from lumiku.adapters.rows import ConditionFailed, Key, Rows
from lumiku.domain.instant import iso
from lumiku.services.hosting.ports import Slots

MAX_LOOKS = 4
"""So many slots are tried, in random order; the next entry of a route is quicker than more."""

logger = Logger()


def _key(provider: str, number: int) -> Key:
    return f"PROVIDER#{provider}", f"SLOT#{number:03d}"


class SlotTable(Slots):
    """Slots of the providers in `caps`; one without a cap needs none, nor a call of the table."""

    def __init__(self, rows: Rows, caps: Mapping[str, int], clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._caps = caps
        self._clock = clock

    @contextmanager
    def hold(self, provider: str, *, until: datetime) -> Iterator[bool]:
        """A slot until the end, or until `until` if its holder dies; False when none was free.

        A table that does not answer gives one.
        """
        cap = self._caps.get(provider)
        if cap is None:
            yield True
            return
        holder = uuid.uuid4().hex
        try:
            number = self._take(provider, cap, holder, until)
            held = number is not None
        except (ClientError, BotoCoreError):
            logger.warning("slots cannot be taken", exc_info=True)
            number, held = None, True
        try:
            yield held
        finally:
            if number is not None:
                self._give_back(provider, number, holder)

    def _take(self, provider: str, cap: int, holder: str, until: datetime) -> int | None:
        for number in random.sample(range(cap), min(cap, MAX_LOOKS)):
            try:
                self._rows.update(
                    _key(provider, number),
                    "SET held_until = :until, holder = :holder",
                    {":until": iso(until), ":holder": holder, ":now": iso(self._clock())},
                    when="attribute_not_exists(held_until) OR held_until <= :now",
                )
            except ConditionFailed:
                continue
            return number
        return None

    def _give_back(self, provider: str, number: int, holder: str) -> None:
        try:
            self._rows.update(
                _key(provider, number),
                "REMOVE held_until",
                {":holder": holder},
                when="holder = :holder",
            )
        except (ConditionFailed, ClientError, BotoCoreError):
            logger.warning("slot was not given back", exc_info=True)
