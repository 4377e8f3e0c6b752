"""Compile what SAM built: `python -m scripts.bytecode`.

Lambda cannot write to its code folders, so a function without bytecode compiles every module that
it imports at each cold start: half of the time of one that serves HTTP. The bytecode is not
checked against its source, whose times change on the way to Lambda; a build makes both anew.
"""

import compileall
import re
from py_compile import PycInvalidationMode

from scripts.template import ROOT

BUILT = ROOT / ".aws-sam/build"
_NEVER_IMPORTED = re.compile(r"/onnxruntime/(tools|transformers|quantization)/|/tests?/")


def compile_built() -> None:
    """Put bytecode beside every module of the functions and layers."""
    compileall.compile_dir(
        BUILT,
        quiet=2,
        rx=_NEVER_IMPORTED,
        workers=0,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


if __name__ == "__main__":
    compile_built()
