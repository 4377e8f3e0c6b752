"""Clients of AWS for tests, which are made once."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config


@cache
def session() -> boto3.Session:
    """One for all stacks, and one client for each use: making them takes longer than a test."""
    shared = boto3.Session()
    usual = shared._session.create_client
    made: dict[str, Any] = {}

    def create_client(service: str, *, config: Config | None = None, **given: Any) -> Any:
        use = repr((service, config and vars(config), given))
        if use not in made:
            made[use] = usual(service, config=config, **given)
        return made[use]

    vars(shared._session)["create_client"] = create_client
    return shared
