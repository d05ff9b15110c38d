"""Every picture is a constant spec in both languages, and data that fit it."""

import base64
import functools
import importlib
import inspect
import io
import itertools
import json
import pkgutil
import re
from collections.abc import Callable, Iterator

import altair as alt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from explainer import charts
from explainer.charts import (
    activations,
    approximation,
    chronicle,
    classes,
    classification,
    collapse,
    doubling,
    frameworks,
    graphs,
    network,
    neuron,
    palette,
    paralysis,
    probability_map,
    regression,
    replicas,
    separation,
    trends,
)
from explainer.charts import softmax as boards
from explainer.experiments import activations as activations_experiments
from explainer.experiments import frameworks as lanes_of
from explainer.experiments import history, linear_regression
from explainer.experiments import linear_collapse as experiments
from explainer.experiments import neuron as cells
from explainer.experiments import softmax as softmax_experiments
from explainer.experiments import trends as four_trends
from explainer.texts import LANGUAGES, Texts, load

WEIGHTS = ("w11", "w21", "w12", "w22", "w1", "w2")


def two_regressions_frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
    random = np.random.default_rng(seed)
    net = experiments.two_regressions(**dict(zip(WEIGHTS, random.uniform(-3, 3, 6), strict=True)))
    return collapse.two_regressions_data(net.x, net.hidden, net.output if seed % 2 else None)


def graph_frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
    random = np.random.default_rng(seed)
    return network.graph_data(t, dict(zip(WEIGHTS, random.uniform(-3, 3, 6).round(1).tolist(), strict=True)))


def deeper_frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
    net = experiments.deeper(depth=1 + 3 * seed, width=2 + 5 * seed, seed=seed)
    return collapse.deeper_data(t, net.x, net.hidden, net.output)


def matrices_frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
    net = experiments.deeper(depth=1 + 3 * seed, width=2 + 5 * seed, seed=seed)
    return collapse.matrices_data(t, net.matrices)


def with_activation_frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
    net = experiments.with_activation(f=("identity", "relu", "tanh")[seed], v11=seed / 2)
    return collapse.with_activation_data(t, net.x, net.terms, net.output, net.best_line)


def training_frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
    net = experiments.train_it(neurons=1 + seed, sample=seed)
    runs = [net.one_layer.y_hat, net.deep_linear.y_hat, net.with_f.y_hat]
    return collapse.training_data(t, (net.x, net.y), (net.grid, net.curve), runs)


def losses_frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
    net = experiments.train_it(neurons=1 + seed, sample=seed)
    return collapse.losses_data(t, [run.train_loss for run in (net.one_layer, net.deep_linear, net.with_f)])


def approximation_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on universal approximation with random numbers."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        random, x = np.random.default_rng(seed), np.linspace(0, 1, 21)
        curve, other, third = random.random((3, 21))
        n = 2 + seed
        fill = {
            "two_nets": lambda: approximation.two_nets_data(t, x, curve, other, third),
            "how_it_is_made": lambda: approximation.how_it_is_made_data(
                t, x, (curve, other), random.random((n, 21)), random.random((n, 2)), 1 + seed
            ),
            "errors": lambda: approximation.errors_data(
                t, np.arange(1, 6), random.random(5), random.random((5, 8)), 3
            ),
            "limits": lambda: approximation.limits_data(t, 2 * x - 0.5, curve, other),
            "challenge": lambda: approximation.challenge_data(t, x, curve, other),
        }
        return fill[picture]()

    return frames


def activations_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on activation functions."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        random, x = np.random.default_rng(seed), np.linspace(-3, 3, 21)
        names = activations_experiments.NAMES
        losses = 10.0 ** random.uniform(-6, 1, (len(names), 60, 8))
        steps = np.linspace(0, 300, 60).round()
        fill = {
            "hinge": lambda: activations.hinge_data(x, np.maximum(x, seed / 2 * x)),
            "fit": lambda: activations.fit_data(t, x, random.random(21), random.random(21) if seed else None),
            "panels": lambda: panels_frames(t, (-6.0, 0.3, 6.0)[seed], "newer" if seed == 1 else "eight")[0],
            "detail": lambda: activations.detail_data(x, x, x**2, (-40, (40, 2, -40)[seed]), (20.7, 1.0)),
            "race": lambda: activations.race_data(t, steps, losses, seed),
            "ranking": lambda: activations.ranking_data(t, names, losses, seed),
        }
        return fill[picture]()

    return frames


def neuron_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on the neuron with the numbers of a seed."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        w = {"w1": 1.0 - seed, "w2": 0.5, "gamma": 0.3 * seed}
        handles = ((-1.0, 0.5), (1.0, 0.5 - seed))
        sigma = ("linear_unit", "threshold", "sigmoid")[seed]
        three = cells.three_pictures(sigma=sigma, handles=handles)
        fitted = cells.it_is_regression(fit_sigma=("linear_unit", "sigmoid")[seed % 2], fit_sample=seed)
        rule = cells.learning_rule(samples=("and", "xor", "clouds")[seed], correction=4 * seed)
        eight = cells.eight_points(feature=cells.FEATURES[seed])
        fill = {
            "artificial": lambda: neuron.artificial_data(t, w, (1.0, -2.0), 0.1, 1),
            "biological": lambda: neuron.biological_data(t),
            "section": lambda: neuron.section_data(t, three.x, three.curves, sigma),
            "plane": lambda: neuron.plane_data(t, sigma, three.plane, three.line, handles, three.weights),
            "fits": lambda: neuron.fits_data(
                t, (fitted.x, fitted.y), fitted.grid, fitted.curves, fitted.curve
            ),
            "differences": lambda: neuron.differences_data(fitted.differences[: 60 * (seed != 1)]),
            "perceptron": lambda: separation.perceptron_data(
                t, (rule.points, rule.y, rule.mistaken), rule.region, rule.lines, rule.corrected
            ),
            "bound": lambda: separation.bound_data(t, **rule.counts),
            "eight": lambda: separation.eight_data(eight.points, eight.y, eight.mistaken, eight.plane),
            "feature": lambda: separation.feature_data(eight.h, eight.y, eight.mistaken, eight.threshold),
        }
        return fill[picture]()

    return frames


