"""Orders by test keys: free, marked, small, last in line, and never worth keeping."""

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.people.limits import TESTS_OF_DAY
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.photos import Lane
from photo_steps import Shrink, Step, Workflow
from photo_steps.studio import Watermark

LANE = Lane.STANDARD
"""The lowest."""
MAX_PIXELS = 250_000
MARK = "LUMIKU TEST"


def as_trial[T: (Job, Group)](draft: T) -> T:
    """What a test key orders instead; `NotAllowed` for what would be kept in a project.

    `InvalidRequest` for more photos than a day has.
    """
    if (draft.for_item if isinstance(draft, Job) else draft.project_id) is not None:
        raise NotAllowed(
            Text(
                "A test key makes nothing that is kept in a project.",
                "Kunci uji tidak membuat apa pun yang disimpan di proyek.",
            )
        )
    if draft.photo_count > TESTS_OF_DAY.count:
        raise InvalidRequest(
            Text(
                f"A test key orders at most {TESTS_OF_DAY.count} photos a day.",
                f"Kunci uji memesan paling banyak {TESTS_OF_DAY.count} foto sehari.",
            ),
            photos=draft.photo_count,
            allowed={"max": TESTS_OF_DAY.count},
        )
    marked: Workflow = (Step.of(Shrink(pixels=MAX_PIXELS)), Step.of(Watermark(text=MARK)))
    return draft.model_copy(
        update={
            "is_test": True,
            "workflow": (*draft.workflow, *marked),
            "price": 0,
            "parts": None,
            "pricing_type": "free",
            "lane": LANE,
        }
    )
