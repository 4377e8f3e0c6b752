"""/api/brand and /api/brands: the look that an account gives to the page and its mails."""

from aws_lambda_powertools.event_handler import Response

from lumiku.bootstrap import branding as made
from lumiku.bootstrap import people
from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.people.brands import SlugTaken
from lumiku.http.api import Envelope, Id, answer, answering, caller, done, make_api, refusals
from lumiku.http.people.brands import (
    BrandBody,
    BrandInput,
    OwnBrand,
    PublicBrand,
    brand_body,
    public_brand,
)

TAGS = ["brands"]
CACHED = {"Cache-Control": "public, max-age=300"}

api = make_api(door=people.door())
branding = made.branding()


@api.get(
    "/api/brand",
    summary="Look at the own brand",
    tags=TAGS,
    responses=refusals() | done("The brand; null without one"),
)
def read_brand() -> Envelope[OwnBrand]:
    """The account's brand."""
    brand = branding.own(caller(api))
    shown = brand_body(brand, branding.logo_url(brand)) if brand else None
    return Envelope(data=OwnBrand(brand=shown))


@api.put(
    "/api/brand",
    summary="Make or change the own brand",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, NotInPlan, SlugTaken, errors.Busy)
    | done("The brand as it is now"),
)
def save_brand(brand: BrandInput) -> Envelope[BrandBody]:
    """A brand that the page shows at `/?brand=SLUG` and that mails about the account come from.

    It takes the plan premium, and stays when that ends. All of it is said anew, but for the logo.
    Any colours do: text on them is white or black, whichever is read better.
    """
    who = caller(api)
    saved = branding.save(who, brand.brand(who.account))
    return Envelope(data=brand_body(saved, branding.logo_url(saved)))


@api.delete(
    "/api/brand",
    summary="Remove the own brand",
    tags=TAGS,
    responses=refusals(errors.NotFound, errors.Busy) | done("What was removed"),
)
def remove_brand() -> Envelope[BrandBody]:
    """The page and mails look as ours do again; the slug is free for others."""
    return Envelope(data=brand_body(branding.remove(caller(api)), None))


@api.get(
    "/api/brands/<slug>",
    summary="Look at a brand",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound)
    | done(
        "Name, colours and logo",
        headers={"Cache-Control": {"required": True, "schema": {"type": "string"}}},
    ),
)
def find_brand(slug: Id) -> Response[Envelope[PublicBrand]]:
    """What the page shows of a brand, without a token; nothing about whose it is.

    It may be kept for 5 minutes.
    """
    brand = branding.named(slug)
    return answer(public_brand(brand, branding.logo_url(brand)), headers=CACHED)


handler = answering(api)