def panels_frames(t: Texts, cursor: float, group: str) -> tuple[dict[str, pd.DataFrame], object]:
    net = activations_experiments.one_cursor(cursor=cursor, group=group, leak=1.0, elu_alpha=1.5)
    at = (net.at_f, net.at_slope)
    return activations.panels_data(t, net.names, net.x, (net.f, net.slope), cursor, at), net


def paralysis_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on paralysis, exact zeros and overflow among it."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        random, x = np.random.default_rng(seed), np.linspace(-3, 3, 21)
        steps, curve = np.arange(21.0), random.random(21)
        wild = np.array([0, 1e300, np.inf, *random.random(18)])
        powers = np.where(random.random((4, 30)) < 0.1, -np.inf, random.uniform(-50, 30, (4, 30)))
        names = ("sigmoid", "tanh", "relu", "identity")
        fill = {
            "gradient_map": lambda: paralysis.gradient_map_data(t, names, powers, names[seed], 1 + 14 * seed),
            "profile": lambda: paralysis.profile_data(t, *powers[:3, : 1 + 14 * seed]),
            "paralysis_loss": lambda: paralysis.paralysis_loss_data(t, steps, wild, 0.5),
            "paralysis_gradients": lambda: paralysis.paralysis_gradients_data(t, steps, wild, curve),
            "rescue_fits": lambda: paralysis.rescue_fits_data(t, (x, curve), (x, curve), [wild, curve]),
            "rescue_losses": lambda: paralysis.rescue_losses_data(
                t, [(steps, curve), (steps[: 3 + seed], wild[: 3 + seed])]
            ),
            "chain": lambda: paralysis.chain_data(t, wild, -wild, curve),
        }
        return fill[picture]()

    return frames


def regression_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on linear regression with random numbers."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        random = np.random.default_rng(seed)
        x, y, y_hat = random.normal(size=(3, 1 + 4 * seed))
        two, way = random.normal(size=2), random.normal(size=(60, 2))
        contours, arrows = random.normal(size=(3, 9, 2)), random.normal(size=(4, 2))
        surface, more = (contours, two, way), np.append(x, [seed, 1.0])
        fill = {
            "points_and_line": lambda: regression.points_and_line_data(t, x, y, None, two),
            "few_points": lambda: regression.few_points_data(t, x, y, y_hat, two),
            "surface": lambda: regression.surface_data(t, *surface),
            "at_step": lambda: regression.at_step_data(t, more, more, way, two),
            "factors": lambda: regression.factors_data(t, way[:, 0], way[:, 1], 0.3, (0.1, 5.0)),
            "two_lines": lambda: regression.two_lines_data(t, more, more, [two, two], more > 0),
            "bowl": lambda: regression.bowl_data(t, *surface, arrows, 0 * arrows),
            "facets": lambda: regression.facets_data(
                t, *surface, arrows, arrows, (more, more) if seed else None
            ),
        }
        return fill[picture]()

    return frames


REGRESSION = (
    *("points_and_line", "few_points", "surface", "at_step", "factors"),
    *("two_lines", "bowl", "facets"),
)


def trend_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on trends, cut at some year."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        fill = {
            "accuracy": lambda: trends.accuracy_data(t, four_trends.accuracy(accuracy_until=2011 + 3 * seed)),
            "bubbles": lambda: trends.bubbles_data(t, four_trends.complexity(complexity_until=2014 + seed)),
            "counters": lambda: trends.counters_data(t, four_trends.counters(hours=1 + 11 * seed)),
            "sets": lambda: trends.sets_data(t, four_trends.data(data_until=1998 + 9 * seed)),
            "devices": lambda: trends.devices_data(t, four_trends.compute(compute_until=2007 + 9 * seed)),
            "doubling": lambda: doubling.doubling_data(t, four_trends.growth(last_year=1950 + 36 * seed)),
            "outlook": lambda: doubling.outlook_data(t, four_trends.guess(), revealed=bool(seed)),
        }
        return fill[picture]()

    return frames


def history_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on history."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        years, kind = ("all_years", "era_winter2", "era_birth")[seed], ("all_kinds", "kind_idea")[seed % 2]
        net = history.retina(lessons=100 * seed, moved=seed)
        fill = {
            "timeline": lambda: chronicle.timeline_data(
                t, history.timeline(years=years, kind=kind, lang=t.lang)
            ),
            "strip": lambda: chronicle.strip_data(t, history.walk(event=1 + 9 * seed)),
            "winters": lambda: chronicle.winters_data(t, history.winter(lang=t.lang), seed == 1),
            "gates": lambda: replicas.gates_data(t, history.gates(gate_a=seed - 1.0)),
            "hidden_layer": lambda: replicas.hidden_layer_data(
                t, history.hidden_layer(hidden_units=seed, xor_epochs=5)
            ),
            "retina": lambda: replicas.retina_data(t, net.samples, net.weight, ("□", "○")),
            "learning": lambda: replicas.learning_data(t, net.accuracy, 100 * seed),
            "mycin": lambda: replicas.mycin_data(t, history.mycin(cf_chains=seed / 2)),
            "alexnet": lambda: replicas.alexnet_data(t, history.alexnet(guess=9.5 * seed), seed == 1),
        }
        return fill[picture]()

    return frames


