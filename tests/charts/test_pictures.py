"""Every picture is a constant spec in both languages, and data that fit it."""

import importlib
import inspect
import itertools
import json
import pkgutil
import re

import numpy as np
import pytest

from explainer import charts
from explainer.charts import (
    palette,
    separation,
)
from explainer.texts import LANGUAGES, load
from tests.charts.frames import all_frames
from tests.charts.specs import faults, layers, line_marks, parts, read, texts

FRAMES = all_frames()
SEEDS = range(3)

# Pictures of named lines, which are told apart by a dash, but for one whose colours are the classes'.
OF_LINES = [
    chart
    for chart in FRAMES
    if '"strokeDash": {"field": "line"' in json.dumps(chart(load("home", "en")))
    and chart is not separation.perceptron
]

each = pytest.mark.parametrize("chart", FRAMES, ids=[chart.__name__ for chart in FRAMES])
each_of_lines = pytest.mark.parametrize("chart", OF_LINES, ids=[chart.__name__ for chart in OF_LINES])
both = pytest.mark.parametrize("lang", LANGUAGES)


def test_every_picture_is_tested():
    modules = [
        importlib.import_module(f"{charts.__name__}.{m.name}") for m in pkgutil.iter_modules(charts.__path__)
    ]
    pictures = {
        getattr(module, name.removesuffix("_data"))
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.endswith("_data") and function.__module__ == module.__name__
    }
    assert pictures == set(FRAMES)


@each
@both
def test_the_spec_is_valid_vega_lite(chart, lang):
    assert faults(chart(texts(lang))) == []


def test_a_spec_that_vega_lite_does_not_know_is_found():
    spec = json.loads(json.dumps(next(iter(FRAMES))(texts("en"))))
    assert faults(spec | {"width": "wide"})
    assert faults(spec | {"encodng": {}})


@each
@both
def test_the_spec_is_the_same_to_the_letter_whatever_the_data(chart, lang):
    before = json.dumps(chart(texts(lang)))
    for seed in SEEDS:
        FRAMES[chart](texts(lang), seed)
        assert json.dumps(chart(texts(lang))) == before


def test_the_spec_is_the_same_to_the_letter_whenever_it_is_made():
    """Altair numbers what has no name of its own, across all charts, so nothing may depend on its count."""
    made = {chart: json.dumps(chart(texts("en"))) for chart in FRAMES}
    for chart in reversed(FRAMES):
        assert json.dumps(chart.__wrapped__(texts("en"))) == made[chart]


@each
def test_the_languages_differ_in_words_only(chart):
    """Lists of strings are domains of names, titles are words; all else is one picture."""

    def wordless(part: object, key: str = "") -> object:
        if isinstance(part, dict):
            return {k: wordless(v, k) for k, v in part.items()}
        if isinstance(part, list):
            return [wordless(item, key) for item in part]
        return "…" if isinstance(part, str) and key in ("title", "domain", "oneOf") else part

    assert wordless(chart(texts("ru"))) == wordless(chart(texts("en")))


@each
@both
def test_the_data_fill_exactly_the_named_data_sets_of_the_spec(chart, lang):
    spec = chart(texts(lang))
    named = {part["data"]["name"] for part in parts(spec) if isinstance(part.get("data"), dict)}
    for seed in SEEDS:
        assert set(FRAMES[chart](texts(lang), seed)) == named
    assert "datasets" not in spec


@each
def test_every_field_that_the_spec_draws_is_a_column_of_its_data(chart):
    t = texts("en")
    frames = read(FRAMES[chart](t, 1))
    for layer in layers(chart(t)):
        columns = set(frames[layer["data"]["name"]].columns)
        made = {transform["as"] for transform in layer.get("transform", []) if "as" in transform}
        fields = {part["field"] for part in parts(layer) if isinstance(part.get("field"), str)}
        assert fields
        assert fields <= columns | made


@each_of_lines
@both
def test_every_line_has_its_place_in_the_legend(chart, lang):
    spec = chart(texts(lang))
    names = set(line_marks(spec))
    for seed in SEEDS:
        for frame in read(FRAMES[chart](texts(lang), seed)).values():
            if "line" in frame:
                assert set(frame["line"]) <= names


@each
def test_the_data_are_numbers_and_finite(chart):
    for seed in SEEDS:
        for frame in read(FRAMES[chart](texts("en"), seed)).values():
            assert not frame.empty
            assert np.isfinite(frame.select_dtypes("number")).all(axis=None)
            assert not (frame.dtypes == "float64").any()  # twice the bytes for nothing that an eye could see


@each
def test_no_axis_moves_with_the_data(chart):
    spec = chart(texts("en"))
    for channel in ("x", "y"):
        scales = [layer["encoding"].get(channel, {}).get("scale", {}) for layer in layers(spec)]
        domains = {json.dumps(scale["domain"]) for scale in scales if "domain" in scale}
        own = spec.get("resolve", {}).get("scale", {}).get(channel) == "independent"
        assert domains if own else len(domains) == 1
        for domain in domains:  # an interval, or names in a fixed order
            assert len({str if isinstance(edge, str) else float for edge in json.loads(domain)}) == 1


@each
def test_a_picture_has_a_name_by_which_the_browser_knows_it_again(chart):
    names = [other(texts("en")).get("name") for other in FRAMES]
    assert chart(texts("en"))["name"] == chart.__name__
    assert len(set(names)) == len(names)


@each
def test_all_colours_come_from_the_palette(chart):
    mine = {c for c in vars(palette).values() if isinstance(c, str) and c.startswith("#")} | set(
        palette.CLASSES
    )
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps(chart(texts("en")))))
    assert used <= mine


@each_of_lines
def test_no_two_lines_differ_in_colour_alone(chart):
    looks = line_marks(chart(texts("en")))
    for (a, (_, *shape)), (b, (_, *other)) in itertools.combinations(looks.items(), 2):
        assert shape != other, f"{a!r} and {b!r} have the same dash and thickness"


@each_of_lines
def test_no_two_lines_have_the_same_colour_unless_their_dashes_differ(chart):
    looks = line_marks(chart(texts("en")))
    for (a, (hue, dash, _)), (b, (other_hue, other_dash, _)) in itertools.combinations(looks.items(), 2):
        assert hue != other_hue or dash != other_dash, f"{a!r} and {b!r} look alike"
