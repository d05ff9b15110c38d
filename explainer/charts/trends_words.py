"""The words about the pictures of the page "Four trends": alternative text, and two sentences."""

import math

import numpy as np

from explainer.charts.trends import name_of
from explainer.texts import Texts

STUDIES = ("amodei", "before", "deep", "large", "frontier")  # the keys of the table of published studies


def _told(t: Texts, points: object, row: int) -> dict[str, object]:
    """Return name, value and source of a point."""
    return {"name": name_of(t, points, row), "value": float(points.y[row]), "source": str(points.source[row])}


def accuracy(t: Texts, found: object, view: str, benchmark: str) -> tuple[str, str, str]:
    """Name the record by a year, and say whom it is compared with or how the slide differs."""
    best = {"year": found.until, **_told(t, found.machines, found.newest)}
    on_slides = benchmark in ("imagenet", "switchboard")
    slide = f"slide_{benchmark}" if on_slides else "slide_not"
    alt = t.say("accuracy_alt", benchmark=t.say(benchmark), n=len(found.machines.x), **best)
    return alt, t.say("record_by", **best), t.say(f"people_{benchmark}" if view == "as_today" else slide)


def complexity(t: Texts, found: object, until: int) -> tuple[str, str, str]:
    """Compare VGG-16 with the cheapest network that is at least as accurate."""
    points = found.points
    vgg, rival = (
        {"name": str(points.name[i]), "operations": float(points.x[i]), "top1": float(points.y[i])}
        for i in (found.vgg, found.rival)
    )
    rival |= {"ratio": vgg["operations"] / rival["operations"], "year": until}
    alt = t.say("bubbles_alt", n=len(points.x), **rival)
    alone = found.rival == found.vgg
    beaten = t.say("vgg_alone", **vgg, year=until) if alone else t.say("vgg_beaten", **rival)
    return alt, beaten, t.say("bubbles_key", n=len(found.without.x))


def counters(t: Texts, found: object, hours: int) -> tuple[str, str, str]:
    """Say what the counters imply for a day, in billions of e-mails and millions of tweets."""
    daily = dict(zip(found.keys.tolist(), found.daily.tolist(), strict=True))
    values = {"hours": hours, "emails": round(daily["emails"] / 1e9), "tweets": round(daily["tweets"] / 1e6)}
    return t.say("counters_alt", **values), t.say("counters_daily", **values), t.say("not_daily")


def data(t: Texts, found: object, unit: str, until: int) -> tuple[str, str, str]:
    """Name the largest data set by a year."""
    best = {"year": until, "unit": t.say(unit), **_told(t, found.points, found.largest)}
    sure = "largest_sure" if found.points.solid[found.largest] else "largest_unsure"
    alt = t.say("sets_alt", n=len(found.points.x), **best)
    return alt, t.say("largest_by", **best) + t.say(sure), t.say("hollow")


def compute(t: Texts, found: object, precision: str, until: int) -> tuple[str, str, str]:
    """Compare the fastest devices of two kinds by a year."""
    first, second = ("GPU", "TPU") if precision == "tensor" else ("GPU", "CPU")
    best = {"year": until}
    for key, kind in (("first", first), ("second", second)):
        row = found.best.get(kind, -1)
        best[key] = str(found.points.name[row])
        best[f"{key}_value"] = float(found.points.y[row])
    best["ratio"] = best["first_value"] / best["second_value"]
    alt = t.say("devices_alt", n=len(found.points.x), **best)
    return alt, t.say("fastest_by", **best), t.say(f"note_{precision}")


def growth(t: Texts, found: object, quantity: str, first_year: int, last_year: int) -> tuple[str, str, str]:
    """Say what the fit tells, and how it compares with what was published for the same years."""
    months, shortest, longest = found.months
    fit = t.say(
        f"fit_{found.verdict}",
        months=months,
        shortest=shortest,
        longest=longest if math.isfinite(longest) else 0.0,
        n=found.n_points,
    )
    alt = t.say("doubling_alt", quantity=t.say(quantity), fit=_plain(fit), first=first_year, last=last_year)
    if quantity != "flop":
        return alt, fit, t.say(f"nothing_published_{quantity}")
    if not found.agrees:
        return alt, fit, t.say("nothing_published_flop")
    low, high = found.published
    span = t.say("months_one", low=low) if low == high else t.say("months_span", low=low, high=high)
    why = t.say("why_large") if found.study == "large" else ""
    return (
        alt,
        fit,
        t.say(f"fit_{found.agrees}", study=t.say(f"study_{STUDIES[STUDIES.index(found.study)]}"), months=span)
        + why,
    )


def guess(t: Texts, found: object, quantity: str, months: int, revealed: bool) -> tuple[str, str, str]:
    """Say where the guess goes and, once it is revealed, what came."""
    direction = "halves" if quantity == "error_rate" else "doubles"
    start = {"name": name_of(t, found.known, found.start), "value": float(found.known.y[found.start])}
    year = int(found.known.x[found.start])
    said = t.say(f"guess_{direction}", **start, year=year, months=months)
    came = t.say("guess_hidden")
    if revealed:
        came = t.say("nothing_later", **start)
        if math.isfinite(found.months):
            name = found.end_name_ru if t.lang == "ru" else found.end_name
            end = {"name": name, "year": found.end_year, "value": found.end_value, "months": found.months}
            came = t.say(f"came_{direction}", **end, ratio=_ratio(t, found.ratio))
    return t.say("outlook_alt", quantity=t.say(quantity), said=_plain(f"{said} {came}")), said, came


def _ratio(t: Texts, ratio: float) -> str:
    if np.isclose(ratio, 1, rtol=0.1):
        return t.say("guess_met")
    return t.say("guess_above", ratio=ratio) if ratio > 1 else t.say("guess_below", ratio=1 / ratio)


def _plain(text: str) -> str:
    return text.replace("**", "")
