"""What functions do not load when they start: somebody waits for each cold start."""

import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec

import pytest

from scripts.template import ROOT, functions
from tests.component.stack import SANDBOX
from tests.contract.test_functions import OF_LAMBDA, given

FOLDERS = [function.folder for function in functions()]
SERVING_HTTP = {one.folder for one in functions() if one.routes or one.key_routes}
RESOLVER = "aws_lambda_powertools.event_handler"
ALLOWED = {
    "aws_lambda_powertools.utilities.batch": set[str](),
    "boto3": set[str](),
    "httpx": {"deliver_webhook", "fetch_photo"},
    "multipart": set[str](),
    "s3transfer": {"release_accounts", "zip_batch"},
    RESOLVER: SERVING_HTTP,
    "lumiku.http": SERVING_HTTP | {"authorize_key"},
    "lumiku.apps.remover.http": SERVING_HTTP
    - {"auth_api", "health_api", "keys_api", "webhooks_api"},
    "lumiku.apps.remover.ordering": {"batches_api", "jobs_api", "removebg_api"},
    "lumiku.domain.telling.group_mail": {"notify_batch"},
    "lumiku.domain.telling.money_mail": {"sweep"},
    "lumiku.domain.telling.month_mail": {"sweep"},
    "lumiku.services.work.archiving": {"release_accounts", "zip_batch"},
    "lumiku.adapters.hosting.keyed_providers": set[str](),
    "lumiku.adapters.money.midtrans": set[str](),
    "numpy": {"process_photo", "preview_api"},
    "PIL": {"process_photo", "preview_api"},
    "onnxruntime": set[str](),
    "pi_heif": set[str](),
    "PIL.AvifImagePlugin": set[str](),
}
"""Which functions may load it at their start."""

_LOADED = """\
import importlib, json, sys
importlib.import_module(f"functions.{sys.argv[1]}.app")
print("\\n" + json.dumps(sorted(sys.modules)))
"""


@cache
def loaded(folder: str) -> frozenset[str]:
    """Every module that a sandbox of the function has before its first event."""
    [function] = [one for one in functions() if one.folder == folder]
    done = subprocess.run(  # noqa: S603 - our own functions
        [sys.executable, "-c", _LOADED, folder],
        env={"PATH": os.environ["PATH"], **SANDBOX, **OF_LAMBDA, **given(function)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_function_starts_without_what_others_need(folder: str) -> None:
    heavy = {module for module, allowed in ALLOWED.items() if folder not in allowed}

    assert not heavy & loaded(folder)


@pytest.mark.parametrize("module", ALLOWED)
def test_what_is_not_loaded_is_there_to_be_loaded(module: str) -> None:
    assert find_spec(module) is not None
