"""One answer for all jobs of a group that ask for the same: it is asked for, and paid for, once.

The first job to come asks; it is so for good, so that its own attempts, which know what was sent,
are the only ones that may be billed. The others wait for what it finds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from lumiku.domain.hosting.tickets import LOCAL, Fault
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.photos import shared_key
from lumiku.services.clock import Clock
from lumiku.services.hosting.asking import LOCAL_RESERVE, Asked, Call
from lumiku.services.hosting.ports import Shared, SharedAnswers
from lumiku.services.work.ports import PhotoMissing, PhotoStore

LOOK_S = 1.5


@dataclass(frozen=True, slots=True)
class Sharing:
    """The use case."""

    answers: SharedAnswers
    photos: PhotoStore
    clock: Clock
    sleep: Callable[[float], None]

    def ask[T](
        self,
        job: Job,
        name: str,
        ask: Callable[[], Asked[T]],
        write: Callable[[T], bytes],
        read: Callable[[bytes], T],
    ) -> Asked[T]:
        """What `ask` finds for one job of the leased job's group; it is `name`d by what is asked.

        Nothing is found where the answer does not come in time: then nobody waits any more.
        """
        group_id = job.group_id or job.id
        until = (job.lease_until or self.clock()) - LOCAL_RESERVE
        shared = self.answers.begin(group_id, name, job.id)
        while not shared.is_over:
            if shared.holder == job.id:
                return self._first(job, group_id, name, ask, write)
            if self.clock() + timedelta(seconds=LOOK_S) > until:
                self.answers.end(group_id, name, Shared(job.id, LOCAL))
                return Asked()
            self.sleep(LOOK_S)
            shared = self.answers.begin(group_id, name, job.id)
        return self._later(job, group_id, name, shared, read)

    def _first[T](
        self,
        job: Job,
        group_id: str,
        name: str,
        ask: Callable[[], Asked[T]],
        write: Callable[[T], bytes],
    ) -> Asked[T]:
        asked = ask()
        if asked.found is not None:
            key = shared_key(job.user_id, group_id, name)
            self.photos.write(key, write(asked.found), content_type="image/png")
        over = Shared(job.id, asked.entry or LOCAL, is_refused=asked.is_refused)
        self.answers.end(group_id, name, over)
        return asked

    def _later[T](
        self, job: Job, group_id: str, name: str, shared: Shared, read: Callable[[bytes], T]
    ) -> Asked[T]:
        entry = shared.entry or LOCAL
        if shared.is_refused:
            return Asked(calls=[Call(entry, 0, Fault.CONTENT)])
        if entry == LOCAL:
            return Asked()
        try:
            data = self.photos.read(shared_key(job.user_id, group_id, name)).data
        except PhotoMissing:
            return Asked()
        return Asked(found=read(data), entry=entry)
