"""The pictures of the page "Four trends" in all their kinds, and the words about them."""

import itertools
import json
import re

import numpy as np
import pytest

from explainer.charts import doubling, trends, trends_words
from explainer.charts.scatter import FALLING, RISING, ROOM, Axis, spread, tick
from explainer.experiments import trends as experiments
from explainer.texts import LANGUAGES, load
from tests.charts.specs import faults, read

SCALES = ("axis_linear", "axis_log")
VIEWS = ("as_today", "as_slide")
KINDS = [
    *((trends.accuracy, options) for options in itertools.product(experiments.BENCHMARKS, SCALES)),
    *((trends.bubbles, options) for options in itertools.product(VIEWS, SCALES)),
    *((trends.counters, (scale,)) for scale in SCALES),
    *((trends.sets, options) for options in itertools.product(experiments.UNITS, SCALES)),
    *((trends.devices, options) for options in itertools.product(experiments.DEVICES, SCALES)),
    *((doubling.doubling, options) for options in itertools.product(experiments.SINCE, SCALES)),
    *((doubling.outlook, (quantity,)) for quantity in experiments.CUTS),
]


def found_for(chart: object, options: tuple[str, ...]) -> object:
    first = options[0]
    return {
        "accuracy": lambda: experiments.accuracy(benchmark=first, accuracy_until=2025),
        "bubbles": lambda: experiments.complexity(complexity_view=first),
        "counters": experiments.counters,
        "sets": lambda: experiments.data(counted=first, data_until=2025),
        "devices": lambda: experiments.compute(precision=first),
        "doubling": lambda: experiments.growth(quantity=first, first_year=1950, last_year=2025),
        "outlook": lambda: experiments.guess(guess_quantity=first),
    }[chart.__name__]()


def frames_for(t: object, chart: object, options: tuple[str, ...]) -> dict:
    fill = getattr(
        doubling if hasattr(doubling, f"{chart.__name__}_data") else trends, f"{chart.__name__}_data"
    )
    more = (*options, True) if chart is doubling.outlook else options
    return fill(t, found_for(chart, options), *more)


each_kind = pytest.mark.parametrize(
    ("chart", "options"), KINDS, ids=["-".join([chart.__name__, *options]) for chart, options in KINDS]
)


def test_every_kind_of_picture_has_a_name_of_its_own():
    names = [chart(load("trends", "en"), *options)["name"] for chart, options in KINDS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"\w+", name) for name in names)


@each_kind
def test_every_kind_is_valid_and_all_its_points_lie_on_its_axes(chart, options):
    for lang in LANGUAGES:
        t = load("trends", lang)
        spec = chart(t, *options)
        assert faults(spec) == []
        frames = read(frames_for(t, chart, options))
        named = set(re.findall(r'"data": \{"name": "(\w+)"\}', json.dumps(spec)))
        assert named == set(frames)
    if "points" in frames:
        scales = {}
        for layer in spec["layer"]:
            for channel in ("x", "y"):
                scale = layer["encoding"].get(channel, {}).get("scale")
                if scale:
                    assert scales.setdefault(channel, scale) == scale
        for channel, scale in scales.items():
            low, high = scale["domain"]
            values = frames["points"][channel].astype(float)
            if chart is doubling.outlook:  # the picture begins shortly before the guess
                values = values[frames["points"]["x"] >= scales["x"]["domain"][0]]
            assert values.between(low * (1 - 1e-6), high * (1 + 1e-6)).all(), channel


@each_kind
def test_what_is_not_sure_is_hollow_and_says_so(chart, options):
    t = load("trends", "en")
    frames = read(frames_for(t, chart, options))
    if "points" in frames:
        points = frames["points"]
        said = {True: t.say("standing_checked"), False: t.say("standing_estimate")}
        assert (points["standing"] == points["solid"].map(said)).all()
        assert points["source"].astype(bool).all()
        assert points["what"].astype(bool).all()


def test_estimates_of_closed_models_are_hollow():
    t = load("trends", "en")
    points = read(doubling.doubling_data(t, experiments.growth(), "flop"))["points"]
    for name in ("GPT-4:", "Gemini 1.0 Ultra", "Claude 3 Opus", "Grok-3", "GPT-4.5"):
        assert not points.loc[points["what"].str.startswith(name), "solid"].any(), name
    assert points["solid"].sum() > 20


def test_what_came_later_is_not_sent_before_it_is_revealed():
    t = load("trends", "en")
    for quantity in experiments.CUTS:
        found = experiments.guess(guess_quantity=quantity)
        hidden = read(doubling.outlook_data(t, found, quantity, False))
        shown = read(doubling.outlook_data(t, found, quantity, True))
        assert hidden["points"]["x"].max() < 2020
        assert len(shown["points"]) == len(found.known.x) + len(found.later.x)
        alt_text, _, said = trends_words.guess(t, found, quantity, 24, False)
        assert said == t.say("guess_hidden")
        for name in found.later.name:
            assert name not in alt_text
            assert name.replace(" ", "\N{NO-BREAK SPACE}") not in set(hidden["names"]["text"])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.1, "0.1"), (50, "50"), (1e4, "10000"), (1e20, "10²⁰"), (5e11, "5·10¹¹"), (1e5, "10⁵")],
)
def test_ticks_are_written_as_the_eye_reads_them(value, text):
    assert tick(value) == text


def test_an_axis_knows_where_its_values_lie():
    assert Axis((0, 10), ()).share([0, 5, 10]) == pytest.approx([0, 0.5, 1])
    assert Axis((1, 100), (), True).share([1, 10, 100]) == pytest.approx([0, 0.5, 1])


def test_names_lie_on_no_other_name_and_on_no_line():
    random = np.random.default_rng(0)
    width, height = ROOM
    for i in range(200):
        n = int(random.integers(1, 25))
        x, y = random.random((2, n))
        texts = ["n" * int(random.integers(1, 20)) for _ in range(n)]
        lines = [0.3] if i % 2 else []
        placed = spread(x, y, texts, order=range(n), lines=lines, sides=(RISING, FALLING)[i % 2])
        boxes = []
        for row, left, dy in zip(placed["row"], placed["left"], placed["dy"], strict=True):
            long = 12.5 * len(texts[row])
            start = x[row] * width + (-9 - long if left else 9)
            boxes.append((start, start + long, y[row] * height - dy - 13.5, y[row] * height - dy + 13.5))
        for a, b in itertools.combinations(boxes, 2):
            assert a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
        for box in boxes:
            assert box[0] >= 0
            assert box[1] <= width
            assert not any(box[2] < line * height < box[3] for line in lines)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fit_has_its_sentence(lang):
    t, random, said = load("trends", lang), np.random.default_rng(2), set()
    for _ in range(300):
        quantity = str(random.choice(list(experiments.SINCE)))
        low, high, _ = experiments.SINCE[quantity]
        first, last = (int(random.integers(low, high + 1)) for _ in range(2))
        found = experiments.growth(quantity=quantity, first_year=first, last_year=last)
        alt_text, fit, compared = trends_words.growth(t, found, quantity, first, last)
        said.add(found.verdict)
        assert not re.search(r"\b(nan|inf|None)\b|[{}∞?*]", alt_text)
        assert fit.startswith("**")
        assert compared
    assert said == {"few", "falls", "perhaps", "grows"}
