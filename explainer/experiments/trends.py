"""The experiments of the page "Four trends": tables of facts, cut where a slider says, and their growth."""

from dataclasses import dataclass, fields

import numpy as np

from explainer import facts
from explainer.nets.growth import LEAST, fit

ON_SLIDES = ("imagenet", "switchboard")  # the benchmarks whose charts the lecture shows
SLIDE_YEAR = 2017  # the last year in them
LAST = 2025  # of all tables
# First and last year of a table's part, and where the slider stands.
BENCHMARKS = {
    "imagenet": (2010, 2017, 2017),
    "switchboard": (2011, 2021, 2021),
    "imagenet_top1": (2012, 2023, 2023),
    "cifar": (2011, 2020, 2020),
    "mnist": (1998, 2013, 2013),
}
NETWORKS = {"as_today": (2014, 2023, 2023), "as_slide": (2014, 2016, 2016)}
UNITS = {
    "images": (1998, 2021, 2021),
    "pairs": (2021, 2022, 2022),
    "tokens": (2016, 2025, 2025),
    "words": (1964, 2018, 2018),
}
DEVICES = {"fp32": (2007, 2025, 2025), "tensor": (2017, 2025, 2025), "as_slide": (2007, 2017, 2017)}
# Years that the sliders of a fit may take, and where they stand.
SINCE = {
    "flop": (1950, LAST, 2010),
    "model_size": (2018, LAST, 2018),
    "tokens": (2016, LAST, 2016),
    "gpu": (2006, LAST, 2006),
}
UNTIL = {
    "flop": (1950, LAST, 2022),
    "model_size": (2018, LAST, LAST),
    "tokens": (2016, LAST, LAST),
    "gpu": (2006, LAST, LAST),
}
EXAMPLES = {  # settings of the fit that are worth a look
    "before": {"quantity": "flop", "runs": "all_runs", "first_year": 1950, "last_year": 2009},
    "largest": {"quantity": "flop", "runs": "record_runs", "first_year": 2012, "last_year": 2018},
    "gpu": {"quantity": "gpu", "runs": "record_runs", "first_year": 2006, "last_year": 2025},
}
CUTS = {  # years that a guess may start from, and the default
    "flop": (2012, 2024, 2019),
    "model_size": (2018, 2023, 2019),
    "tokens": (2017, 2024, 2019),
    "error_rate": (2013, 2021, 2019),
}
_CONFIDENT = ("Confident",)


def _years(dates: object) -> np.ndarray:
    """Turn dates like 2012-09-30 into years with a fraction; a mere year stands for its middle."""
    days = [f"{date}-07-02" if len(str(date)) == 4 else str(date) for date in dates]
    when = np.array(days, dtype="datetime64[D]")
    year = when.astype("datetime64[Y]")
    return year.astype(int) + 1970 + (when - year.astype("datetime64[D]")).astype(float) / 366


@dataclass(frozen=True, eq=False)
class Points:
    """Rows of a table as they are drawn: ``y`` at the year ``x``, both (n,), and what each of them is.

    ``solid`` (n,) is true for what was published or measured and checked, false for estimates and for
    what is not checked. ``record`` (n,) marks what was the best or the largest when it came.
    """

    x: np.ndarray
    y: np.ndarray
    name: np.ndarray
    name_ru: np.ndarray
    series: np.ndarray
    source: np.ndarray
    solid: np.ndarray
    record: np.ndarray


def _where(points: Points, chosen: np.ndarray) -> Points:
    return Points(*(getattr(points, field.name)[chosen] for field in fields(Points)))


def _points(
    rows: object, x: np.ndarray, y: str, name: str, *, series: object, solid: object, fall: bool = False
) -> Points:
    order = np.argsort(x, kind="stable")
    values = rows[y].to_numpy(float)
    best = (np.minimum if fall else np.maximum).accumulate(values[order])
    russian = f"{name}_ru" if f"{name}_ru" in rows else name
    columns = [rows[name], rows[russian], series, rows["source"], solid]
    return Points(x[order], values[order], *(np.asarray(c)[order] for c in columns), values[order] == best)


