"""The experiments of the page "A little history": a timeline that lays itself out, and working replicas.

Torch is imported by the one replica that trains a network, when it is asked to.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from explainer import facts
from explainer.nets import xor
from explainer.nets.certainty import combine_in_steps, premise
from explainer.nets.labels import place
from explainer.nets.retina import FIGURES, SIDE, show
from explainer.nets.threshold import GATES, INPUTS, count_positions, fires, learn

# -- the timeline ------------------------------------------------------------------------------------

ROWS, LANES = 13, 3  # of labels, and of bare marks below them
WIDTH = 49.0  # of the picture on a projector, in the size of its type
LETTER = 0.54  # width of a letter in the same unit; a label's letters are taken for wide ones
_MARGIN = 0.5  # years at both ends


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the events of the timeline stand: arrays (n_events,) in the order of the table.

    ``shown`` tells which events pass the filters, ``x`` is the place between the ends (0 … 1) of the
    ``window`` (first, last) in years, ``row`` counts from the top, ``left`` tells that the label stands at
    the left of its mark, and ``zoom`` how many times the picture must be enlarged before the label has
    room. ``n_labels`` of the ``n_shown`` events have room at once.
    """

    shown: np.ndarray
    x: np.ndarray
    row: np.ndarray
    left: np.ndarray
    zoom: np.ndarray
    window: tuple[float, float]
    n_shown: int
    n_labels: int


def timeline(
    *,
    years: str = "all_years",
    kind: str = "all_kinds",
    named: str = "all_events",
    find: str = "",
    lang: str = "ru",
) -> Layout:
    """Lay the events out that pass the filters, so that no label lies on another one or on a mark.

    ``years`` is an era, ``era_…``, which fills the picture then; ``kind`` a kind of event, ``kind_…``;
    ``named`` is ``only_lecture`` for what the lecture names; ``find`` is what `facts.find` looks for.
    """
    table, eras = facts.load("timeline"), facts.load("eras").set_index("id")
    shown = np.ones(len(table), bool)
    first, last = eras["start"].min(), eras["end"].max()
    if years != "all_years":
        era = years.removeprefix("era_")
        shown &= (table["era"] == era).to_numpy()
        first, last = eras["start"][era], eras["end"][era]
    if kind != "all_kinds":
        shown &= (table["kind"] == kind.removeprefix("kind_")).to_numpy()
    if named == "only_lecture":
        shown &= (table["in_lecture"] == "yes").to_numpy()
    shown &= facts.find("timeline", find)

    window = (first - _MARGIN, last + 1 + _MARGIN)
    x = (facts.dates("timeline") - window[0]) / (window[1] - window[0])
    widths = table[f"label_{lang}"].str.len().to_numpy() * LETTER
    lecture = (table["in_lecture"] == "yes").to_numpy()
    # What the lecture names comes first, and the latest first: with the crowded end settled, most finds room.
    order = [i for i in np.lexsort([-facts.dates("timeline"), ~lecture]) if shown[i]]
    row, left, zoom = place(x, widths, order=order, n_rows=ROWS, n_lanes=LANES, width=WIDTH)
    return Layout(shown, x, row, left, zoom, window, int(shown.sum()), int((zoom == 1).sum()))


# -- the walk ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Stop:
    """A stop of the walk: the event's number in the table.

    ``on_route`` (n_events,) tells which events the route visits; ``slide`` is the row of the table
    ``history_slides`` that belongs to the event, or -1.
    """

    event: int
    on_route: np.ndarray
    slide: int


def route_length(*, route: str = "route_lecture") -> int:
    """Count the stops of a route."""
    return int(_on_route(route).sum())


def _on_route(route: str) -> np.ndarray:
    table = facts.load("timeline")
    if route == "route_lecture":
        return (table["in_lecture"] == "yes").to_numpy()
    if route == "route_slides":
        return table["id"].isin(facts.load("history_slides")["event"]).to_numpy()
    return np.ones(len(table), bool)


def walk(*, event: int = 1, route: str = "route_lecture") -> Stop:
    """Go to the stop number ``event`` of a route: the whole table, the lecture's, or where slides differ."""
    table, on_route = facts.load("timeline"), _on_route(route)
    at = int(np.flatnonzero(on_route)[event - 1])
    slides = facts.load("history_slides")["event"].tolist()
    name = table["id"][at]
    return Stop(at, on_route, slides.index(name) if name in slides else -1)


# -- 1943: gates -------------------------------------------------------------------------------------

GRID = 101  # points a side of the plane: as many pixels that a slanting border looks straight
VIEW = (-0.5, 1.5)
UNIT = {"gate_a": (-2, 2, 1.0), "gate_b": (-2, 2, 1.0), "gate_threshold": (-3, 3, 0.5)}  # low, high, default
WEIGHTS, THRESHOLDS = np.arange(-4, 5) / 2, np.arange(-6, 7) / 2  # where the sliders can stand


