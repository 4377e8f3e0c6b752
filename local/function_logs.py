"""What the functions logged, for a person who looks for the reason of a failure."""

import json
from datetime import UTC, datetime

import boto3

from local import stack
from local.layout import Layout


def read(layout: Layout, since: datetime, errors_only: bool = False) -> list[str]:
    """Lines of all functions since a moment (with zone), oldest first, one event each."""
    with layout.as_root():
        logs = boto3.Session().client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/lumiku/{stack.name()}", startTime=int(since.timestamp() * 1000)
    )
    events = sorted(
        (event for page in pages for event in page["events"]), key=lambda event: event["timestamp"]
    )
    shown = (_shown(event["timestamp"], event["message"]) for event in events)
    return [line for level, line in shown if not errors_only or level in ("ERROR", "CRITICAL")]


def last_error(layout: Layout, since: datetime) -> str:
    """The latest error and what raised it, without the way there; empty when there is none."""
    lines = "\n".join(read(layout, since, errors_only=True)[-1:]).splitlines()
    return "\n".join([*lines[:1], *lines[1:][-1:]])


def _shown(timestamp_ms: int, message: str) -> tuple[str, str]:
    """Level and text of an event: a logger's JSON is shortened to what a reader wants."""
    moment = datetime.fromtimestamp(timestamp_ms / 1000, UTC).strftime("%H:%M:%S")
    try:
        facts = json.loads(message)
    except ValueError:
        return "", f"{moment} {message.rstrip()}"
    if not isinstance(facts, dict):
        return "", f"{moment} {message.rstrip()}"
    level = str(facts.get("level", ""))
    text = f"{moment} {facts.get('service', '')} {level} {facts.get('message', '')}"
    return level, "\n".join(filter(None, [text, facts.get("exception")]))