def frameworks_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on frameworks, at three moments of its experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        text = (lanes_of.SLIDE, lanes_of.UNUSED, lanes_of.REPEATED)[seed]
        net = lanes_of.two_lanes(program=text, lane_step=3 * seed, mistake=("no", "shape_mistake")[seed % 2])
        back = lanes_of.backwards(steps_back=2 * seed, value_b=float(seed - 1), grad_program="log(b) / a")
        tree, bars, g = lanes_of.family(release_number=1 + 4 * seed), lanes_of.growth(), net.graph
        dates, status = tree.words["first_release_date"], tree.words[f"status_{t.lang}"]
        lives = (tree.begin, tree.end, tree.slide, tree.active)
        edges = (tree.edges, tree.edge_year, tree.edge_kind)
        h = back.graph
        fill = {
            "family": lambda: frameworks.family_data(
                t, tree.name, lives, tree.kind, edges, tree.chosen, dates, status
            ),
            "growth": lambda: frameworks.growth_data(bars.name, bars.score),
            "lanes": lambda: frameworks.lanes_data(
                t, (net.left, net.left_state, net.value, net.size), (net.right, net.right_state)
            ),
            "trace": lambda: graphs.trace_data(
                t, g.label, g.edges, g.state, (g.twin, g.place, g.value, g.size)
            ),
            "gradients": lambda: graphs.gradients_data(t, h.label, h.edges, h.value, h.derivative, h.flows),
        }
        return fill[picture]()

    return frames


CLASSIFICATION = ("ladder", "price", "hills", "beliefs", "calculator", "bill")
PROBABILITY_MAP = ("probability_map", "confusion", "calibration")


def classification_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on classification with random numbers."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        random, x = np.random.default_rng(seed), np.linspace(0, 10, 21)
        y, p, steps = (random.random(5) > 0.5).astype(float), random.random(5), random.random((60, 5))
        level = (0.5, (3.0, np.nan, 1e300)[seed])
        other = (None if seed else p, np.append(p[:4], np.inf))
        fill = {
            "ladder": lambda: classification.ladder_data(
                t, x, (x, -1e9 * x), list(zip(p, y, strict=True)), y > 0, level
            ),
            "price": lambda: classification.price_data(
                t, x / 10, random.random((3, 21)), (0.1, 2.3), random.random((2, 2))
            ),
            "hills": lambda: classification.hills_data(
                t, x, random.random((2, 21)), 10 * random.random((2, 60))
            ),
            "beliefs": lambda: classification.beliefs_data(t, random.random((2, 60))),
            "calculator": lambda: classification.calculator_data((x, x), 10 * p, y, p),
            "bill": lambda: classification.bill_data(t, (10 * p, y), (p, p), other),
            "probability_map": lambda: probability_map.probability_map_data(
                random.integers(0, 251, (60, 8, 8)).astype(np.uint8), 0.3, random.random((5, 2)), y
            ),
            "confusion": lambda: probability_map.confusion_data(t, random.integers(0, 99, (60, 2, 2))),
            "calibration": lambda: probability_map.calibration_data(
                steps, steps, random.integers(0, 9, (60, 5))
            ),
        }
        return fill[picture]()

    return frames


BOARDS = ("stages", "point_stages", "shift", "push", "not_argmax")
CLASSES = ("regions", "point_regions", "class_losses", "class_counts")


@functools.cache
def trained_by(seed: int) -> tuple[softmax_experiments.Training, softmax_experiments.OnePoint]:
    of = softmax_experiments
    return of.train_it(groups=3 + seed, spoiled=10 * seed, draw=seed), of.one_point(wrong=5 * seed)


def softmax_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page on softmax with settings of its experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        of, names = softmax_experiments, [t.say(name) for name in softmax_experiments.CLASSES]
        trained, point = trained_by(seed)
        place = (float(seed), -1.0)
        shift = of.shift(constant=710 * (seed - 1))
        curves = of.not_argmax(t1=float(seed), curves=("two", "three", "three")[seed])
        push = of.push(truth=of.CLASSES[seed], g1=(5.0, 10.0, -10.0)[seed])
        fill = {
            "stages": lambda: boards.stages_data(t, names, *of.stages(photo=of.PHOTOS[seed]).board),
            "point_stages": lambda: boards.point_stages_data(t, names, *point.board(seed)),
            "shift": lambda: boards.shift_data(t, shift.logits, shift.naive, shift.stable),
            "push": lambda: boards.push_data(
                t, names[:3], push.before, push.after, push.target, push.gradient
            ),
            "not_argmax": lambda: boards.not_argmax_data(
                t, curves.x, curves.curves, (curves.argmax, curves.sigmoid), float(seed), curves.at
            ),
            "regions": lambda: classes.regions_data(t, trained.regions, trained.X, trained.y, trained.wrong),
            "point_regions": lambda: classes.point_regions_data(
                t, point.regions, point.X, point.y, seed, place
            ),
            "class_losses": lambda: classes.class_losses_data(t, trained.losses, trained.blind),
            "class_counts": lambda: classes.class_counts_data(t, trained.confusion),
        }
        return fill[picture]()

    return frames


