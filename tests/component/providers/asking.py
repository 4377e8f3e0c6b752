"""One photo on its way through an adapter to an imitation, as the use case would send it."""

import io
import time
from dataclasses import dataclass

from PIL import Image, ImageDraw

from lumiku.adapters.hosting.providers import provider_of
from lumiku.domain.hosting.models import HOSTED_MODELS
from lumiku.domain.hosting.tickets import Fault, Ticket
from lumiku.domain.reach import Reach
from lumiku.services.hosting.provider import Answer, ProviderFault, SentPhoto
from tests.imitation_providers.imitation import KEY, Imitation, always
from tests.imitation_providers.script import script
from tests.imitation_providers.server import running

OTHER_KEY = "another-key-9876543210"
ENTRIES = {
    "fal-direct": "fal:birefnet-light",
    "fal-queue": "fal:birefnet-heavy",
    "segmind-bytes": "segmind:bg-removal-v2",
    "segmind-async": "segmind:bg-removal-v2-async",
    "replicate": "replicate:bria",
    "huggingface-endpoint": "huggingface:endpoint",
    "huggingface-fal": "huggingface:rmbg-2.0",
}
"""An entry for each wire format."""


def photo() -> SentPhoto:
    """A red disc on white."""
    image = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(image).ellipse((20, 10, 40, 30), fill="red")
    file = io.BytesIO()
    image.save(file, "PNG")
    return SentPhoto(file.getvalue(), "image/png", *image.size)


PHOTO = photo()


@dataclass
class Outcome:
    """What came of it: an answer, or a fault, or neither after five questions, then cancelled."""

    imitation: Imitation
    answer: Answer | None = None
    ticket: Ticket | None = None
    fault: ProviderFault | None = None
    took_s: float = 0

    @property
    def kind(self) -> Fault | None:
        return self.fault.kind if self.fault else None


def ask(wire: str, scenario: str, time_left_s: float = 5.0) -> Outcome:
    """Send the photo where that scenario plays, and ask for the answer."""
    entry = ENTRIES[wire]
    assert HOSTED_MODELS[entry].wire == wire
    key = OTHER_KEY if scenario == "wrong-key" else KEY
    with running(Imitation(script(wire), always(scenario))) as imitation:
        outcome = Outcome(imitation)
        provider = provider_of(entry, key, base_url=imitation.url, reach=Reach(loopback=True))
        began = time.monotonic()
        try:
            found = provider.submit(PHOTO, time_left_s=time_left_s)
            if isinstance(found, Ticket):
                outcome.ticket = found
                for _ in range(5):
                    outcome.answer = provider.collect(found, time_left_s=time_left_s)
                    if outcome.answer is not None:
                        break
                else:
                    provider.cancel(found)
            else:
                outcome.answer = found
        except ProviderFault as fault:
            outcome.fault = fault
        outcome.took_s = time.monotonic() - began
    return outcome
