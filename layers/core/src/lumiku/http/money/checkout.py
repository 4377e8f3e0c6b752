"""The sandbox's checkout page."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from lumiku.domain.money.invoices import Invoice


def checkout_page(invoice: Invoice) -> str:
    """The sandbox's page: what is to be paid, and two buttons that stand for a bank.

    The secret stays in the page's address, where the script finds it.
    """
    what = f"{invoice.credits} credits" if invoice.credits else f"the plan {invoice.plan_name}"
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sandbox payment</title>
<style>{_STYLE}</style>
<h1>Sandbox payment</h1>
<p>No money moves here. Rp {invoice.amount_idr:,} for {escape(what)}.</p>
<p><button data-status="paid">Pay</button> <button data-status="failed">Decline</button></p>
<p id="outcome" role="status"></p>
<script>{_SCRIPT}</script></html>"""


_STYLE = "body{font:16px system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}"
_SCRIPT = """
const token = new URLSearchParams(location.search).get("token");
document.querySelectorAll("button").forEach(button => button.onclick = async () => {
  const answer = await fetch("notifications", {
    method: "POST", headers: {"Content-Type": "application/json"},
    body: JSON.stringify({status: button.dataset.status, token})
  });
  const body = await answer.json();
  document.getElementById("outcome").textContent =
    answer.ok ? "This payment is " + body.data.status + "." : body.detail;
});
"""


def _hash(inline: str) -> str:
    """How a content security policy names an inline style or script."""
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


CHECKOUT_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; connect-src 'self'; base-uri 'none'; "
    f"frame-ancestors 'none'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}",
}
"""The page's address is a secret, and nobody may add to the page or frame it."""
