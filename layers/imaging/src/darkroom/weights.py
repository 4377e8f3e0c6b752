"""Facts about the model weights: where each file comes from, its checksum and its licence."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

type Precision = Literal["int8", "fp32"]


@dataclass(frozen=True)
class File:
    """One ONNX file, by its content."""

    sha256: str
    bytes: int

    @property
    def name(self) -> str:
        """Name under which it is cached and lies in the bucket."""
        return f"{self.sha256}.onnx"

    def matches(self, path: Path) -> bool:
        """Say whether `path` is a file with exactly these bytes."""
        if not path.is_file() or path.stat().st_size != self.bytes:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256


@dataclass(frozen=True)
class Weights:
    """A model: the PyPI package that carries it, as it was published, and as it is built of that.

    What is built (`int8`, where that is done) is a modified file in the sense of the licence. Where
    `sources` are given, the published file is converted from these members of the package, each
    with its SHA-256; `python` is the version that the package was built for.
    """

    package: str
    version: str
    member: str
    archive_bytes: int
    licence: str
    origin: str
    fp32: File
    int8: File | None = None
    python: str = "3.13"
    sources: Mapping[str, str] = field(default_factory=dict)

    def file(self, precision: Precision) -> File:
        """The file of that precision, or the published one where there is no other."""
        return self.int8 if precision == "int8" and self.int8 else self.fp32


@cache
def manifest() -> dict[str, Weights]:
    """Read the package's manifest: model name -> weights."""
    text = resources.files("darkroom").joinpath("manifest.json").read_text("utf-8")
    return {name: _weights(**facts) for name, facts in json.loads(text).items()}


def _weights(fp32: dict[str, Any], int8: dict[str, Any] | None = None, **facts: Any) -> Weights:
    return Weights(**facts, fp32=File(**fp32), int8=File(**int8) if int8 else None)
