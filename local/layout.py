"""Where a laptop cloud keeps its things, and how AWS clients reach it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from pydantic import BaseModel, Field

ROOT = Path(__file__).resolve().parent.parent
REGION = "ap-southeast-1"
PORT = 4566
ROOT_KEY = "laptop-root"


class LaptopCloudError(Exception):
    """Something a person has to know or do; the message says what."""


@dataclass(frozen=True)
class Layout:
    """One laptop cloud: its folder (everything it writes is in there) and its port."""

    state: Path = ROOT / ".local"
    port: int = PORT

    @property
    def endpoint(self) -> str:
        """Address of the AWS services."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def lock_file(self) -> Path:
        """Locked by the launcher for as long as it lives; holds its process id."""
        return self.state / "cloud.lock"

    @property
    def services(self) -> Path:
        """What ministack persists, without the objects."""
        return self.state / "services"

    @property
    def objects(self) -> Path:
        """What the buckets hold."""
        return self.state / "objects"

    @property
    def temporary(self) -> Path:
        """Unpacked functions of the running cloud; emptied at start."""
        return self.state / "tmp"

    @property
    def deployed(self) -> Path:
        """Fingerprint of what was deployed last, there only when it went well."""
        return self.state / "deployed"

    @property
    def outputs(self) -> Path:
        """What a client needs to know, with the demo accounts' passwords (mode 0600)."""
        return self.state / "outputs.json"

    def log(self, name: str) -> Path:
        """Log file of one of the programs that the wrapper runs."""
        return self.state / "logs" / f"{name}.log"

    def root_secret(self) -> str:
        """Secret of the root credential, made once; only the wrapper and `sam deploy` use it."""
        path = self.state / "root-secret"
        if not path.exists():
            write_private(path, secrets.token_hex(20))
        return path.read_text()

    def environment(self) -> dict[str, str]:
        """Environment in which AWS tools talk to this cloud as root, and to nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": self.root_secret(),
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
        }

    @contextmanager
    def as_root(self) -> Iterator[None]:
        """Run a block in that environment, so that plain boto3 clients work in it."""
        with mock.patch.dict(os.environ, self.environment(), clear=True):
            yield


class Outputs(BaseModel, frozen=True):
    """What the stack and the demo account are called in a running laptop cloud."""

    api_url: str
    key_api_url: str
    user_pool_id: str
    photos_bucket: str
    table: str
    page_url: str
    user_id: str = ""
    email: str = ""
    password: str = Field("", repr=False)
    admin_email: str = ""
    admin_password: str = Field("", repr=False)

    @classmethod
    def read(cls, layout: Layout) -> "Outputs | None":
        """What the last start wrote, if it can be read."""
        try:
            return cls.model_validate_json(layout.outputs.read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def write(self, layout: Layout) -> None:
        """Keep them for the client, the tests and the next start."""
        write_private(layout.outputs, self.model_dump_json(indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)
