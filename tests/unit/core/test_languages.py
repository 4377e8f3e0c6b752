"""Which language a client prefers (RFC 9110, 12.5.4)."""

import pytest

from lumiku.http.languages import preferred


@pytest.mark.parametrize(
    "accepted",
    [
        "id",
        "ID",
        "id-ID",
        "id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7",
        "en;q=0.5, id;q=0.9",
        "en;q=0.4,id",
        "fr, id;q=0.1",
        "id, en",
        "id;q=0.5, en;q=0.5",
        "*, en;q=0.1",
        "en;q=0, *;q=0.5",
        "id; q=0.9 , en;q=0.8",
    ],
)
def test_indonesian_is_preferred(accepted: str) -> None:
    assert preferred(accepted) == "id"


@pytest.mark.parametrize(
    "accepted",
    [
        "",
        "*",
        "en",
        "fr",
        "en-GB, id;q=0.5",
        "id;q=0.5, en;q=0.9",
        "id;q=0",
        "id;q=0, fr",
        "id;q=high",
        "id;level=1",
        "id;q=nan",
        "en, id",
        "id;q=0.5, *",
        "identity",
        ",;,=;q",
    ],
)
def test_english_is_spoken_otherwise(accepted: str) -> None:
    assert preferred(accepted) == "en"
