"""Photos in the bucket, as use cases see them."""

import pytest

from lumiku.services.work.attempts import PhotoMissing
from tests.component.stack import Stack


def test_copying_a_photo_that_is_gone_says_so(stack: Stack) -> None:
    with pytest.raises(PhotoMissing):
        stack.photos.copy("in/standard/nobody/nothing", "in/standard/nobody/copy")

    assert stack.photos.keys("in/") == set()
