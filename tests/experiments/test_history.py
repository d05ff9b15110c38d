"""What the page on history claims, as properties of its experiments."""

import inspect
import itertools

import numpy as np
import pytest

from explainer import facts
from explainer.charts import chronicle
from explainer.experiments import history as experiments
from explainer.nets.labels import MARK
from explainer.texts import LANGUAGES

ALL = [
    (years, kind, named)
    for years in chronicle.YEARS
    for kind in ("all_kinds", *chronicle.KINDS)
    for named in ("all_events", "only_lecture")
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_is_filtered_no_label_lies_on_another_and_none_is_cut(lang):
    table = facts.load("timeline")
    widths = table[f"label_{lang}"].str.len().to_numpy() * experiments.LETTER
    for years, kind, named in ALL:
        layout = experiments.timeline(years=years, kind=kind, named=named, lang=lang)
        seen: dict[int, list[tuple[float, float]]] = {}
        for i in np.flatnonzero(layout.zoom == 1):
            at = layout.x[i] * experiments.WIDTH
            words = -widths[i] if layout.left[i] else widths[i]
            start, end = sorted((at, at + words + np.sign(words) * MARK / 2))
            assert start >= 0
            assert end <= experiments.WIDTH
            seen.setdefault(int(layout.row[i]), []).append((start, end))
        for row in seen.values():
            row.sort()
            assert all(end <= start for (_, end), (start, _) in itertools.pairwise(row))
        assert layout.n_shown == layout.shown.sum()
        assert (layout.x[layout.shown] >= 0).all()
        assert (layout.x[layout.shown] <= 1).all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_the_lecture_names_and_everything_of_an_era_has_its_label_at_once(lang):
    layout = experiments.timeline(named="only_lecture", lang=lang)
    assert layout.n_labels == layout.n_shown == 38
    for era in chronicle.YEARS[1:]:
        layout = experiments.timeline(years=era, lang=lang)
        assert layout.n_labels == layout.n_shown > 0
    assert experiments.timeline(lang=lang).n_labels > 60


@pytest.mark.parametrize(
    ("find", "event"),
    [
        ("rosenbl 1958", "perceptron"),
        ("ПЕРСЕПТРОН", "perceptron"),
        ("alexnet", "alexnet"),
        ("хинтон", "dbn_2006"),
    ],
)
def test_an_event_is_found_by_the_beginnings_of_its_words_in_either_language(find, event):
    ids = facts.load("timeline")["id"][experiments.timeline(find=find).shown]
    assert ids.str.startswith(event).any()
    assert 0 < len(ids) < 20


def test_what_nobody_wrote_is_found_nowhere():
    for find in ("qqqq", "alexnet qqqq", "(", "[a-z]*", "\x00", "1943 трансформер"):
        assert experiments.timeline(find=find).n_shown == 0
    assert experiments.timeline(find="  ").shown.all()


def test_the_filters_are_those_of_the_table():
    table = facts.load("timeline")
    for years, kind, named in ALL:
        shown = experiments.timeline(years=years, kind=kind, named=named).shown
        wanted = table
        if years != "all_years":
            wanted = wanted[wanted["era"] == years.removeprefix("era_")]
        if kind != "all_kinds":
            wanted = wanted[wanted["kind"] == kind.removeprefix("kind_")]
        if named == "only_lecture":
            wanted = wanted[wanted["in_lecture"] == "yes"]
        assert np.flatnonzero(shown).tolist() == wanted.index.tolist()


def test_the_picture_has_as_many_rows_as_the_layout():
    assert (chronicle.ROWS, chronicle.LANES) == (experiments.ROWS, experiments.LANES)


@pytest.mark.parametrize("route", ["route_lecture", "route_slides", "route_all"])
def test_the_walk_visits_every_event_of_its_route_once_in_the_order_of_time(route):
    n = experiments.route_length(route=route)
    stops = [experiments.walk(event=i + 1, route=route) for i in range(n)]
    assert [stop.event for stop in stops] == np.flatnonzero(stops[0].on_route).tolist()
    assert len({stop.event for stop in stops}) == n
    slides, table = facts.load("history_slides"), facts.load("timeline")
    for stop in stops:
        assert (stop.slide >= 0) == (table["id"][stop.event] in set(slides["event"]))
        if stop.slide >= 0:
            assert slides["event"][stop.slide] == table["id"][stop.event]
    if route == "route_slides":
        assert n == len(slides)
        assert all(stop.slide >= 0 for stop in stops)


def test_of_all_positions_of_the_sliders_none_makes_xor():
    found = {gate: experiments.gates(gate=gate) for gate in ("gate_and", "gate_or", "gate_not", "gate_xor")}
    assert {net.n_positions for net in found.values()} == {9 * 9 * 13}
    assert (found["gate_xor"].n_make, found["gate_xor"].most) == (0, 3)
    assert all(net.n_make > 0 and net.most == 4 for gate, net in found.items() if gate != "gate_xor")


def test_the_sliders_defaults_are_those_of_the_experiments():
    for table, function in ((experiments.UNIT, experiments.gates), (experiments.EVIDENCE, experiments.mycin)):
        defaults = {name: p.default for name, p in inspect.signature(function).parameters.items()}
        for name, value in table.items():
            assert defaults[name] == (value[2] if isinstance(value, tuple) else value)
    weights, thresholds = experiments.UNIT["gate_a"], experiments.UNIT["gate_threshold"]
    assert (experiments.WEIGHTS[0], experiments.WEIGHTS[-1]) == weights[:2]
    assert (experiments.THRESHOLDS[0], experiments.THRESHOLDS[-1]) == thresholds[:2]


def test_the_perceptron_learns_two_shapes_in_place_and_loses_them_when_they_move():
    for one, other in (("shape_square", "shape_cross"), ("shape_circle", "shape_t")):
        still = experiments.retina(one=one, other=other, lessons=200, moved=0, cell_noise=0.0)
        moved = experiments.retina(one=one, other=other, lessons=200, moved=5, cell_noise=0.1)
        assert still.per_cent == 100
        assert 50 < moved.per_cent < 85
        assert still.accuracy[0] == 0.5


def test_nothing_can_be_learned_from_two_equal_shapes():
    net = experiments.retina(one="shape_t", other="shape_t", lessons=200)
    assert 35 < net.per_cent < 65
    assert net.corrections > 50


def test_a_perceptron_before_its_first_lesson_has_no_weights():
    net = experiments.retina(lessons=0)
    assert not net.weight.any()
    assert (net.per_cent, net.corrections) == (50, 0)


def test_no_line_solves_xor_and_two_hidden_neurons_do_from_eight_starts_of_ten():
    solved = {
        hidden: [
            experiments.hidden_layer(hidden_units=hidden, xor_start=start).right == 4 for start in range(10)
        ]
        for hidden in range(5)
    }
    assert [sum(solved[hidden]) for hidden in range(5)] == [0, 0, 8, 10, 10]
    for epochs in (0, 1, 7, 149, 150):
        net = experiments.hidden_layer(xor_epochs=epochs, xor_start=3)
        assert net.right <= 3
        assert net.verdict == "one_layer"


def test_a_verdict_says_what_is_so():
    random = np.random.default_rng(0)
    for hidden, epochs, start in zip(*random.integers(0, [[5], [60], [10]], (3, 40)), strict=True):
        net = experiments.hidden_layer(hidden_units=int(hidden), xor_epochs=int(epochs), xor_start=int(start))
        assert (net.verdict == "solved") == (net.right == 4)
        assert np.isfinite(net.surface).all()
        assert net.surface.min() >= 0
        assert net.surface.max() <= 1


def test_mycins_own_rule_and_the_numbers_of_the_page():
    found = experiments.mycin(cf_gram=1, cf_coccus=1, cf_clumps=1, cf_skin=0, cf_chains=0)
    assert found.together == pytest.approx(0.7)
    found = experiments.mycin()
    assert found.factors == pytest.approx([0.56, 0.2, 0])
    assert found.together == pytest.approx(0.648)


def test_certainty_goes_up_with_evidence_for_and_down_with_evidence_against():
    random = np.random.default_rng(1)
    names = tuple(experiments.EVIDENCE)
    for values in random.integers(-10, 11, (2000, 5)) / 10:
        evidence = dict(zip(names, values.tolist(), strict=True))
        found = experiments.mycin(**evidence)
        assert -0.6 <= found.together <= 0.82 + 1e-9
        more = experiments.mycin(**evidence | {"cf_skin": 1.0})
        less = experiments.mycin(**evidence | {"cf_chains": 1.0})
        assert less.together <= found.together + 1e-12 <= more.together + 2e-12
        assert found.steps[-1][1]["ab"] == found.together


def test_the_fall_of_2012_was_the_largest_and_far_from_the_line():
    found = experiments.alexnet()
    falls = -np.diff(found.errors)
    assert found.fell == falls.max() == pytest.approx(9.348)
    assert found.before == pytest.approx(2.421)
    assert found.foretold == pytest.approx(np.polyval(np.polyfit([2010, 2011], found.errors[:2], 1), 2012))
    assert found.errors[-1] < found.human < found.errors[3]


@pytest.mark.parametrize("guess", [-1, 101, float("nan"), float("inf")])
def test_a_guess_that_is_no_error_rate_is_refused(guess):
    with pytest.raises(ValueError, match="per cent"):
        experiments.alexnet(guess=guess)


def test_both_winters_begin_at_zero_and_have_their_promises_before():
    for lang in LANGUAGES:
        found = experiments.winter(lang=lang)
        roles = facts.load("winters")["role"].to_numpy()
        assert (found.x[roles == "seed"] > 0).all()
        assert (found.x[roles == "promise"] < 0).all()
        assert (found.x > experiments.SPAN[0]).all()
        assert (found.x < experiments.SPAN[1]).all()
        assert (found.row < experiments.LANE).all()  # every label has room
