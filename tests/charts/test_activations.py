"""Pictures of the page on activation functions, one by one."""

import numpy as np
import pytest

from explainer.charts import (
    activations,
)
from explainer.experiments import activations as activations_experiments
from tests.charts.frames.activations import panels_frames
from tests.charts.specs import read, texts


def test_the_ranking_has_the_order_of_the_registry():
    assert activations.NAMES == activations_experiments.NAMES
    assert set(activations._WITHIN_ONE) < set(activations.NAMES)


@pytest.mark.parametrize("group", activations_experiments.GROUPS)
def test_whatever_the_cursor_everything_stands_in_its_own_plot(group):
    plots = (activations._F_PLOT, activations._SLOPE_PLOT)
    for cursor in np.linspace(-6, 6, 61):
        tables, net = panels_frames(texts("en"), float(cursor), group)
        frames = read(tables)
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
        tables, net = panels_frames(texts("en"), cursor, "eight")
        frames = read(tables)
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
    tables, net = panels_frames(texts("en"), 1.0, "eight")
    frames = read(tables)
    said = frames["words"].groupby("panel")["text"].apply(list)
    assert said[0] == ["sigmoid", "f = 0.731", "f′ = 0.197"]
    assert said[3] == ["step", "f = 1.00", "f′ = 0"]
    assert len(said) == len(net.names)


def test_the_one_picked_is_drawn_last_and_its_spread_around_it():
    t, random = texts("en"), np.random.default_rng(0)
    losses = random.random((11, 60, 8))
    frames = read(activations.race_data(t, np.arange(60), losses, 4))
    last = frames["lines"][frames["lines"]["curve"] == 10]
    assert last["value"].to_numpy() == pytest.approx(np.median(losses[4], 1), rel=1e-6)
    assert frames["lines"]["line"].value_counts()[t.say("picked")] == 60
    assert (frames["picked"]["low"] <= last["value"].to_numpy()).all()
    assert (frames["picked"]["high"] >= last["value"].to_numpy()).all()
    row = read(activations.ranking_data(t, activations_experiments.NAMES, losses, 4))["runs"].iloc[4]
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
        frame = read(activations.detail_data(x, x, x, living, (0, 1)))["zones"]
        assert frame.to_numpy() == pytest.approx(np.array(zones))
