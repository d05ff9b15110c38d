"""What a hand sets on the picture of a network, as values and as texts in the link.

Nothing that a browser or an address sends is taken on trust: a part that is none is ``None``. Own points
are six signs each, two of base 36 for a coordinate and two for the label: a class from 0 to 3, or a number.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from explainer.ui.panel import Setting, option_name
from explainer.ui.values import snap

STEP = 0.01  # of coordinates
MOST_POINTS, MOST_MOVED, _MOST_LAYERS = 1000, 40, 6
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Place = tuple[float, float]
Labelled = tuple[float, float, float]
Rules = tuple[tuple, Callable[[object], tuple | None], Callable[[str], object], Callable[[tuple], str]]


def panel_of(offers: Mapping[str, Sequence], default: Mapping[str, object]) -> dict[str, tuple[Setting, ...]]:
    """Return the panel of a network's settings, from the options that its experiment offers."""

    def listed(name: str, options: Sequence | None = None) -> Setting:
        return name, offers[name] if options is None else options, default[name]

    def sliding(name: str, low: float, high: float, step: float) -> Setting:
        return name, low, high, default[name], step

    f, penalties = offers["activation"], offers["penalty"]
    return {
        "g_data": (
            listed("data"),
            sliding("noise", 0.0, 0.5, 0.05),
            sliding("train_share", 0.1, 0.9, 0.1),
            sliding("n_samples", 20, 1000, 10),
            sliding("data_seed", 0, 9, 1),
        ),
        "g_network": (
            ("hidden_layers", 0, _MOST_LAYERS, len(default["hidden"]), 1),
            ("f", f, default["activation"][0]),
            listed("scheme"),
            sliding("dropout", 0.0, 0.8, 0.1),
            sliding("seed", 0, 9, 1),
        ),
        "g_own_f": tuple((f"f{i + 1}", ("same", *f), "same") for i in range(_MOST_LAYERS)),
        "g_learning": tuple(map(listed, ("optimizer", "learning_rate", "loss", "batch_size", "n_steps"))),
        "g_brakes": (
            listed("l1", penalties),
            listed("l2", penalties),
            listed("stop_loss", (0.0, 0.001, 0.01, 0.1)),
            listed("stop_accuracy", (0.0, 0.9, 0.95, 0.99, 1.0)),
            listed("patience", (0, 50, 100, 300)),
        ),
        "g_more": (("standardise", ("standard_on", "standard_off"), "standard_on"),),
    }


def rules(default: Mapping[str, object], features: Sequence[str], view: Place, most: int) -> dict[str, Rules]:
    """Return for every part its default, and how it is checked, read and written."""
    hidden = tuple(default["hidden"])
    rest = (4,) * (_MOST_LAYERS - len(hidden))
    return {
        "features": (tuple(default["features"]), _subset(features), _split, "*".join),
        "widths": (hidden + rest, _integers(_MOST_LAYERS, most), _split, _join),
        "own": ((), _labelled(view), _read_points(view), _write_points(view)),
        "place": ((), _place(view), _split, _join),
        "start": ((), _weights, _read_weights, _write_weights),
    }


def assembled(
    default: Mapping[str, object], chosen: Mapping[str, object], built: Mapping[str, tuple]
) -> dict[str, object]:
    """Put settings of a panel and parts together as the settings of an experiment."""
    settings = {key: value for key, value in chosen.items() if key in default}
    layers, f = chosen["hidden_layers"], chosen["f"]
    own_f = [chosen[f"f{i + 1}"] for i in range(layers)]
    hidden = built["widths"][:layers]
    shape, *moved = built["start"] or ("",)
    return {
        **default,
        **settings,
        "standardise": chosen["standardise"] == "standard_on",
        "features": built["features"],
        "hidden": hidden,
        "activation": tuple(f if other == "same" else other for other in own_f) or (f,),
        "own": built["own"],
        "start": tuple(moved) if shape == _shape(built["features"], hidden) else (),
    }


def taken_apart(change: Mapping[str, object], widths: tuple[int, ...]) -> dict[str, object]:
    """Return the values of the controls that make these changes of an experiment's settings."""
    values = dict(change)
    if "hidden" in change:
        hidden = values.pop("hidden")
        values |= {"hidden_layers": len(hidden), "widths": (*hidden, *widths[len(hidden) :])}
    if "activation" in change:
        first, *others = values.pop("activation")
        same = [first, *others, *[others[-1] if others else first] * len(widths)][: len(widths)]
        values["f"] = first
        values |= {f"f{i + 1}": "same" if f == first else f for i, f in enumerate(same)}
    if "standardise" in change:
        values["standardise"] = "standard_on" if change["standardise"] else "standard_off"
    if values.get("start"):
        del values["start"]  # it belongs to the network that it was made for
    return values


