"""The claims of the page on frameworks, and its tables row by row."""

import random
import re

import numpy as np
import pytest

from explainer import facts
from explainer.experiments import frameworks as experiments
from explainer.experiments.frameworks import DIAMOND, REPEATED, SLIDE, UNUSED
from explainer.nets.expressions import write
from tests.nets.test_graph import PROGRAMS

LOG = "c = b * a; d = exp(c) * c + log(b)"
CYRILLIC = re.compile("[а-яё]")
TEXTS = ["; ".join(f"{name} = {write(tree)}" for name, tree in program.lines) for program in PROGRAMS]


def test_every_row_has_a_source_a_date_in_range_and_both_languages():
    table = facts.load("frameworks")
    assert len(table) == experiments.N_FRAMEWORKS
    assert table["id"].is_unique
    assert table["source"].str.len().gt(5).all()
    assert set(table["verified"]) <= {"yes", "partly"}
    assert set(table["kind"]) == {"static_graph", "dynamic_graph", "both_graphs"}
    for name in ("origin", "basis", "graph", "status"):
        assert table[f"{name}_en"].notna().all()
        assert not table[f"{name}_en"].str.contains(CYRILLIC).any()
        assert table[f"{name}_ru"].notna().all()
    assert table["status_ru"].str.contains(CYRILLIC).all()
    for day in table["first_release_date"]:
        assert "2007-01-01" < day < "2020-01-01"
    assert (table["ended"].dropna() > table["first_release_date"][table["ended"].notna()]).all()
    for name in ("framework_ancestry", "framework_growth"):
        rows = facts.load(name)
        assert rows["source"].str.len().gt(5).all()
        assert set(rows["verified"]) <= {"yes", "partly"}


def test_no_arrow_of_the_family_comes_before_its_ends_or_leads_nowhere():
    tree = experiments.family()
    assert len(tree.edges) == len(set(map(tuple, tree.edges.tolist())))
    for (giver, taker), year in zip(tree.edges, tree.edge_year, strict=True):
        assert giver != taker
        assert year >= max(tree.begin[giver], tree.begin[taker]) - 0.02
    assert (np.diff(tree.begin) > 0).all()
    assert (tree.end > tree.begin).all()


def test_the_slides_years_are_those_of_its_errata():
    """2007 is first use, 2011 is DistBelief, 2016 are alpha versions: each before the release."""
    tree = experiments.family()
    slide = dict(zip(tree.name, tree.slide, strict=True))
    assert {name: year for name, year in slide.items() if year == year} == {
        "Theano": 2007,
        "TensorFlow": 2011,
        "PyTorch": 2016,
    }
    assert not (tree.slide > tree.begin).any()
    assert {name for name, alive in zip(tree.name, tree.active, strict=True) if alive} == {
        "Keras",
        "TensorFlow",
        "PyTorch",
        "JAX",
    }


def test_the_bars_are_the_slides():
    bars = experiments.growth()
    assert dict(zip(bars.name, bars.score, strict=True)) == {
        "TensorFlow": 83,
        "PyTorch": 66,
        "Keras": 47,
        "fastai": 10,
    }


def test_on_the_slides_lines_the_left_lane_has_numbers_and_the_right_one_none():
    net = experiments.two_lanes()
    assert net.left == ("a = ones(10)", "b = ones(10) * 2", "c = b * a", "d = c + 1")
    assert net.right[:4] == ("A = Variable('A')", "B = Variable('B')", "C = B * A", "D = C + Constant(1)")
    assert net.value.tolist() == [1, 2, 2, 3]
    assert np.isnan(net.graph.value).all()
    assert net.n_nodes == 4
    ran = experiments.two_lanes(lane_step=6)
    assert ran.graph.value.tolist() == [1, 2, 2, 3]
    assert ran.difference == 0
    assert (ran.bytes_left, ran.bytes_right) == (160, 80)


