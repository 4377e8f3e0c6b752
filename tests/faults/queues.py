"""Queues as SQS keeps them: at least once, in any order, until somebody is done or too often."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.faults.weather import Killed
from tests.faults.world import VISIBILITY_S


@dataclass
class Message:
    """A message; seen again at `visible_at` unless it was handled."""

    body: Any
    visible_at: datetime
    receives: int = 0


@dataclass
class Queue:
    """`handle` answers None when done, or the seconds after which the message comes back.

    A message that failed `max_receives` times goes to `give_up`.
    """

    handle: Callable[[Any], float | None]
    max_receives: int
    give_up: Callable[[Any], None]
    messages: list[Message] = field(default_factory=list)

    def put(self, body: Any, now: datetime) -> None:
        self.messages.append(Message(body, now))

    def deliver(self, message: Message, now: Callable[[], datetime]) -> None:
        """Hand one message to a worker that may die."""
        message.receives += 1
        message.visible_at = now() + timedelta(seconds=VISIBILITY_S)
        try:
            wait_s = self.handle(message.body)
        except (Exception, Killed):  # noqa: BLE001 - SQS delivers again whatever it was
            wait_s = VISIBILITY_S
        if wait_s is not None and message.receives < self.max_receives:
            message.visible_at = now() + timedelta(seconds=wait_s)
        elif message in self.messages:
            self.messages.remove(message)
            if wait_s is not None:
                self.give_up(message.body)
