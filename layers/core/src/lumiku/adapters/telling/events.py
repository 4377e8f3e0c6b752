"""The event bus."""

import json
from typing import TYPE_CHECKING, Any

from lumiku.services.telling.ports import Events

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "lumiku"


class EventBus(Events):
    """One EventBridge bus."""

    def __init__(self, client: "EventBridgeClient", bus: str) -> None:
        self._client = client
        self._bus = bus

    def publish(self, kind: str, detail: dict[str, Any]) -> None:
        answer = self._client.put_events(
            Entries=[
                {
                    "EventBusName": self._bus,
                    "Source": SOURCE,
                    "DetailType": kind,
                    "Detail": json.dumps(detail),
                }
            ]
        )
        if answer["FailedEntryCount"]:
            raise OSError(f"the bus took no {kind}: {answer['Entries'][0].get('ErrorCode')}")
