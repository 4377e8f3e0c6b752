"""By which weights cut-outs and enlargements are made, for those who know no models.

Each version is the start of a SHA-256 over the hashes of the files that take part. A test compares
them with the models that there are, and says what has to stand here.
"""

from collections.abc import Mapping
from typing import Literal

type Precision = Literal["int8", "fp32"]

CUT_OUTS: Mapping[Precision, Mapping[str, str]] = {
    "int8": {
        "basic": "dfc7f8db9965",
        "standard": "0d5a7157b7ac",
        "professional": "0d5a7157b7ac",
        "industry": "0d5a7157b7ac",
    },
    "fp32": {
        "basic": "175b65742c3b",
        "standard": "fb0b8394931b",
        "professional": "fb0b8394931b",
        "industry": "fb0b8394931b",
    },
}
"""Of the models of each quality."""
UPSCALING: Mapping[Precision, str] = {"int8": "5bed16d330ea", "fp32": "5bed16d330ea"}