def read_settings(
    texts: Mapping[str, str], panel: Mapping[str, Sequence[Setting]], parts: Mapping[str, Rules]
) -> tuple[dict[str, object], dict[str, tuple]]:
    """Return settings of a panel and parts from texts of a link; what is missing or wrong is the default."""
    chosen = {}
    for name, *rest in (setting for group in panel.values() for setting in group):
        text = texts.get(name)
        if isinstance(rest[0], (tuple, list)):
            chosen[name] = {option_name(option): option for option in rest[0]}.get(text, rest[1])
        else:
            low, high, default, step = rest
            value = None if text is None else snap(text, low, high, step)
            chosen[name] = default if value is None else value
    built = {}
    for name, (default, check, read, _) in parts.items():
        value = check(read(texts[name])) if name in texts else None
        built[name] = default if value is None else value
    return chosen, built


# -- the parts -------------------------------------------------------------------------------------


def _split(text: str) -> list[str]:
    return text.split("*")


def _join(numbers: Sequence[float]) -> str:
    return "*".join(f"{value:g}" for value in numbers)


def _subset(features: Sequence[str]) -> Callable[[object], tuple[str, ...] | None]:
    def check(names: object) -> tuple[str, ...] | None:
        if not isinstance(names, (list, tuple)) or not names or not all(name in features for name in names):
            return None
        return tuple(feature for feature in features if feature in names)

    return check


def _integers(n: int, most: int) -> Callable[[object], tuple[int, ...] | None]:
    def check(numbers: object) -> tuple[int, ...] | None:
        if not isinstance(numbers, (list, tuple)) or len(numbers) != n:
            return None
        found = tuple(snap(value, 1, most, 1) for value in numbers)
        return None if None in found else found

    return check


def _place(view: Place) -> Callable[[object], tuple[float, ...] | None]:
    def check(pair: object) -> tuple[float, ...] | None:
        if not isinstance(pair, (list, tuple)) or len(pair) not in (0, 2):
            return None
        found = tuple(snap(value, *view, STEP) for value in pair)
        return None if None in found else found

    return check


def _labelled(view: Place) -> Callable[[object], tuple[Labelled, ...] | None]:
    place = _place(view)

    def check(points: object) -> tuple[Labelled, ...] | None:
        if not isinstance(points, (list, tuple)) or len(points) > MOST_POINTS:
            return None
        found = []
        for point in points:
            if not isinstance(point, (list, tuple)) or len(point) != 3:
                return None
            at, label = place(point[:2]), snap(point[2], -1.0, 3.0, STEP)
            if not at or label is None or (label > 1 and label not in (2, 3)):
                return None
            found.append((*at, label))
        return tuple(found)

    return check


def _read_points(view: Place) -> Callable[[str], list | None]:
    def read(text: str) -> list | None:
        if not re.fullmatch("(?:[0-9a-z]{6})*", text):
            return None
        pairs = [int(text[i : i + 2], 36) * STEP for i in range(0, len(text), 2)]
        return [
            (view[0] + x, view[0] + y, label - 1)
            for x, y, label in zip(pairs[::3], pairs[1::3], pairs[2::3], strict=True)
        ]

    return read


def _write_points(view: Place) -> Callable[[Sequence[Labelled]], str]:
    def signs(value: float) -> str:
        high, low = divmod(round(value / STEP), 36)
        return _DIGITS[high] + _DIGITS[low]

    return lambda points: "".join(
        signs(x - view[0]) + signs(y - view[0]) + signs(label + 1) for x, y, label in points
    )


def _shape(features: Sequence[str], hidden: Sequence[int]) -> str:
    """Name the shape of a network, to which weights moved by hand belong."""
    return "-".join(map(str, (len(features), *hidden)))


def _weights(moved: object) -> tuple | None:
    """Check weights moved by hand: the shape of their network, then pairs of a number and a weight."""
    if not isinstance(moved, (list, tuple)) or len(moved) > MOST_MOVED:
        return None
    if not moved:
        return ()
    shape, *pairs = moved
    if not isinstance(shape, str) or not re.fullmatch(r"\d{1,2}(-\d{1,2}){0,6}", shape):
        return None
    if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in pairs):
        return None
    found = [(snap(i, 0, 20_000, 1), snap(value, -10.0, 10.0, 0.01)) for i, value in pairs]
    return None if any(None in pair for pair in found) else (shape, *found)


def _read_weights(text: str) -> list | None:
    shape, *pairs = text.split("*")
    return [shape, *(pair.split("_") for pair in pairs)]


def _write_weights(moved: tuple) -> str:
    shape, *pairs = moved or ("",)
    return "*".join([shape, *(f"{i}_{value:g}" for i, value in pairs)])