def _checked(rows: object) -> np.ndarray:
    """Tell which rows were published with their figures and checked; all else is drawn hollow."""
    sure = rows["confidence"].fillna("Confident").isin(_CONFIDENT) if "confidence" in rows else True
    return ((rows["verified"] == "yes") & sure).to_numpy()


@dataclass(frozen=True, eq=False)
class Errors:
    """Errors of machines in per cent, and those of the people they are compared with."""

    machines: Points
    people: Points
    newest: int  # the row of the newest record
    until: int  # the year up to which they are taken


def accuracy(
    *, benchmark: str = "imagenet", accuracy_view: str = "as_today", accuracy_until: int = SLIDE_YEAR
) -> Errors:
    """Take the errors on one benchmark up to a year, all of the table or those of the lecture's chart."""
    rows = facts.load("accuracy")
    rows = rows[rows["key"] == benchmark]
    if accuracy_view == "as_slide" and benchmark in ON_SLIDES:
        rows = rows[rows["in_lecture_chart"] == "yes"]
    parts = []
    for agent in ("machine", "human"):
        some = rows[rows["agent"] == agent]
        x = _years(some["date"])
        parts.append(
            _points(
                some,
                x,
                "error_pct",
                "system",
                series=some["agent"],
                solid=_checked(some),
                fall=agent == "machine",
            )
        )
    machines, people = parts
    machines = _where(machines, np.floor(machines.x) <= max(accuracy_until, BENCHMARKS[benchmark][0]))
    return Errors(machines, people, int(np.flatnonzero(machines.record)[-1]), accuracy_until)


@dataclass(frozen=True, eq=False)
class Networks:
    """Networks for ImageNet: operations in G-Ops, top-1 accuracy in per cent, parameters in millions.

    ``points`` holds accuracy over operations, ``without`` the networks whose operations are not known,
    with x = 0. ``rival`` is the row of the cheapest network at least as accurate as VGG-16, ``vgg`` its own.
    """

    points: Points
    parameters: np.ndarray
    without: Points
    vgg: int
    rival: int


def complexity(*, complexity_view: str = "as_today", complexity_until: int = 2023) -> Networks:
    """Take the networks up to a year, all of the table or those of the lecture's chart.

    An operation is a multiplication or an addition: G-Ops are twice the multiply-accumulates of the tables.
    """
    rows = facts.load("architectures")
    if complexity_view == "as_slide":
        rows = rows[rows["in_lecture_chart"] == "yes"]
    rows = rows[rows["year"] <= max(complexity_until, NETWORKS["as_today"][0])].sort_values(
        "gops", kind="stable"
    )
    parts = []
    for some in (rows[rows["gops"].notna()], rows[rows["gops"].isna()]):
        x = some["gops"].fillna(0).to_numpy(float)
        kind = some["family"]
        parts.append(_points(some, x, "top1_acc_pct", "architecture", series=kind, solid=_checked(some)))
    points, without = parts
    parameters = rows.loc[rows["gops"].notna(), "params_million"].to_numpy(float)
    vgg = int(np.flatnonzero(points.name == "VGG-16")[0])
    rival = int(np.flatnonzero(points.y >= points.y[vgg])[0])
    return Networks(points, parameters, without, vgg, rival)


@dataclass(frozen=True, eq=False)
class Counters:
    """The counters of the slide: what they showed, and what that implies for a day; all are (n,).

    ``daily`` is the counter over the hours since midnight, times 24; what does not run since midnight stays.
    """

    keys: np.ndarray
    shown: np.ndarray
    since_midnight: np.ndarray
    daily: np.ndarray


def counters(*, hours: int = 18) -> Counters:
    """Read the counters of 29 June 2019 as if they had run for ``hours``, 1 to 24, since midnight."""
    rows = facts.load("internetlivestats")
    midnight = (rows["kind"] == "since midnight").to_numpy()
    shown = rows["value"].to_numpy(float)
    return Counters(rows["key"].to_numpy(), shown, midnight, np.where(midnight, shown * 24 / hours, shown))


@dataclass(frozen=True, eq=False)
class DataSets:
    """Data sets of one unit; ``largest`` is the row of the newest record."""

    points: Points
    largest: int