def plane() -> np.ndarray:
    """Return the points (GRID², 2) of the plane around the four inputs, row by row."""
    axis = np.linspace(*VIEW, GRID)
    return np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Gate:
    """A threshold unit: its answers (4,) to the rows of the truth table, and over the ``plane()``.

    ``right`` counts the rows in which it is the ``target`` gate; of ``n_positions`` of the sliders
    ``n_make`` make the gate, and none is right in more than ``most`` rows.
    """

    output: np.ndarray
    target: np.ndarray
    surface: np.ndarray
    right: int
    n_make: int
    n_positions: int
    most: int


@cache
def _positions(gate: str) -> tuple[int, int, int]:
    return count_positions(GATES[gate], WEIGHTS, THRESHOLDS)


def gates(
    *, gate: str = "gate_and", gate_a: float = 1.0, gate_b: float = 1.0, gate_threshold: float = 0.5
) -> Gate:
    """Compute a unit with two weights and a threshold, and try all positions of its three sliders."""
    weight, target = np.array([gate_a, gate_b]), np.array(GATES[gate])
    output = fires(INPUTS, weight, gate_threshold)
    surface = fires(plane(), weight, gate_threshold).astype(float)
    return Gate(output, target, surface, int((output == target).sum()), *_positions(gate))


# -- 1958: the perceptron on its retina --------------------------------------------------------------

N_LESSONS, N_TEST = 200, 200


@dataclass(frozen=True, eq=False)
class Retina:
    """A perceptron after so many pictures: two fresh ``samples`` (2, 20, 20), its ``weight`` (20, 20).

    ``accuracy`` (201,) is the share of fresh pictures that it names rightly after 0, 1, 2 … lessons, and
    ``per_cent`` the one after those that were given; ``corrections`` counts how often the rule changed the
    weights.
    """

    samples: np.ndarray
    weight: np.ndarray
    accuracy: np.ndarray
    per_cent: float
    corrections: int


