"""Every few minutes: expires uploads, settles leftovers, asks after invoices, renews, adds up."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku import settings
from lumiku.bootstrap import money, remover, telling, work
from lumiku.trail import forget

logger = Logger()
metrics = Metrics()


settings.read(settings.FetchSettings)  # a queue that is missing is missed at the start
sweeping = work.sweeping()
group_sweeping = work.group_sweeping()
subscriptions = remover.subscriptions()
auditing = money.auditing()
reconciling = money.reconciling()
writing = telling.writing()
business = money.business()
account_figures = money.account_figures()


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Do every chore, also when another one fails; answers how many had which outcome."""
    outcomes: dict[str, int] = {}
    failed = []
    for name, chore in CHORES.items():
        try:
            outcomes |= chore()
        except Exception:
            logger.exception("chore failed", chore=name)
            failed.append(name)
        finally:
            forget()
    logger.info("swept", outcomes=outcomes)
    if failed:
        raise RuntimeError(f"chores failed: {', '.join(failed)}")
    return outcomes


def _audit() -> dict[str, int]:
    found = auditing.audit()
    for drift in found.drifts:
        logger.error("ledger drift", user_id=drift.user_id, credits=drift.amount)
    metrics.add_metric("LedgerDrift", MetricUnit.Count, len(found.drifts))
    return {f"ledgers_{outcome}": count for outcome, count in found.outcomes.items()}


CHORES: dict[str, Callable[[], Mapping[str, int]]] = {
    "photos": sweeping.sweep,
    "batches": group_sweeping.sweep,
    "invoices": reconciling.reconcile,
    "renewals": lambda: {"renewals": subscriptions.renew_due()},
    "mails": writing.write_due,
    "audits": _audit,
    "days": lambda: {"days_added_up": business.finish_days()},
    "accounts": lambda: {"days_of_accounts": account_figures.finish_days()},
}