FRAMES: dict[Callable[[Texts], dict], Callable[[Texts, int], dict[str, pd.DataFrame]]] = {
    collapse.two_regressions: two_regressions_frames,
    network.graph: graph_frames,
    collapse.deeper: deeper_frames,
    collapse.matrices: matrices_frames,
    collapse.with_activation: with_activation_frames,
    collapse.training: training_frames,
    collapse.losses: losses_frames,
    **{
        getattr(approximation, name): approximation_frames(name)
        for name in ("two_nets", "how_it_is_made", "errors", "limits", "challenge")
    },
    **{getattr(chronicle, name): history_frames(name) for name in ("timeline", "strip", "winters")},
    **{
        getattr(replicas, name): history_frames(name)
        for name in ("gates", "hidden_layer", "retina", "learning", "mycin", "alexnet")
    },
    **{getattr(regression, name): regression_frames(name) for name in REGRESSION},
    **{
        getattr(paralysis, name): paralysis_frames(name)
        for name in (
            *("gradient_map", "profile", "paralysis_loss", "paralysis_gradients", "rescue_fits"),
            *("rescue_losses", "chain"),
        )
    },
    **{
        getattr(activations, name): activations_frames(name)
        for name in ("hinge", "fit", "panels", "detail", "race", "ranking")
    },
    **{
        getattr(module, name): neuron_frames(name)
        for module, names in (
            (neuron, ("artificial", "biological", "section", "plane", "fits", "differences")),
            (separation, ("perceptron", "bound", "eight", "feature")),
        )
        for name in names
    },
    **{
        getattr(trends, name): trend_frames(name)
        for name in ("accuracy", "bubbles", "counters", "sets", "devices")
    },
    **{getattr(doubling, name): trend_frames(name) for name in ("doubling", "outlook")},
    **{getattr(frameworks, name): frameworks_frames(name) for name in ("family", "growth", "lanes")},
    **{getattr(graphs, name): frameworks_frames(name) for name in ("trace", "gradients")},
    **{getattr(classification, name): classification_frames(name) for name in CLASSIFICATION},
    **{getattr(probability_map, name): classification_frames(name) for name in PROBABILITY_MAP},
    **{
        getattr(boards, name): softmax_frames(name)
        for name in ("stages", "point_stages", "shift", "push", "not_argmax")
    },
    **{
        getattr(classes, name): softmax_frames(name)
        for name in ("regions", "point_regions", "class_losses", "class_counts")
    },
}
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


def texts(lang: str) -> Texts:
    return load("linear_collapse", lang)


def parts(spec: object) -> Iterator[dict]:
    """Walk through all objects of a spec."""
    if isinstance(spec, dict):
        yield spec
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from parts(part)


def layers(spec: dict) -> list[dict]:
    """Return the layers of a picture, each with the name of its data."""
    return [{"data": spec.get("data"), **layer} for layer in spec["layer"]] if "layer" in spec else [spec]


def line_marks(spec: dict) -> dict[str, tuple[str, tuple[int, ...], bool]]:
    """Return colour, dash and thickness of every named line."""
    looks: dict[str, tuple[str, tuple[int, ...], bool]] = {}
    for layer in layers(spec):
        encoding = layer.get("encoding", {})
        if encoding.get("strokeDash", {}).get("field") != "line":
            continue
        color, dash = encoding["color"]["scale"], encoding["strokeDash"]["scale"]
        assert color["domain"] == dash["domain"]
        thick = [name for part in parts(encoding["strokeWidth"]) for name in part.get("oneOf", [])]
        for name, hue, pattern in zip(color["domain"], color["range"], dash["range"], strict=True):
            looks[name] = (hue, tuple(pattern), name in thick)
    assert len(looks) > 1
    return looks


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
    alt.Chart.from_dict(chart(texts(lang)), validate=True)


@each
@both
def test_the_spec_is_the_same_to_the_letter_whatever_the_data(chart, lang):
    before = json.dumps(chart(texts(lang)))
    for seed in SEEDS:
        FRAMES[chart](texts(lang), seed)
        assert json.dumps(chart(texts(lang))) == before


def test_the_spec_is_the_same_to_the_letter_whenever_it_is_made():
    """Altair numbers what has no name of its own, across all charts, so nothing may depend on its count."""
    made = {chart: json.dumps(chart.__wrapped__(texts("en"))) for chart in FRAMES}
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
    frames = FRAMES[chart](t, 1)
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
        for frame in FRAMES[chart](texts(lang), seed).values():
            if "line" in frame:
                assert set(frame["line"]) <= names


@each
def test_the_data_are_numbers_and_finite(chart):
    for seed in SEEDS:
        for frame in FRAMES[chart](texts("en"), seed).values():
            assert not frame.empty
            assert np.isfinite(frame.select_dtypes("number")).all(axis=None)
            assert not (frame.dtypes == "float64").any()  # twice the bytes for nothing that an eye could see


@each
def test_no_axis_moves_with_the_data(chart):
    spec = chart(texts("en"))
    for channel in ("x", "y"):
        scales = [layer["encoding"].get(channel, {}).get("scale", {}) for layer in layers(spec)]
        domains = {json.dumps(scale["domain"]) for scale in scales if "domain" in scale}
        assert len(domains) == 1
        # An interval, or names in a fixed order.
        kinds = {str if isinstance(edge, str) else float for edge in json.loads(domains.pop())}
        assert len(kinds) == 1


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


# -- the pictures one by one -----------------------------------------------------------------------