def retina(
    *,
    one: str = "shape_square",
    other: str = "shape_cross",
    lessons: int = 60,
    cell_noise: float = 0.05,
    moved: int = 2,
) -> Retina:
    """Show two shapes in turn and let Rosenblatt's rule learn to tell them apart.

    Every cell is wired straight to the output; the Mark I had 512 fixed random units between them.
    """
    ways = {"shift": moved, "noise": cell_noise}
    half = N_LESSONS // 2
    shown = [show(FIGURES[name], half, seed=i, **ways) for i, name in enumerate((one, other))]
    fresh = [show(FIGURES[name], half, seed=10 + i, **ways) for i, name in enumerate((one, other))]
    y = np.repeat([0, 1], half)
    path = learn(np.concatenate(shown), y, np.arange(N_LESSONS).reshape(2, half).T.ravel())
    weight, bias = path[:, :-1], path[:, -1:]
    guesses = weight @ np.concatenate(fresh).T + bias > 0
    accuracy = (guesses == y).mean(1)
    changes = (path[1:] != path[:-1]).any(1)
    return Retina(
        np.stack([pictures[lessons // 2 % half].reshape(SIDE, SIDE) for pictures in fresh]),
        weight[lessons].reshape(SIDE, SIDE),
        accuracy,
        100 * float(accuracy[lessons]),
        int(changes[:lessons].sum()),
    )


# -- 1969 and 1986: XOR ------------------------------------------------------------------------------

N_EPOCHS = 150


@dataclass(frozen=True, eq=False)
class Xor:
    """A network of ``hidden`` neurons on XOR after so many ``epochs``: answers (4,), a surface.

    ``right`` counts the rows that it gets right; ``loss`` is the mean squared error of its answers.
    ``verdict`` is ``solved``; or ``one_layer`` or ``one_hidden``, which cannot solve it; or ``not_yet``.
    """

    output: np.ndarray
    target: np.ndarray
    surface: np.ndarray
    hidden: int
    epochs: int
    right: int
    loss: float
    verdict: str


def hidden_layer(*, hidden_units: int = 0, xor_epochs: int = N_EPOCHS, xor_start: int = 0) -> Xor:
    """Train on XOR: by Rosenblatt's rule without hidden neurons, by backpropagation with them."""
    points = np.concatenate([INPUTS, plane()])
    if hidden_units == 0:
        answers = xor.by_rosenblatts_rule(points, epochs=xor_epochs, seed=xor_start)
    else:
        answers = xor.by_backpropagation(points, hidden=hidden_units, epochs=xor_epochs, seed=xor_start)
    output, target = answers[:4], xor.TARGET
    right = int(((output > 0.5) == target).sum())
    unable = {0: "one_layer", 1: "one_hidden"}  # a single hidden neuron, too, draws one straight line
    verdict = unable.get(hidden_units, "solved" if right == 4 else "not_yet")
    loss = float(((output - target) ** 2).mean())
    return Xor(output, target, answers[4:], hidden_units, xor_epochs, right, loss, verdict)


# -- 1976: MYCIN in three rules ----------------------------------------------------------------------

EVIDENCE = {"cf_gram": 1.0, "cf_coccus": 1.0, "cf_clumps": 0.8, "cf_skin": 0.5, "cf_chains": 0.0}
RULES = (0.7, 0.4, -0.6)  # certainty that the rules give to "staphylococcus" if their premises are certain


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What three rules say of one hypothesis: their premises and certainty factors (3,).

    ``together`` combines all three, in two ``steps``: each names its formula, ``positive``, ``negative`` or
    ``mixed``, and its numbers ``a``, ``b`` and ``ab``, what both make.
    """

    premises: np.ndarray
    factors: np.ndarray
    steps: tuple[tuple[str, dict[str, float]], ...]
    together: float


def mycin(
    *,
    cf_gram: float = 1.0,
    cf_coccus: float = 1.0,
    cf_clumps: float = 0.8,
    cf_skin: float = 0.5,
    cf_chains: float = 0.0,
) -> Diagnosis:
    """Apply three rules for "staphylococcus" to evidence between -1 and 1 and combine what they say.

    Rule 1 is MYCIN's own: gram-positive, coccus, growing in clumps. Rules 2 and 3 are made for this page
    in its manner: entry through the skin; growth in chains, which speaks against it.
    """
    premises = np.array(
        [premise((cf_gram, cf_coccus, cf_clumps)), premise((cf_skin,)), premise((cf_chains,))]
    )
    factors = premises * RULES + 0.0  # no negative zero
    steps = combine_in_steps(factors.tolist())
    return Diagnosis(premises, factors, steps, steps[-1][1]["ab"])


# -- 2012: the drop ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Drop:
    """Top-5 errors in per cent: winners (n_years,) by year, and one person's.

    ``foretold`` continues the line through 2010 and 2011 to 2012, where the winner made ``error``; ``before``
    and ``fell`` are the falls to 2011 and to 2012, in percentage points; ``guess`` is the reader's for 2012.
    """

    years: np.ndarray
    errors: np.ndarray
    human: float
    foretold: float
    error: float
    before: float
    fell: float
    guess: float


def alexnet(*, guess: float = 24.0) -> Drop:
    """Read the winners of ImageNet's competition; the guess for 2012 is drawn beside them.

    The forecast continues the line through 2010 and 2011.

    Raises
    ------
    ValueError
        If the guess is no error rate, in per cent.
    """
    if not 0 <= guess <= 100:
        raise ValueError(f"an error rate is between 0 and 100 per cent, not {guess}")
    table = facts.load("imagenet")
    machines = table[table["agent"] == "machine"].sort_values("year")
    years, errors = machines["year"].to_numpy(), machines["error_pct"].to_numpy()
    human = float(table["error_pct"][table["agent"] == "human"].iloc[0])
    first, second, third = errors[:3].tolist()
    return Drop(years, errors, human, 2 * second - first, third, first - second, second - third, guess)


# -- a new winter? -----------------------------------------------------------------------------------

SPAN = (-21.0, 8.0)  # years before and after the start of a winter
LANE, LANE_WIDTH = 6, 22.0  # rows of a lane, and the width of the picture in the size of its type


@dataclass(frozen=True, eq=False)
class Winters:
    """What surrounded the two winters, a row an event of the table ``winters``.

    ``event`` (n,) is its number in the table ``timeline``, ``winter`` 1 or 2, ``x`` the years since that
    winter began, ``row`` its row in that winter's lane, ``left`` tells that the label stands at the left;
    ``length`` holds the lengths of both winters in years.
    """

    event: np.ndarray
    winter: np.ndarray
    x: np.ndarray
    row: np.ndarray
    left: np.ndarray
    length: tuple[int, int]


def winter(*, expectation: str = "who_knows", lang: str = "ru") -> Winters:
    """Lay both winters over each other, year 0 below year 0; the reader's expectation changes nothing."""
    table, lanes = facts.load("timeline"), facts.load("winters")
    eras = facts.load("eras").set_index("id")
    event = table.reset_index().set_index("id")["index"][lanes["event"]].to_numpy()
    number = lanes["winter"].to_numpy()
    starts = np.array([eras["start"][f"winter{i}"] for i in (1, 2)])
    x = facts.dates("timeline")[event] - starts[number - 1]
    share = (x - SPAN[0]) / (SPAN[1] - SPAN[0])
    widths = table[f"label_{lang}"].str.len().to_numpy()[event] * LETTER
    row, left = np.zeros(len(lanes), int), np.zeros(len(lanes), bool)
    for i in (1, 2):
        mine = np.flatnonzero(number == i)
        row[mine], left[mine], _ = place(
            share[mine], widths[mine], order=range(len(mine)), n_rows=LANE, n_lanes=1, width=LANE_WIDTH
        )
    length = tuple(int(eras["end"][f"winter{i}"] - eras["start"][f"winter{i}"]) for i in (1, 2))
    return Winters(event, number, x, row, left, length)
