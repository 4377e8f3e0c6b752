"""What providers may bill on a UTC day: `PROVIDER#<name> / SPENT#<day>`, millionths of a dollar."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from lumiku.adapters.rows import ConditionFailed, Key, Rows
from lumiku.services.hosting.ports import Budgets

KEPT = timedelta(days=40)

logger = Logger()


class BudgetTable(Budgets):
    """Budgets of the providers in `most`; one without any needs no call of the table.

    It counts a sum before it is spent, and gives back what was surely not billed: a worker that
    dies between the two leaves too much counted, never too little.
    """

    def __init__(self, rows: Rows, most: Mapping[str, int], clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._most = most
        self._clock = clock

    def take(self, provider: str, microusd: int) -> bool:
        most = self._most.get(provider)
        if most is None:
            return True
        if microusd > most:
            return False
        try:
            self._add(
                provider,
                microusd,
                "attribute_not_exists(microusd) OR microusd <= :left",
                most - microusd,
            )
        except ConditionFailed:
            return False
        except (ClientError, BotoCoreError):
            logger.warning("budget cannot be counted", exc_info=True)
            return False
        return True

    def give_back(self, provider: str, microusd: int) -> None:
        if provider not in self._most:
            return
        try:
            self._add(provider, -microusd, "microusd >= :left", microusd)
        except (ConditionFailed, ClientError, BotoCoreError):
            logger.warning("budget was not given back", exc_info=True)

    def _add(self, provider: str, microusd: int, when: str, left: int) -> None:
        now = self._clock()
        key: Key = (f"PROVIDER#{provider}", f"SPENT#{now:%Y-%m-%d}")
        self._rows.update(
            key,
            "SET #ttl = :ttl ADD microusd :more",
            {":more": microusd, ":left": left, ":ttl": int((now + KEPT).timestamp())},
            when=when,
        )
