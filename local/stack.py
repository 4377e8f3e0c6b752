"""The stack on the laptop cloud: built and deployed by SAM from the unmodified template."""

import fcntl
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from darkroom.weights import Precision
from local import cloud, processes
from local.layout import REGION, ROOT, LaptopCloudError, Layout, Outputs
from scripts import bytecode
from scripts.template import template

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

_SAM = ROOT / ".venvs/sam/bin/sam"
_BUILD = ROOT / ".aws-sam"
_SOURCES = ("template.yaml", "samconfig.toml", "layers/*/src", "functions", "workflows")
_GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_USABLE = (*_GOOD, "UPDATE_ROLLBACK_COMPLETE")


@cache
def configured(config_env: str) -> dict[str, Any]:
    """What a configuration of samconfig.toml deploys: region, stack_name, parameter_overrides."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    parameters: dict[str, Any] = config[config_env]["deploy"]["parameters"]
    return parameters


def precision(config_env: str) -> Precision:
    """Which files of the models a configuration runs: as it says, else as the template does."""
    name = "WeightsPrecision"
    given = dict(item.split("=", 1) for item in configured(config_env)["parameter_overrides"])
    found: Precision = given.get(name, template()["Parameters"][name]["Default"])
    return found


def name() -> str:
    """Name of the stack on the laptop cloud."""
    return str(configured("local")["stack_name"])


def fingerprint(patterns: Iterable[str] = _SOURCES) -> str:
    """Hash over all files at some places; as they are given, all that a deployment is made of."""
    sources = [path for pattern in patterns for path in ROOT.glob(pattern)]
    below = [file for source in sources for file in source.rglob("*")]
    digest = hashlib.sha256()
    for file in sorted(sources + below):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def build(layout: Layout) -> None:
    """Build functions and layers; SAM's cache makes it short when little has changed."""
    with _one_builder():
        _sam(layout, "build")
        bytecode.compile_built()


def deploy(layout: Layout) -> None:
    """Create or change the stack; a deployment that was cut short never lies in the way."""
    if status(layout) not in (None, *_USABLE):
        _start_afresh(layout)
    try:
        _deploy(layout)
    except LaptopCloudError:
        if status(layout) in (None, *_USABLE):
            raise
        _start_afresh(layout)
        _deploy(layout)


def _deploy(layout: Layout) -> None:
    with _one_builder():
        _sam(layout, "deploy", "--config-env", "local")


def _start_afresh(layout: Layout) -> None:
    cloud.kill(layout)
    cloud.wipe(layout)
    cloud.start(layout)


def status(layout: Layout) -> str | None:
    """Status of the stack; None when there is none."""
    try:
        stacks = _cloudformation(layout).describe_stacks(StackName=name())["Stacks"]
    except ClientError:
        return None
    return stacks[0]["StackStatus"] if stacks else None


def outputs(layout: Layout) -> Outputs:
    """What a client needs to know of the deployed stack, which is reached through a path."""
    found = outputs_by_name(_cloudformation(layout), name())
    return Outputs(
        # %24 is the dollar of the stage's name: a URL that survives any shell unquoted.
        api_url=f"{layout.endpoint}/_aws/execute-api/{found['HttpApiId']}/%24default",
        key_api_url=f"{layout.endpoint}/_aws/execute-api/{found['KeyApiId']}/%24default",
        user_pool_id=found["UserPoolId"],
        photos_bucket=found["PhotosBucketName"],
        table=found["TableName"],
        # The rest of a distribution's domain is AWS's own.
        page_url=f"http://{found['WebDomainName'].partition('.')[0]}.cloudfront.localhost:{layout.port}",
    )


def outputs_by_name(cloudformation: "CloudFormationClient", stack: str) -> dict[str, str]:
    """Outputs of a stack, anywhere."""
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def bucket_on_aws(config_env: str) -> tuple["S3Client", str]:
    """The bucket of a stack on AWS, named by a configuration, with the caller's own credentials."""
    named = configured(config_env)
    session = boto3.Session(region_name=named["region"])
    outputs = outputs_by_name(session.client("cloudformation"), named["stack_name"])
    return session.client("s3"), outputs["PhotosBucketName"]


def bucket_here(layout: Layout, outputs: Outputs) -> tuple["S3Client", str]:
    """The laptop cloud's bucket."""
    with layout.as_root():
        return boto3.Session().client("s3"), outputs.photos_bucket


def is_current(layout: Layout, wanted: str) -> bool:
    """Whether exactly these sources were deployed here, and are still there."""
    try:
        same = layout.deployed.read_text() == wanted
    except FileNotFoundError:
        return False
    return same and status(layout) in _GOOD


def _cloudformation(layout: Layout) -> "CloudFormationClient":
    with layout.as_root():
        return boto3.Session().client("cloudformation", region_name=REGION)


def _sam(layout: Layout, command: str, *options: str) -> None:
    """Run SAM, which wants the functions' Python and a pip on the path, both beside it."""
    environment = layout.environment()
    environment.pop("VIRTUAL_ENV", None)
    environment["PATH"] = f"{_SAM.parent}:{environment.get('PATH', '')}"
    log = layout.log(f"sam-{command}")
    processes.start([_SAM, command, *options], log, environment).finish(f"`sam {command}`")


@contextmanager
def _one_builder() -> Iterator[None]:
    """The build folder is shared by all laptop clouds of a checkout."""
    _BUILD.mkdir(exist_ok=True)
    with (_BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