def test_the_answer_is_not_in_the_data_before_it_is_asked_for():
    net = experiments.two_regressions()
    hidden = collapse.two_regressions_data(net.x, net.hidden, None)["lines"]
    shown = collapse.two_regressions_data(net.x, net.hidden, net.output)["lines"]
    assert set(hidden["line"]) == {"h₁", "h₂"}
    assert set(shown["line"]) == {"h₁", "h₂", "y"}
    y = shown[shown["line"] == "y"]
    assert y["value"].to_numpy() == pytest.approx(net.output, abs=1e-6)
    assert y["x"].to_numpy() == pytest.approx(net.x, abs=1e-6)


def test_every_hidden_neuron_is_a_curve_of_its_own():
    net = experiments.deeper(depth=4, width=3)
    frame = collapse.deeper_data(texts("en"), net.x, net.hidden, net.output)["lines"]
    curves = frame.groupby("curve")
    assert len(curves) == 3 * 3 + 1
    assert [g["line"].nunique() for _, g in curves] == [1] * 10
    assert [g["value"].to_numpy() for _, g in curves] == [
        pytest.approx(values, abs=1e-5) for values in [*net.hidden, net.output]
    ]


def test_one_layer_has_no_hidden_neurons_to_draw():
    net = experiments.deeper(depth=1)
    frame = collapse.deeper_data(texts("en"), net.x, net.hidden, net.output)["lines"]
    assert set(frame["line"]) == {"y"}


@both
def test_what_the_neurons_bring_their_sum_and_the_best_line_are_told_apart(lang):
    net = experiments.with_activation(f="tanh")
    t = texts(lang)
    frame = collapse.with_activation_data(t, net.x, net.terms, net.output, net.best_line)["lines"]
    drawn = {name: group["value"].to_numpy() for name, group in frame.groupby("line")}
    first, second, y, line = line_marks(collapse.with_activation(t))
    for name, values in (
        (first, net.terms[0]),
        (second, net.terms[1]),
        (y, net.output),
        (line, net.best_line),
    ):
        assert drawn.pop(name) == pytest.approx(values, abs=1e-5)
    assert not drawn


def test_every_frame_of_a_training_run_is_a_column():
    t = texts("en")
    net = experiments.train_it()
    runs = [net.one_layer, net.deep_linear, net.with_f]
    frames = collapse.training_data(t, (net.x, net.y), (net.grid, net.curve), [run.y_hat for run in runs])
    by_name = frames["runs"].groupby("line", sort=False)
    assert list(by_name.groups) == [mark["label"] for mark in collapse.network_marks(t)]
    for run, (_, group) in zip(runs, by_name, strict=True):
        assert group["x"].to_numpy() == pytest.approx(net.grid, abs=1e-6)
        for i in range(experiments.N_FRAMES):
            assert group[f"f{i}"].to_numpy() == pytest.approx(run.y_hat[i], abs=1e-5)
    assert f"f{experiments.N_FRAMES}" not in frames["runs"]


def test_the_play_bar_has_as_many_frames_as_a_recording():
    assert collapse.LAST_FRAME == experiments.N_FRAMES - 1
    for chart in (collapse.training, collapse.losses):
        (frame,) = chart(texts("en"))["params"]
        assert frame["name"] == "frame"
        assert frame["bind"] == {
            "input": "range",
            "min": 0,
            "max": collapse.LAST_FRAME,
            "step": 1,
            "name": "frame",
        }


def test_the_play_bars_table_has_the_colours_and_dashes_of_the_picture():
    for lang in LANGUAGES:
        looks = line_marks(collapse.training(texts(lang)))
        marks = collapse.network_marks(texts(lang))
        assert [mark["label"] for mark in marks] == list(looks)
        for mark in marks:
            color, dash, _ = looks[mark["label"]]
            assert mark["color"] == color
            assert (mark["dash"] == "solid") == (dash == tuple(palette.SOLID))


def test_the_losses_are_drawn_step_by_step():
    t = texts("en")
    net = experiments.train_it()
    runs = [net.one_layer.train_loss, net.deep_linear.train_loss, net.with_f.train_loss]
    frame = collapse.losses_data(t, runs)["losses"]
    for losses, (_, group) in zip(runs, frame.groupby("line", sort=False), strict=True):
        assert group["x"].tolist() == list(range(experiments.N_FRAMES))
        assert group["value"].to_numpy() == pytest.approx(losses, rel=1e-5)


# -- activation functions --------------------------------------------------------------------------


def test_the_ranking_has_the_order_of_the_registry():
    assert activations.NAMES == activations_experiments.NAMES
    assert set(activations._WITHIN_ONE) < set(activations.NAMES)


@pytest.mark.parametrize("group", activations_experiments.GROUPS)
def test_whatever_the_cursor_everything_stands_in_its_own_plot(group):
    plots = (activations._F_PLOT, activations._SLOPE_PLOT)
    for cursor in np.linspace(-6, 6, 61):
        frames, net = panels_frames(texts("en"), float(cursor), group)
        for name in ("lines", "points", "tangents"):
            frame = frames[name]
            for v in [frame["v"]] + ([frame["v2"]] if name == "tangents" else []):
                inside = [v.between(low - 1e-6, high + 1e-6) for low, high in plots]
                assert (inside[0] | inside[1]).all()
        assert frames["tangents"][["x", "x2"]].abs().to_numpy().max() <= 6 + 1e-6
        assert set(frames["lines"]["panel"]) == set(range(len(net.names)))
        assert (frames["cursors"]["x"] == np.float32(cursor)).all()


