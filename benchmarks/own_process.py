"""Measuring in a process of its own, whose memory nothing else has used."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal


def run(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module of `benchmarks`; answers the JSON that it prints last."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    answer: dict[str, Any] = json.loads(subprocess.check_output(command).splitlines()[-1])
    return answer


def memory_bytes(which: Literal["VmRSS", "VmHWM"]) -> int:
    """What this process holds now (VmRSS), or held at most (VmHWM)."""
    [kilobytes] = re.findall(rf"{which}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kilobytes) * 1024
