"""The stack on the laptop cloud: built and deployed by SAM from the unmodified template."""

import fcntl
import hashlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from local import cloud, processes
from local.layout import REGION, ROOT, LaptopCloudError, Layout
from scripts import bytecode

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_SAM = ROOT / ".venvs/sam/bin/sam"
_BUILD = ROOT / ".aws-sam"
_SOURCES = (
    "template.yaml",
    "samconfig.toml",
    "layers/*/src",
    "functions",
    "workflows",
)
_GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_USABLE = (*_GOOD, "UPDATE_ROLLBACK_COMPLETE")


@cache
def named(config_env: str) -> tuple[str, str]:
    """Region and name of the stack that a configuration of samconfig.toml deploys."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    facts = config[config_env]["deploy"]["parameters"]
    return facts["region"], facts["stack_name"]


def name() -> str:
    """Name of the stack on the laptop cloud."""
    return named("local")[1]


def fingerprint() -> str:
    """Hash over everything that a deployment is made of."""
    digest = hashlib.sha256()
    for path in sorted(_source_files()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for source in _SOURCES:
        for path in ROOT.glob(source):
            for file in [path] if path.is_file() else path.rglob("*"):
                if file.is_file() and "__pycache__" not in file.parts:
                    yield file


def build(layout: Layout) -> None:
    """Build functions and layers; SAM's cache makes it short when little has changed."""
    with _one_builder():
        processes.run([_SAM, "build"], layout.log("sam-build"), _environment(layout), "`sam build`")
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
        processes.run(
            [_SAM, "deploy", "--config-env", "local"],
            layout.log("sam-deploy"),
            _environment(layout),
            "`sam deploy`",
        )


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


def outputs(layout: Layout) -> dict[str, str]:
    """Outputs of the deployed stack."""
    return outputs_by_name(_cloudformation(layout), name())


def outputs_by_name(cloudformation: "CloudFormationClient", stack: str) -> dict[str, str]:
    """Outputs of a stack, anywhere."""
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


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


def _environment(layout: Layout) -> dict[str, str]:
    """SAM wants the functions' Python and a pip on the path; its environment has both."""
    environment = layout.environment()
    environment.pop("VIRTUAL_ENV", None)
    return environment | {"PATH": f"{_SAM.parent}:{environment.get('PATH', '')}"}


@contextmanager
def _one_builder() -> Iterator[None]:
    """The build folder is shared by all laptop clouds of a checkout."""
    _BUILD.mkdir(exist_ok=True)
    with (_BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