def test_each_plus_and_minus_is_seen_at_the_step_that_its_button_sets():
    unused = experiments.two_lanes(program=UNUSED, lane_step=6)
    assert (unused.phase, unused.n_unused) == ("compile", 1)
    assert unused.value[3] == 0.5  # the left lane has computed e all the same
    memory = experiments.two_lanes(program=REPEATED, lane_step=6)
    assert (memory.n_merged, memory.bytes_left, memory.bytes_right) == (1, 240, 80)
    broken = experiments.two_lanes(program=SLIDE, lane_step=6, mistake="shape_mistake")
    assert (broken.error_line, broken.error_node) == ("c = b * a", "c: ×")
    steps = [experiments.two_lanes(lane_step=step, mistake="shape_mistake") for step in range(7)]
    assert [bool(net.error_line) for net in steps] == [False] * 3 + [True] * 4
    assert [bool(net.error_node) for net in steps] == [False] * 6 + [True]


def test_a_mistake_in_an_unused_line_is_found_by_the_left_lane_only():
    net = experiments.two_lanes(
        program="c = a * 2; e = a * b; d = c + 1", lane_step=9, mistake="shape_mistake"
    )
    assert net.error_line == "e = a * b"
    assert net.error_node == ""


@pytest.mark.parametrize("seed", range(3))
def test_both_lanes_agree_on_random_programs_at_every_step(seed):
    hand = random.Random(seed)
    for text in TEXTS[seed::3]:
        total = experiments.n_steps(program=text)
        mistake = hand.choice(["no_mistake", "shape_mistake"])
        for step in {0, hand.randint(0, total), total - 1, total, 999}:
            net = experiments.two_lanes(program=text, lane_step=step, mistake=mistake)
            n = len(net.graph.label)
            assert net.n_steps == total
            assert len(net.left) == len(net.left_state) == len(net.value)
            assert len(net.right) == len(net.right_state) == total
            assert n == len(net.graph.state) == len(net.graph.place) == len(net.graph.twin)
            assert (net.graph.edges[:, 0] < net.graph.edges[:, 1]).all()
            assert net.difference == 0
            assert net.bytes_right <= net.bytes_left
        if mistake == "no_mistake":
            assert (net.error_line, net.error_node) == ("", "")


def test_derivatives_arrive_step_by_step_and_equal_autograd_at_the_end():
    total = experiments.n_steps_back(grad_program=DIAMOND)
    known = [
        np.isfinite(experiments.backwards(steps_back=k).graph.derivative).sum() for k in range(total + 1)
    ]
    assert known[0] == 0
    assert known == sorted(known)
    end = experiments.backwards(steps_back=total)
    assert known[-1] == len(end.graph.label)
    assert end.difference < 1e-12
    for name, ours in zip(end.inputs, end.ours, strict=True):
        assert end.graph.derivative[end.graph.label.index(name)] == pytest.approx(ours)
    for a, b, text in [(1.0, 2.0, DIAMOND), (-2.5, 0.3, LOG), (1.5, -1.0, "max(a, b) * a / b")]:
        net = experiments.backwards(value_a=a, value_b=b, grad_program=text, steps_back=99)
        low, high = (
            experiments.backwards(value_a=a + h, value_b=b, grad_program=text).graph.value[-1]
            for h in (-1e-6, 1e-6)
        )
        assert net.ours[0] == pytest.approx((high - low) / 2e-6, rel=1e-4)


def test_where_there_is_no_number_the_page_is_told_so():
    assert experiments.backwards(grad_program=LOG, value_b=-1.0).undefined == "v₃: log"
    assert experiments.backwards(grad_program=LOG, value_b=0.0).undefined
    assert experiments.backwards().undefined == ""
    hand = random.Random(5)
    for text in TEXTS:
        a, b = hand.choice([0.0, -3.0, hand.uniform(-3, 3)]), hand.choice([0.0, 3.0, hand.uniform(-3, 3)])
        net = experiments.backwards(grad_program=text, value_a=a, value_b=b, steps_back=hand.randint(0, 12))
        finite = np.isfinite(net.ours).all() and np.isfinite(net.graph.value).all()
        assert finite or net.undefined
        assert net.difference < 1e-9
