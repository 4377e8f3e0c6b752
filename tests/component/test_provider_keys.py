"""Keys of providers, from Secrets Manager as moto imitates it."""

import json
import traceback
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.parameters import SecretsProvider

from lumiku.adapters.provider_keys import MAX_AGE_S, ProviderKeys
from lumiku.services.hosted import Fault, ProviderFault
from tests.component.stack import Stack

KEY = "key-id:key-secret"


@pytest.fixture
def client(stack: Stack) -> Any:
    return boto3.client("secretsmanager")


def kept(client: Any, text: str) -> ProviderKeys:
    arn = client.create_secret(Name="providers", SecretString=text)["ARN"]
    return ProviderKeys(SecretsProvider(boto3_client=client), arn)


def test_a_key_is_read_once_in_five_minutes(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = kept(client, json.dumps({"fal": KEY, "segmind": "SG"}))
    asked: list[str] = []
    read = client.get_secret_value

    def counted(**request: str) -> Any:
        asked.append(request["SecretId"])
        return read(**request)

    monkeypatch.setattr(client, "get_secret_value", counted)

    assert [keys.key("fal"), keys.key("segmind"), keys.key("fal")] == [KEY, "SG", KEY]
    assert len(asked) == 1
    assert MAX_AGE_S == 300


@pytest.mark.parametrize("text", ["{}", '{"fal": ""}', '{"fal": {"key": "x"}}', '"x"', "[]"])
def test_a_provider_without_a_key_is_not_called(client: Any, text: str) -> None:
    with pytest.raises(ProviderFault, match="no key of fal") as refusal:
        kept(client, text).key("fal")
    assert refusal.value.kind is Fault.AUTH


def test_a_secret_that_is_no_json_passes_and_is_quoted_nowhere(client: Any) -> None:
    with pytest.raises(ProviderFault, match="no keys") as refusal:
        kept(client, f"fal={KEY}").key("fal")
    assert refusal.value.kind is Fault.TRANSIENT
    assert KEY not in "".join(traceback.format_exception(refusal.value))


def test_a_secret_that_is_not_there(client: Any) -> None:
    with pytest.raises(ProviderFault) as refusal:
        ProviderKeys(SecretsProvider(boto3_client=client), "arn:of:nothing").key("fal")
    assert refusal.value.kind is Fault.TRANSIENT
