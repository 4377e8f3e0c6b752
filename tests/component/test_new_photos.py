"""A photo is put where none is, and never over one that is there."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.component.stack import Stack

KEY = "in/single/u1/job_1"


def test_the_first_one_stays(stack: Stack) -> None:
    for data in (b"first", b"second"):
        stack.photos.write_new(KEY, data, content_type="image/png")

    assert stack.photos.read(KEY).data == b"first"


@pytest.mark.parametrize(
    ("code", "is_fine"),
    [("PreconditionFailed", True), ("ConditionalRequestConflict", True), ("AccessDenied", False)],
)
def test_only_that_one_is_there_is_no_error(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, code: str, is_fine: bool
) -> None:
    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "-"}}, "PutObject")

    monkeypatch.setattr(stack.photos._client, "put_object", refuse)

    if is_fine:
        stack.photos.write_new(KEY, b"photo", content_type="image/png")
    else:
        with pytest.raises(ClientError, match=code):
            stack.photos.write_new(KEY, b"photo", content_type="image/png")
