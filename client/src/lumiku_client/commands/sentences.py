"""Problems as sentences for the person at the keyboard."""

from collections.abc import Callable, Mapping

from lumiku_client._batch_models import Price
from lumiku_client._errors import CONNECTION_LOST, UNREACHABLE, ApiProblem
from lumiku_client._photos import printable
from lumiku_client._studio_models import Lacking

GO_ON = "Run the same command again to go on; nothing is charged twice."
_SUPPORT_STATUS = 500


def sentence(problem: ApiProblem) -> str:
    """What went wrong and, where there is something, what to do about it; one line."""
    tell = _BY_CODE.get(problem.code) or _BY_STATUS.get(problem.status)
    if tell is None:
        tell = _server_trouble if problem.status >= _SUPPORT_STATUS else _as_told
    return printable(tell(problem))


def hint(warning: str) -> str:
    """What a warning about a result means; its code where this version does not know it."""
    return _HINTS.get(warning, f"{warning}.")


def price_told(price: Price) -> str:
    """What some photos cost together, and who pays."""
    today, tier = price.today, price.tier
    order = f"{price.image_count} photos, tier {tier}"
    if today.covered and today.plan is not None:
        left = "" if today.quota_left is None else f", which takes {today.quota_left} more today"
        return printable(f"{order}: covered by your plan {today.plan}{left}. 0 credits.")
    off = f", {price.discount_percentage} % off" if price.discount_percentage else ""
    cost = f"{order}: {price.final_total} credits ({price.base_credits_per_image} each{off})"
    why = _NOT_COVERED.get(today.reason or "", "") if today.plan else ""
    return printable(f"{cost}, {today.balance} available.{why}")


def _as_told(problem: ApiProblem) -> str:
    errors = problem.extra.get("errors")
    fields = errors[:3] if isinstance(errors, list) else []
    said = [problem.title, problem.detail, *map(_field_error, fields)]
    return " ".join(_ended(text) for text in said if text)


def _field_error(error: object) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    where, what = error.get("field"), error.get("message") or ""
    return f"{where}: {what}" if where else str(what)


def _ended(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _no_credits(problem: ApiProblem) -> str:
    needed, available = problem.extra.get("needed"), problem.extra.get("available")
    if needed is None or available is None:
        return "There are not enough credits."
    return credits_missing(needed, available)


def credits_missing(needed: int, available: int) -> str:
    """That an order cannot be paid."""
    told = f"{needed} needed, {available} available ('lumiku top-up' buys some)"
    return f"There are not enough credits: {told}."


def lacking_told(lacking: Lacking) -> str:
    """That the account's plan does not have something, and which does."""
    told = f"Your plan does not have: {', '.join(lacking.missing)}."
    if lacking.available_in is None:
        return printable(f"{told} No plan has.")
    better = lacking.available_in
    return printable(f"{told} {better.capitalize()} has. {_way_to(better)}")


def _not_in_plan(problem: ApiProblem) -> str:
    better = problem.extra.get("availableIn")
    return f"{_as_told(problem)} {_way_to(str(better))}" if better else _as_told(problem)


def _way_to(plan: str) -> str:
    if plan == "payg":
        return "Who buys credits has it: lumiku top-up"
    return f"Take it with: lumiku studio plan {plan}"


def _price_changed(problem: ApiProblem) -> str:
    price = problem.extra.get("price")
    now = f" It is {price} credits today." if price is not None else ""
    return f"The price has changed.{now} Nothing was charged."


def _too_large(problem: ApiProblem) -> str:
    allowed = problem.extra.get("allowed")
    limit = f"At most {allowed / 2**20:.0f} MiB are allowed." if isinstance(allowed, int) else ""
    return f"The photo is too large. {_ended(problem.detail) if problem.detail else limit}".strip()


def _server_trouble(problem: ApiProblem) -> str:
    reference = f" (request {problem.request_id})" if problem.request_id else ""
    return f"The server has a problem: {problem.status}{reference}. {_try_again(problem)}"


def _try_again(problem: ApiProblem) -> str:
    wait_s = problem.retry_after_s
    return "Try again later." if wait_s is None else f"Try again in {wait_s:.0f} s."


_NOT_COVERED = {
    "tier_not_in_plan": " Your plan does not include this tier.",
    "quota_exceeded": " Your plan does not cover so many photos any more today.",
}
_HINTS = {"no_subject": "Nothing stands out in this photo, so it was left whole."}
_Teller = Callable[[ApiProblem], str]
_BY_CODE: Mapping[str, _Teller] = {
    UNREACHABLE: lambda problem: (
        f"The server cannot be reached ({problem.detail or 'no connection'}). Is it running?"
    ),
    CONNECTION_LOST: lambda problem: (
        f"The connection to the server was lost ({problem.detail or 'no answer'})."
    ),
    "wrong_credentials": lambda _: "The e-mail address or the password is wrong.",
    "insufficient_credits": _no_credits,
    "price_changed": _price_changed,
    "not_in_plan": _not_in_plan,
    "photo_too_large": _too_large,
    "batch_too_large": _as_told,
    "EntityTooLarge": lambda _: "The photo is too large for the storage.",
}
_BY_STATUS: Mapping[int, _Teller] = {
    401: lambda _: "You are not logged in, or the login has expired. Run: lumiku login",
    402: _no_credits,
    409: lambda problem: f"The server refused for now. {_as_told(problem)}",
    410: lambda _: "The result has been deleted; results are kept for 7 days.",
    413: _too_large,
    429: lambda problem: f"The server asks to slow down. {_try_again(problem)}",
}
