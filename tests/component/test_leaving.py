"""After a deletion nothing is found of an account but what the decision names, whatever it did."""

import ast
import re
from collections.abc import Iterator

import pytest

from scripts.template import ROOT
from tests.component.erasing import erase_all, leave
from tests.component.http.conftest import Api
from tests.component.http.conftest import api as api
from tests.component.http_events import SELLER, STRANGER
from tests.component.leaving import ACTS, live, scatter, some_acts, with_login
from tests.component.left_over import NOBODYS, alias, drift, left_over, places
from tests.dynamodb import all_rows

ADAPTERS = ROOT / "layers/core/src/lumiku/adapters"
WORD = re.compile(r"^([A-Z]+)#")


@pytest.fixture
def seller(api: Api) -> Api:
    """A seller who can log in."""
    return with_login(api)


def written() -> Iterator[str]:
    """First words of all partition and sort keys that the adapters put together."""
    for path in ADAPTERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            first = node.values[0] if isinstance(node, ast.JoinedStr) else None
            text = str(first.value) if isinstance(first, ast.Constant) else ""
            if found := WORD.match(text):
                yield found[1]


def test_an_account_that_did_everything_leaves_nothing(seller: Api) -> None:
    seller.stack.put_job("job_" + "5" * 32, STRANGER)
    strangers = places()
    live(seller, ACTS)
    scatter(seller)
    keys = (row.get(key, "") for row in all_rows() for key in ("pk", "sk", "gsi2pk"))
    words = {word for key in keys for word in key.split("#")}
    assert drift(SELLER) == 0
    assert left_over(seller, strangers)

    assert leave(seller).status == 202
    erase_all(seller)

    assert left_over(seller, strangers) == []
    assert strangers <= places()
    assert drift(alias()) == 0
    # Whoever writes a new kind of row lets the history above write it too.
    assert set(written()) - words == {"PROVIDER", "SLOT", "SPENT", "LEAVING", "FORMER"}


@pytest.mark.parametrize("seed", range(8))
def test_whatever_an_account_did_nothing_is_left(seller: Api, seed: int) -> None:
    pays = seed % 4 != 3
    live(seller, some_acts(seed) if pays else (), pays=pays)

    assert leave(seller).status == 202
    erase_all(seller)

    assert left_over(seller, set()) == []
    kept = {row["pk"].split("#")[0] for row in all_rows()} - NOBODYS
    if pays:
        assert drift(alias()) == 0
    else:
        assert kept == {"AUDIT"}
