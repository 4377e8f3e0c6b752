"""How the page is served, what it weighs, and that its numbers are those of the domain."""

import gzip
import json
import re
import subprocess
from typing import Any

from local import page
from lumiku.apps.remover.plans import PLANS, break_even_photos, monthly_saving_idr
from lumiku.apps.remover.prices import Tier, price
from lumiku.domain.work.groups import LARGE_FROM
from scripts import page_facts
from scripts.template import ROOT, resources

MAX_SCRIPT_BYTES = 120_000
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
[DISTRIBUTION] = [d["DistributionConfig"] for d in resources("CloudFront::Distribution").values()]


def test_the_page_knows_the_prices_of_today() -> None:
    kept = json.loads(page_facts.TARGET.read_text("utf-8"))

    assert kept == json.loads(json.dumps(page_facts.facts())), "run make openapi"


def test_the_page_reckons_as_the_domain_does() -> None:
    monthly = 700
    asked = """
      const { breakEven, facts, priceOf, savingIdr, TIERS } = await import("./web/src/prices.ts")
      const rows = TIERS.flatMap((tier) => Array.from({ length: 500 }, (_, n) => [
        tier, n + 1, priceOf(tier, n + 1).total, priceOf(tier, n + 1).percent,
        ...facts.plans.flatMap(({ name }) =>
          [breakEven(name, tier, n + 1), savingIdr(name, tier, n + 1, MONTHLY)]),
      ]))
      console.log(JSON.stringify(rows))""".replace("MONTHLY", str(monthly))
    done = subprocess.run(  # noqa: S603
        [ROOT / ".venvs/web/bin/node", "--input-type=module", "--eval", asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    def row(tier: Tier, photos: int) -> list[Any]:
        cost = price(tier, photos)
        worth = [
            figure
            for plan in PLANS.values()
            for figure in (
                break_even_photos(plan, cost),
                monthly_saving_idr(plan, cost, monthly),
            )
        ]
        return [str(tier), photos, cost.total, cost.discount_percent, *worth]

    expected = [row(tier, photos) for tier in Tier for photos in range(1, LARGE_FROM)]
    assert json.loads(done.stdout) == expected


def test_only_the_distribution_reads_the_page_s_bucket() -> None:
    bucket = resources("S3::Bucket")["WebBucket"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    [allowed] = resources("S3::BucketPolicy")["WebBucketPolicy"]["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert "distribution/${Web}" in str(allowed["Condition"]["StringEquals"]["aws:SourceArn"])
    [access] = resources("CloudFront::OriginAccessControl").values()
    assert access["OriginAccessControlConfig"]["SigningBehavior"] == "always"


def test_the_api_is_below_the_page_s_origin_and_never_cached() -> None:
    api = DISTRIBUTION["CacheBehaviors"][0]

    assert (api["PathPattern"], api["CachePolicyId"]) == ("/api/*", CACHING_DISABLED)
    assert api["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST
    assert {"GET", "PUT", "PATCH", "POST", "DELETE"} <= set(api["AllowedMethods"])
    # They would hold for the API too, whose 404 would become a page.
    assert "CustomErrorResponses" not in DISTRIBUTION


def test_photos_come_through_the_distribution_uncached_and_s3_checks_each_link() -> None:
    [_, drop_in, *behaviours] = DISTRIBUTION["CacheBehaviors"]
    assert drop_in["PathPattern"] == "/v1.0/*"
    [photos] = [origin for origin in DISTRIBUTION["Origins"] if origin["Id"] == "photos"]

    assert "OriginAccessControlId" not in photos
    assert photos["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    assert {one["PathPattern"] for one in behaviours} == {
        "in/*",
        "out/*",
        "zip/*",
        "kept/*",
        "brands/*",
        "assets/templates/*",
    }
    for one in behaviours:
        assert one["TargetOriginId"] == "photos"
        assert one["CachePolicyId"] == CACHING_DISABLED
        assert one["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST


def test_the_page_may_run_its_own_scripts_only() -> None:
    [headers] = resources("CloudFront::ResponseHeadersPolicy").values()
    security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    text, _ = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]

    assert "default-src 'none'" in text
    assert "script-src 'self';" in text
    assert "unsafe" not in text
    assert "frame-ancestors 'none'" in text
    assert security["FrameOptions"]["FrameOption"] == "DENY"


def test_the_first_load_is_small_and_has_nothing_inline() -> None:
    assert page.is_built(), "the page is not built: make test builds it"
    html = (page.BUILT / "index.html").read_text("utf-8")
    scripts = re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', html)
    weight = sum(len(gzip.compress((page.BUILT / name).read_bytes())) for name in scripts)

    assert scripts
    assert weight <= MAX_SCRIPT_BYTES
    assert re.findall(r"<script(?![^>]*src)|<style|\son\w+=", html) == []
