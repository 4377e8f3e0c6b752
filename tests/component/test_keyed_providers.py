"""Providers with keys from Secrets Manager, as moto imitates it."""

import json
import socket
import time
import traceback
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.parameters import SecretsProvider

from lumiku.adapters.hosting.keyed_providers import KeyedProviders, price_today
from lumiku.adapters.keys import MAX_AGE_S, Keys
from lumiku.domain.reach import Reach
from lumiku.services.hosting.asking import MIN_CALL_S
from lumiku.services.hosting.provider import Fault, ProviderFault
from tests.component.stack import Stack

KEY, FAL = "key-id:key-secret", "fal:birefnet-light"


@pytest.fixture
def client(stack: Stack) -> Any:
    return boto3.client("secretsmanager")


def over(client: Any, arn: str) -> KeyedProviders:
    return KeyedProviders(Keys(SecretsProvider(boto3_client=client), arn), {}, Reach())


def kept(client: Any, text: str) -> KeyedProviders:
    return over(client, client.create_secret(Name="providers", SecretString=text)["ARN"])


def test_a_key_is_read_once_in_five_minutes(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keyed = kept(client, json.dumps({"fal": KEY, "segmind": "SG"}))
    asked: list[str] = []
    read = client.get_secret_value

    def counted(**request: str) -> Any:
        asked.append(request["SecretId"])
        return read(**request)

    monkeypatch.setattr(client, "get_secret_value", counted)

    for entry in (FAL, "segmind:bg-removal-v2", FAL):
        assert keyed.provider(entry)
    assert len(asked) == 1
    assert MAX_AGE_S == 300


@pytest.mark.parametrize("text", ["{}", '{"fal": ""}', '{"fal": {"key": "x"}}', '"x"', "[]"])
def test_a_provider_without_a_key_is_not_called(client: Any, text: str) -> None:
    with pytest.raises(ProviderFault, match="no key of fal") as refusal:
        kept(client, text).provider(FAL)
    assert refusal.value.kind is Fault.AUTH


def test_a_secret_that_is_no_json_passes_and_is_quoted_nowhere(client: Any) -> None:
    with pytest.raises(ProviderFault, match="no keys") as refusal:
        kept(client, f"fal={KEY}").provider(FAL)
    assert refusal.value.kind is Fault.TRANSIENT
    assert KEY not in "".join(traceback.format_exception(refusal.value))


def test_a_secret_that_is_not_there(client: Any) -> None:
    with pytest.raises(ProviderFault) as refusal:
        over(client, "arn:of:nothing").provider(FAL)
    assert refusal.value.kind is Fault.TRANSIENT


def test_keys_that_nobody_answers_for_are_given_up_soon(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url)
        routes = json.dumps({"standard": [FAL, "local"]})
        hosting = stack.app("process_photo", ProviderRoutes=routes, ProviderSecretArn="a").hosting
        began = time.monotonic()

        with pytest.raises(ProviderFault, match="no keys"):
            hosting.providers(FAL)

    assert time.monotonic() - began < MIN_CALL_S


def test_a_key_that_cannot_be_sent_is_quoted_nowhere(client: Any) -> None:
    with pytest.raises(ProviderFault) as refusal:
        kept(client, json.dumps({"fal": f"{KEY}\r\nx: y"})).provider(FAL)
    assert refusal.value.kind is Fault.AUTH
    assert KEY not in "".join(traceback.format_exception(refusal.value))


def test_an_entry_that_is_no_more_is_gone_and_costs_nothing(client: Any) -> None:
    with pytest.raises(ProviderFault) as refusal:
        kept(client, "{}").provider("fal:of-last-year")
    assert refusal.value.kind is Fault.GONE
    assert price_today("fal:of-last-year", 1) == 0
    assert price_today(FAL, 1) > 0