def data(*, counted: str = "images", data_until: int = 2021) -> DataSets:
    """Take the data sets of one unit up to a year; units are never mixed."""
    rows = facts.load("datasets")
    rows = rows[(rows["unit"] == counted) & (rows["year"] <= max(data_until, UNITS[counted][0]))]
    rows = rows[rows["role"] != "counts"]  # n-gram counts are not a text
    x = rows["year"].to_numpy(float)
    points = _points(rows, x, "size", "dataset", series=rows["role"], solid=_checked(rows))
    return DataSets(points, int(np.flatnonzero(points.record)[-1]))


@dataclass(frozen=True, eq=False)
class Devices:
    """Peak TFLOP/s of one precision over the year; ``best`` names the row of the fastest device of a kind."""

    points: Points
    best: dict[str, int]


def compute(*, precision: str = "fp32", compute_until: int = LAST) -> Devices:
    """Take the devices up to a year; figures of different precisions are never mixed.

    "as_slide" is what the slide compares: CPU and GPU in FP32 up to 2017.
    """
    rows = facts.load("hardware")
    column = "tensor_fp16_bf16_dense_tflops" if precision == "tensor" else "fp32_tflops"
    if precision == "as_slide":
        rows = rows[rows["kind"].isin(("CPU", "GPU")) & (rows["year"] <= SLIDE_YEAR)]
    rows = rows[rows[column].notna()]
    rows = rows[rows["year"] <= max(compute_until, DEVICES[precision][0])]
    points = _points(
        rows, rows["year"].to_numpy(float), column, "device", series=rows["kind"], solid=_checked(rows)
    )
    best = {}
    for kind in ("CPU", "GPU", "TPU"):
        mine = np.flatnonzero(points.series == kind)
        if len(mine):
            best[kind] = int(mine[points.y[mine].argmax()])
    return Devices(points, best)


def _quantity(name: str) -> Points:
    """Return the points of something that grows, in one unit."""
    if name == "flop":
        rows, y, label = facts.load("training_compute"), "training_compute_flop", "model"
    elif name == "model_size":
        rows, y, label = facts.load("language_models"), "params", "model"
        rows = rows[rows["params"].notna() & (rows["architecture"] == "dense")]
    elif name == "tokens":
        rows, y, label = facts.load("datasets"), "size", "dataset"
        rows = rows[(rows["unit"] == "tokens") & (rows["role"] == "training")]
    elif name == "gpu":
        rows, y, label = facts.load("hardware"), "fp32_tflops", "device"
        rows = rows[(rows["kind"] == "GPU") & rows["fp32_tflops"].notna()]
    else:
        rows, y, label = facts.load("accuracy"), "error_pct", "system"
        rows = rows[(rows["key"] == "imagenet_top1") & (rows["agent"] == "machine")]
    x = _years(rows["date"] if "date" in rows else rows["year"])
    return _points(
        rows, x, y, label, series=np.full(len(rows), name), solid=_checked(rows), fall=name == "error_rate"
    )


@dataclass(frozen=True, eq=False)
class Doubling:
    """Points of a quantity, those that the line is fitted to, and what comes out.

    ``line``, ``low`` and ``high`` are (n,) over the years ``x``. ``verdict`` says what the fit tells:
    "grows", "perhaps" (a 95 % interval that holds no growth, too), "falls", or "few" points for any fit.
    ``months`` are the doubling time and the ends of its interval, infinite where it holds no growth.
    ``study`` is the key of a published study of the same years, or "" where there is none, ``published``
    its range in months; ``agrees`` is "inside", "within" or "outside".
    """

    points: Points
    used: np.ndarray
    x: np.ndarray
    line: np.ndarray
    low: np.ndarray
    high: np.ndarray
    verdict: str
    months: tuple[float, float, float]
    n_points: int
    study: str
    published: tuple[float, float]
    agrees: str