def test_a_tangent_touches_its_curve_and_has_its_slope():
    for cursor in (-2.0, -0.4, 0.7, 1.9):
        frames, net = panels_frames(texts("en"), cursor, "eight")
        points = frames["points"][frames["points"]["line"] == "f"].set_index("panel")
        for i, tangent in frames["tangents"].iterrows():
            if i not in points.index:  # the point is out of view
                continue
            view = activations._BOUNDED if net.names[i] in activations._WITHIN_ONE else activations._UNBOUNDED
            unit = np.diff(activations._F_PLOT)[0] / (view[1] - view[0])
            slope = (tangent["v2"] - tangent["v"]) / (tangent["x2"] - tangent["x"]) / unit
            assert slope == pytest.approx(net.at_slope[i], abs=1e-4)
            at = tangent["v"] + slope * unit * (cursor - tangent["x"])
            assert at == pytest.approx(points.loc[i, "v"], abs=1e-5)


def test_the_panels_say_the_numbers_at_the_cursor():
    frames, net = panels_frames(texts("en"), 1.0, "eight")
    said = frames["words"].groupby("panel")["text"].apply(list)
    assert said[0] == ["sigmoid", "f = 0.731", "f′ = 0.197"]
    assert said[3] == ["step", "f = 1.00", "f′ = 0"]
    assert len(said) == len(net.names)


def test_the_one_picked_is_drawn_last_and_its_spread_around_it():
    t, random = texts("en"), np.random.default_rng(0)
    losses = random.random((11, 60, 8))
    frames = activations.race_data(t, np.arange(60), losses, 4)
    last = frames["lines"][frames["lines"]["curve"] == 10]
    assert last["value"].to_numpy() == pytest.approx(np.median(losses[4], 1), rel=1e-6)
    assert frames["lines"]["line"].value_counts()[t.say("picked")] == 60
    assert (frames["picked"]["low"] <= last["value"].to_numpy()).all()
    assert (frames["picked"]["high"] >= last["value"].to_numpy()).all()
    row = activations.ranking_data(t, activations_experiments.NAMES, losses, 4)["runs"].iloc[4]
    assert (row["line"], row["name"]) == (t.say("picked"), "step")
    assert row["f7"] == pytest.approx(np.median(losses[4, 7]), rel=1e-6)


def test_dead_zones_are_what_lies_outside_of_the_living_in_view():
    x = np.linspace(-6, 6, 13)
    for living, zones in {
        (-4.6, 4.6): [(-6, -4.6), (4.6, 6)],
        (-40, 40): [(-6, -6), (6, 6)],
        (0, 40): [(-6, 0), (6, 6)],
        (40, 40): [(-6, 6), (6, 6)],
    }.items():
        frame = activations.detail_data(x, x, x, living, (0, 1))["zones"]
        assert frame.to_numpy() == pytest.approx(np.array(zones))


# -- the graph -------------------------------------------------------------------------------------


def edges(**weights: float) -> pd.DataFrame:
    return network.graph_data(texts("en"), dict(zip(WEIGHTS, (1.0,) * 6, strict=True)) | weights)["edges"]


def test_every_weight_stands_on_the_edge_that_the_lecture_gives_it():
    """w11 and w12 weigh the constant, w21 and w22 the feature; w1 and w2 weigh the two regressions."""
    ends = {"w11": "1 h₁", "w21": "x h₁", "w12": "1 h₂", "w22": "x h₂", "w1": "h₁ y", "w2": "h₂ y"}
    nodes = network.graph_data(texts("en"), dict.fromkeys(WEIGHTS, 1.0))["nodes"].set_index("name")
    for i, (name, pair) in enumerate(ends.items()):
        edge = edges(**{name: -2.5}).iloc[i]
        start, end = (nodes.loc[node] for node in pair.split())
        assert (edge["x"], edge["y"], edge["x2"], edge["y2"]) == (start["x"], start["y"], end["x"], end["y"])
        assert edge["label"] == f"{texts('en').say(name)} = −2.5"
        assert (edge["size"], edge["sign"]) == (2.5, "−")


def test_a_weight_of_zero_is_drawn_thin_and_not_negative():
    edge = edges(w1=-0.0).iloc[4]
    assert (edge["size"], edge["sign"], edge["label"]) == (0, "+", "w₁ = 0.0")


def test_the_numbers_stand_on_their_edges_and_apart_from_each_other():
    frame = edges()
    places = frame[["at_x", "at_y"]].to_numpy()
    start, end = frame[["x", "y"]].to_numpy(), frame[["x2", "y2"]].to_numpy()
    along = ((places - start) * (end - start)).sum(1) / np.square(end - start).sum(1)
    assert ((along > 0.1) & (along < 0.9)).all()
    assert places == pytest.approx(start + along[:, None] * (end - start), abs=1e-6)
    for a, b in itertools.combinations(places, 2):
        # A number is about 0.5 wide and 0.2 high in the units of the picture.
        assert abs(a[0] - b[0]) > 0.4 or abs(a[1] - b[1]) > 0.2


# -- the neuron ------------------------------------------------------------------------------------


def test_the_weight_of_the_constant_is_minus_gamma():
    weights = {"w1": 2.0, "w2": -1.0, "gamma": 0.7}
    frames = neuron.artificial_data(texts("en"), weights, (1.0, -2.0), 3.3, 1)
    assert frames["edges"]["label"].tolist() == ["−γ = −0.7", "w₁ = 2.0", "w₂ = −1.0", "3.30", "1"]
    assert frames["edges"]["sign"].tolist()[:3] == ["−", "+", "−"]
    assert frames["values"]["label"].tolist() == ["1.0", "−2.0"]


