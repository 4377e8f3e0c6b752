"""Photos of their own."""

from functools import cache

from lumiku.adapters.money.wallets import DeskTable
from lumiku.apps.remover.submissions import Submissions
from lumiku.bootstrap.aws import dynamodb, job_table, photo_bucket, table, transactions
from lumiku.services.clock import utc_now
from lumiku.services.work.job_views import Jobs


@cache
def submissions() -> Submissions:
    """Taking photos in."""
    desk = DeskTable(dynamodb(), table())
    return Submissions(desk, transactions(), photo_bucket(), utc_now)


@cache
def jobs() -> Jobs:
    """Looking at jobs."""
    return Jobs(job_table(), photo_bucket(), utc_now)
