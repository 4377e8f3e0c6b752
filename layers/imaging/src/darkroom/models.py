"""ONNX sessions: one per model and sandbox, set up for a small machine.

The runtime is loaded with the first of them: a photo that a provider cut out, or that goes on from
a kept picture, needs none.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from darkroom.picture import Floats

if TYPE_CHECKING:
    import onnxruntime as ort


class Models:
    """The models at hand, by name. Each session is built once and kept, in its own time.

    `ran` has the names of those that ran since whoever wants to know cleared it.
    """

    def __init__(self, paths: Callable[[str], Path], threads: int) -> None:
        """Take `paths`, which gives the verified file of a model name, and the CPU threads."""
        self._paths = paths
        self._threads = threads
        self._sessions: dict[str, Future[ort.InferenceSession]] = {}
        self._loader = ThreadPoolExecutor(1, "models")
        self.ran: set[str] = set()

    def load_ahead(self, names: Iterable[str]) -> None:
        """Start to build the sessions of these; whoever needs one before it is there waits."""
        for name in names:
            if name not in self._sessions:
                self._sessions[name] = self._loader.submit(self._load, name)

    def run(self, name: str, batch: Floats) -> Floats:
        """Run a model on its only input and return its first output.

        Takes (n, 3, height, width) float32 prepared as the model asks; gives what it defines.
        """
        session = self._session(name)
        self.ran.add(name)
        outputs = session.get_outputs()[0].name
        (first,) = session.run([outputs], {session.get_inputs()[0].name: batch})
        return np.asarray(first, np.float32)

    def _session(self, name: str) -> "ort.InferenceSession":
        self.load_ahead([name])
        try:
            return self._sessions[name].result()
        except BaseException:
            # The next photo tries again.
            del self._sessions[name]
            raise

    def _load(self, name: str) -> "ort.InferenceSession":
        import onnxruntime as ort

        return ort.InferenceSession(
            str(self._paths(name)),
            session_options(self._threads),
            providers=["CPUExecutionProvider"],
        )


def session_options(threads: int) -> "ort.SessionOptions":
    """Settings for one photo at a time on one or two cores."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    # Planned memory costs u2net 280 MB more and gains no time. The arena stays on: without it the
    # peak falls by 20 to 80 MB and each run takes 10 to 25 % longer.
    options.enable_mem_pattern = False
    # Idle threads must not burn the core that decodes and encodes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options
