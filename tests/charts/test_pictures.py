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
from explainer.charts import approximation, classes, collapse, network, palette
from explainer.charts import softmax as boards
from explainer.experiments import linear_collapse as experiments
from explainer.experiments import softmax as softmax_experiments
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

_WITHOUT_LINES = {
    *(network.graph, collapse.matrices, boards.stages, boards.point_stages, boards.shift, boards.push),
    *(classes.regions, classes.point_regions, classes.class_counts),
}
OF_LINES = [chart for chart in FRAMES if chart not in _WITHOUT_LINES]

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
        assert all(isinstance(edge, (int, float)) for edge in json.loads(domains.pop()))


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


# -- boards and regions ----------------------------------------------------------------------------


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
