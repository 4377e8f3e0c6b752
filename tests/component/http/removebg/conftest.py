import pytest

from tests.component.http.conftest import Api
from tests.component.http.removebg.client import Desk


@pytest.fixture
def desk(seller: Api, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(seller, monkeypatch)