def test_the_side_that_is_called_one_has_the_colour_of_class_one_and_its_name():
    t, net = texts("en"), cells.three_pictures(sigma="threshold")
    frames = neuron.plane_data(t, "threshold", net.plane, net.line, cells.HANDLES, net.weights)
    for x, y, side in frames["sides"][["x", "value", "side"]].itertuples(index=False):
        w = net.weights
        assert (w["w1"] * x + w["w2"] * y >= w["gamma"]) == (side == "1")
    image = Image.open(io.BytesIO(base64.b64decode(frames["surface"]["url"][0].partition(",")[2])))
    top_right = image.convert("RGB").getpixel((cells.N_CELLS - 1, 0))
    hue = palette.CLASSES[1] if net.plane[0, -1] else palette.CLASSES[0]
    assert "#{:02X}{:02X}{:02X}".format(*top_right) == hue


def test_points_that_would_touch_on_the_axis_of_a_feature_stand_above_each_other():
    for name in cells.FEATURES:
        net = cells.eight_points(feature=name, angle=20)
        frame = separation.feature_data(net.h, net.y, net.mistaken, net.threshold)["samples"]
        places = frame[["x", "value"]].to_numpy()
        for a, b in itertools.combinations(places, 2):
            assert abs(a[0] - b[0]) >= 0.45 - 1e-6 or abs(a[1] - b[1]) > 0.99


def test_without_a_margin_there_is_no_bound_and_its_bar_ends_beyond_the_edge():
    frame = separation.bound_data(texts("en"), **cells.learning_rule(samples="xor").counts)["bars"]
    assert "∞" not in "".join(frame["label"])
    (scale,) = {
        json.dumps(p["scale"]) for p in parts(separation.bound(texts("en"))) if "type" in p.get("scale", {})
    }
    assert frame["x"].iloc[1] > json.loads(scale)["domain"][1]


def test_the_map_has_a_cell_for_every_network_and_marks_exact_zeros_in_words():
    t = texts("en")
    powers = np.linspace(-40, 20, 120).reshape(4, 30)
    powers[2, 6:9] = -np.inf
    frames = paralysis.gradient_map_data(t, ("sigmoid", "tanh", "relu", "identity"), powers, "tanh", 12)
    cells = frames["cells"].iloc[:120]
    assert (cells["sign"].to_numpy() == np.where(powers.ravel() < 0, "−", "+")).all()
    shares = np.minimum(np.abs(powers.ravel()) / paralysis.FULL, 1)
    assert cells["share"].to_numpy() == pytest.approx(shares, abs=1e-6)
    middles = cells[["x", "x2"]].mean(axis=1).to_numpy().reshape(4, 30)
    assert (middles == np.arange(1, 31)).all(), "a cell stands over its depth"
    framed = frames["now"].iloc[0]
    row = cells.iloc[30 + 11]
    assert (framed["x"], framed["x2"]) == (row["x"], row["x2"])
    assert framed["y"] < row["y"] < row["y2"] < framed["y2"]
    words = frames["words"]
    assert words.loc[words["align"] == "center", "x"].tolist() == [7, 8, 9]
    rows = words.loc[words["align"] == "left", "text"].tolist()[:4]
    assert rows == [
        t.say("map_row", f=t.say(f), ratio=float(10.0 ** powers[i, 11]))
        for i, f in enumerate(("sigmoid", "tanh", "relu", "identity"))
    ]


def test_what_is_exactly_zero_leaves_the_profile_and_stands_at_the_edge_elsewhere():
    t = texts("en")
    gone = paralysis.profile_data(t, np.array([-np.inf, 0.0]), np.zeros(2), np.zeros(2))["lines"]["value"]
    low, _ = paralysis.profile(t)["encoding"]["y"]["scale"]["domain"]
    assert gone[0] < low
    zero = paralysis.paralysis_gradients_data(t, np.arange(2), np.zeros(2), np.ones(2))["lines"]["value"]
    lines, _ = layers(paralysis.paralysis_gradients(t))
    assert zero.tolist()[:2] == [lines["encoding"]["y"]["scale"]["domain"][0]] * 2


def test_a_run_of_one_step_is_seen_as_a_point():
    t = texts("en")
    lines = paralysis.paralysis_loss_data(t, np.array([0]), np.array([2e21]), 0.5)["lines"]
    assert lines.groupby("line")["last"].sum().tolist() == [1, 1]
    for name, group in lines.groupby("line"):
        assert group["x"][group["last"]].item() == group["x"].max(), name


def test_an_arrow_begins_at_its_place_and_points_where_it_should_the_longest_as_long_as_all():
    random = np.random.default_rng(0)
    places, arrows = random.normal(size=(2, 6, 2))
    frame = regression.bowl_data(
        texts("en"), random.normal(size=(2, 5, 2)), places[0], places, places, arrows
    )
    strokes = frame["arrows"].to_numpy().reshape(-1, 3, 4)  # a shaft and two sides, from (x, y) to (x2, y2)
    tails, tips = strokes[:, 0, :2], strokes[:, 0, 2:]
    shafts = tips - tails
    assert tails == pytest.approx(places, abs=1e-6)
    assert np.allclose(shafts / arrows, (shafts / arrows)[0, 0], rtol=1e-4)
    assert (strokes[:, 1:, :2] == tips[:, None]).all()
    assert np.linalg.norm(shafts, axis=1).max() == pytest.approx(0.75, rel=1e-5)


def test_every_point_has_its_crease_once_the_creases_are_shown():
    random = np.random.default_rng(1)
    two, way, contours = random.normal(size=2), random.normal(size=(60, 2)), random.normal(size=(2, 5, 2))
    x, y = random.normal(size=(2, 5))
    shown, hidden = (
        regression.facets_data(texts("en"), contours, two, way, way, way, points)["creases"]
        for points in ((x, y), None)
    )
    for w0, w1 in (("x", "value"), ("x2", "y2")):  # both ends lie on w0 + w1 x = y
        assert shown[w0].to_numpy() + shown[w1].to_numpy() * x == pytest.approx(y, abs=1e-5)
    assert (hidden[["x", "x2"]].abs() > 100).all(axis=None)


