"""A layer is unpacked once, and all sandboxes look at the same files, as they do on AWS.

Upstream unpacks all layers for each sandbox, whenever a function starts.
"""

import hashlib
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile

from ministack.core import lambda_runtime

from local.patches.expect import expect, expect_upstream

_one_at_a_time = threading.Lock()


class _Unpacked(ZipFile):
    """What upstream opens; the folder of a layer becomes a link to where it lies already."""

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        folder = Path(path)
        if not folder.name.startswith("layer_"):
            super().extractall(folder, members, pwd)
            return
        packed = Path(str(self.filename))
        name = hashlib.sha256(packed.read_bytes()).hexdigest()
        shared = Path(tempfile.gettempdir()) / f"layer-{name}"
        with _one_at_a_time:
            if not shared.exists():
                unpacking = Path(tempfile.mkdtemp(dir=shared.parent))
                super().extractall(unpacking)
                unpacking.rename(shared)
        packed.unlink()
        folder.rmdir()
        folder.symlink_to(shared)


def apply() -> None:
    """Have upstream open layers that way."""
    spawn = lambda_runtime.Worker._spawn
    expect_upstream(spawn, "how a sandbox is made")
    expect(lambda_runtime.zipfile.__name__ == "zipfile", "how layers are unpacked")
    expect({"extractall", "_resolve_layer_zip"} <= {*spawn.__code__.co_names}, "layers")
    lambda_runtime.zipfile = SimpleNamespace(
        __name__="layers_once",
        ZipFile=_Unpacked,
        BadZipFile=BadZipFile,
        LargeFileError=LargeZipFile,  # by that name upstream asks for it
    )