def growth(
    *, quantity: str = "flop", runs: str = "all_runs", first_year: int = 2010, last_year: int = 2022
) -> Doubling:
    """Fit a straight line to the logarithms between two years, ends included, and read the doubling time.

    ``runs`` takes "all_runs" of these years, or the "record_runs" that were the largest when they came.
    A fit agrees with a published range ("inside") if the doubling time lies in it, and "within" if its 95 %
    interval reaches it.
    """
    points = _quantity(quantity)
    first_year, last_year = min(first_year, last_year), max(first_year, last_year)
    year = np.floor(points.x)
    used = (year >= first_year) & (year <= last_year)
    if runs == "record_runs":
        top = np.maximum.accumulate(np.where(used, points.y, 0))
        used &= points.y == top
    study, published = _study(quantity, runs, first_year, last_year)
    x = np.linspace(first_year, last_year + 1, 41)
    if used.sum() < LEAST or len(np.unique(points.x[used])) < 2:
        nothing = np.ones_like(x)
        return Doubling(
            points,
            used,
            x,
            nothing,
            nothing,
            nothing,
            "few",
            (0, 0, 0),
            int(used.sum()),
            study,
            published,
            "",
        )
    found = fit(points.x[used], points.y[used])
    months = tuple(12 / slope if slope > 0 else np.inf for slope in (found.slope, found.high, found.low))
    verdict = "falls" if found.slope <= 0 else "perhaps" if found.low <= 0 else "grows"
    agrees = _agreement(months, published) if study and verdict != "falls" else ""
    line, low, high = found.at(x)
    return Doubling(
        points, used, x, line, low, high, verdict, months, found.n_points, study, published, agrees
    )


def _study(quantity: str, runs: str, first_year: int, last_year: int) -> tuple[str, tuple[float, float]]:
    """Find the published study of training compute over the same years and the same kind of runs."""
    if quantity != "flop":
        return "", (0, 0)
    rows = facts.load("compute_growth")
    rows = rows[
        (rows["first_year"] == first_year) & (rows["last_year"] == last_year) & (rows["runs"] == runs)
    ]
    if rows.empty:
        return "", (0, 0)
    row = rows.iloc[0]
    return str(row["key"]), (float(row["low_months"]), float(row["high_months"]))


def _agreement(months: tuple[float, float, float], published: tuple[float, float]) -> str:
    middle, shortest, longest = months
    if published[0] <= round(middle, 1) <= published[1]:
        return "inside"
    return "within" if shortest <= published[1] and longest >= published[0] else "outside"


@dataclass(frozen=True, eq=False)
class Guess:
    """What was known by a year, what came later, and where a guess goes.

    ``line`` (n,) over ``x`` goes on from the record ``start`` of the known points, doubling (errors:
    halving) in the guessed time. ``end_…`` is the last record of all; ``months`` is the time in which the
    quantity really doubled between the two, infinite if no record came. ``ratio`` is guess over truth there.
    """

    known: Points
    later: Points
    x: np.ndarray
    line: np.ndarray
    start: int
    end_name: str
    end_name_ru: str
    end_year: int
    end_value: float
    months: float
    ratio: float


def guess(*, guess_quantity: str = "flop", guess_until: int = 2019, guess_months: int = 24) -> Guess:
    """Continue a quantity from its last known record: doubling, or halving errors, every ``guess_months``."""
    points = _quantity(guess_quantity)
    sign = -1 if guess_quantity == "error_rate" else 1
    before = np.floor(points.x) <= guess_until
    known, later = _where(points, before), _where(points, ~before)
    start = int(np.flatnonzero(known.record)[-1])
    x = np.linspace(known.x[start], LAST + 1, 41)
    line = known.y[start] * 2.0 ** (sign * 12 * (x - known.x[start]) / guess_months)
    end = int(np.flatnonzero(points.record)[-1])
    doublings = sign * np.log2(points.y[end] / known.y[start])
    years = points.x[end] - known.x[start]
    months = float(12 * years / doublings) if doublings > 0 else np.inf
    ratio = known.y[start] * 2.0 ** (sign * 12 * years / guess_months) / points.y[end]
    names = (str(points.name[end]), str(points.name_ru[end]))
    year, value = int(points.x[end]), float(points.y[end])
    return Guess(known, later, x, line, start, *names, year, value, months, float(ratio))