def test_errors_are_drawn_from_the_point_to_the_line_and_only_when_asked_for():
    x, y = np.array([0.0, 1.0]), np.array([1.0, -1.0])
    for y_hat, ends in ((None, y), (y / 2, y / 2)):
        frames = regression.points_and_line_data(texts("en"), x, y, y_hat, np.array([0.5, -1.0]))
        assert frames["errors"]["value"].tolist() == y.tolist()
        assert frames["errors"]["y_hat"].tolist() == ends.tolist()
        assert frames["line"]["value"].tolist() == [3.5, -2.5]


def test_the_descents_have_a_column_for_every_step_of_the_play_bar():
    assert regression.LAST_FRAME == linear_regression.N_FRAMES - 1
    run = linear_regression.descent()
    frame = regression.at_step_data(texts("en"), run.x, run.y, run.lines, run.star)["runs"]
    for i in (0, 17, 59):
        assert frame[f"f{i}"].to_numpy() == pytest.approx(run.lines[i], abs=1e-5)


def test_a_map_is_clear_at_one_half_and_grey_where_the_threshold_is_crossed():
    levels = np.array([[0, 0, 125, 250, 250]] * 4, np.uint8)
    data = base64.b64decode(probability_map.png(levels, 0.6).partition(",")[2])
    pixels = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))[0]
    assert pixels[0, 3] > 150
    assert pixels[2, 3] == 0  # p = 1/2
    assert tuple(pixels[0, :3]) == (0, 0x72, 0xB2)  # class 0
    assert tuple(pixels[4, :3]) == (0xE6, 0x9F, 0)  # class 1
    assert tuple(pixels[3]) == (0x76, 0x76, 0x76, 255)


def test_the_bill_says_infinite_where_cutting_off_leaves_nothing():
    t, one = texts("en"), np.array([1.0])
    cells = classification.bill_data(t, (12 * -one, one), (6e-6 * one, 12 * one), (0 * one, np.inf * one))
    assert "∞" in cells["cells"]["text"].tolist()
    assert cells["cells"]["bold"].sum() == 6 + 3  # headings, "mean" and both means


def test_the_tables_of_the_stalled_neuron_have_the_colours_of_the_picture():
    looks = line_marks(classification.hills(texts("ru")))
    for mark in classification.stalled_marks(texts("ru")):
        color, dash, _ = looks[mark["label"]]
        assert (mark["color"], mark["dash"] == "solid") == (color, dash == tuple(palette.SOLID))


def test_a_board_shows_the_numbers_of_the_slide_and_their_sum_in_the_colour_of_an_error():
    t = texts("en")
    frames = softmax_frames("stages")(t, 0)
    numbers = frames["numbers"].set_index("text")
    assert {"5.0", "4.0", "2.0", "0.71", "0.26", "0.04", "0.349", "Σ 210"} <= set(numbers.index)
    assert set(frames["notes"]["text"]) == {"≈ 0.7054", "≈ 0.2595", "≈ 0.0351"}
    assert numbers.loc["Σ 1.01", "color"] == palette.ERROR
    other = softmax_frames("stages")(t, 1)["numbers"].set_index("text")
    assert other.loc["Σ 1.00", "color"] == palette.GREY


def test_a_probability_that_rounds_to_nothing_or_all_is_written_as_what_it_is():
    net = softmax_experiments.stages(logits=((10.0, 0.0), (0.0, 0.0), (0.0, 0.0)), truth=(0, 0, 0))
    notes = boards.stages_data(texts("en"), ["a", "b"], *net.board)["notes"]
    assert notes["text"].tolist() == ["< 1", "≈ 4.5·10⁻⁵"]


def test_bars_stay_on_their_board_whatever_the_logits():
    for settings in ({}, {"temperature": 0.1}, {"logits": ((10.0, -10.0, -10.0),) * 3}):
        net = softmax_experiments.stages(**settings)
        for y in range(3):
            board = (net.logits, net.exponentials, net.probabilities, float(net.prices[y]), y)
            bars = boards.stages_data(texts("en"), ["a", "b", "c"], *board)["bars"]
            assert bars[["x", "x2"]].min(axis=None) >= 0
            assert bars[["x", "x2"]].max(axis=None) <= 100


def test_a_region_has_the_colour_of_its_class_and_is_the_fuller_the_surer():
    winner, confidence = np.array([[0, 1, 2]], np.uint8), np.array([[1 / 3, 0.7, 1.0]])
    uri = classes.png(winner, confidence, 3)
    image = np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGBA"))
    assert ["#" + bytes(pixel[:3]).hex().upper() for pixel in image[0]] == list(palette.CLASSES[:3])
    opacity = image[0, :, 3]
    assert opacity[0] == 0 < opacity[1] < opacity[2] < 255


def test_the_counts_of_a_frame_are_those_of_its_column():
    net = softmax_experiments.train_it(groups=4)
    cells = classes.class_counts_data(texts("en"), net.confusion)["cells"]
    for i in (0, 7, classes.LAST_FRAME):
        assert cells[f"f{i}"].tolist() == net.confusion[i].ravel().tolist()
    on_diagonal = cells["color"] == palette.MODEL
    assert on_diagonal.tolist() == np.eye(4, dtype=bool).ravel().tolist()
