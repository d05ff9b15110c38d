"""The page on depth shows what its controls say."""

import json

import numpy as np
import pytest

from explainer.experiments import depth as experiments
from explainer.texts import LANGUAGES, number
from explainer.ui import boot
from tests.app import Visit, flaws

PAGE = "depth"


pytestmark = pytest.mark.usefixtures("one_process")


def shown(visit: Visit) -> experiments.Duel:
    """Return the duel of the page's settings, out of the page's cache."""
    names = ("task", "duel_budget", "duel_layers", "duel_unit")
    return boot._kept_in(boot.LONG, experiments.duel, {name: visit.values[name] for name in names})


def test_the_duel_shows_both_sides_and_says_who_is_closer():
    visit = Visit(PAGE)
    assert {"duel_plane", "duel_plane_wide", "duel_spread"} <= set(visit.pictures)
    for name, option in (("task", "sawtooth"), ("duel_budget", "budget_100"), ("duel_unit", "relu")):
        visit.choose(name, option)
        net = shown(visit)
        assert {"duel_fit", "duel_fit_wide", "duel_spread"} <= set(visit.pictures)
        assert visit.says(f"duel_{net.verdict}")
        assert visit.says(f"fought_{net.remark}")
        assert any(number(net.deep.median) in p and number(net.wide.least) in p for p in visit.paragraphs)
        errors = visit.pictures["duel_spread"].frames["errors"]["error"].to_numpy()
        assert np.allclose(errors, np.maximum([*net.wide.errors, *net.deep.errors], 1e-6), rtol=1e-5)
        assert flaws(visit) == []


def test_the_number_of_layers_is_that_of_the_deep_network():
    visit = Visit(PAGE)
    visit.move("duel_layers", 5)
    layers = shown(visit).deep.sizes[1:-1]
    assert len(layers) == 5
    said = f"Deep, 5 layers of {min(layers)}–{max(layers)}: {shown(visit).deep.n_parameters}"
    assert any(said in paragraph for paragraph in visit.paragraphs)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_leads_to_the_paralysis(lang):
    visit = Visit(PAGE, lang=lang)
    links = [link.proto for link in visit.at.get("page_link") if link.proto.label == visit.t.say("why_stuck")]
    assert len(links) == 1
    assert links[0].page.endswith("vanishing_gradients")


def test_the_broken_line_has_the_pieces_that_are_counted():
    visit = Visit(PAGE)
    visit.move("depth", 6)
    visit.move("width", 12)
    visit.move("seed", 4)
    line = experiments.pieces(depth=6, width=12, seed=4)
    frames = visit.pictures["broken_line"].frames
    assert frames["pieces"]["piece"].nunique() == line.n_pieces
    assert len(frames["breaks"]) == line.n_pieces - 1
    assert any(p.startswith(f"**{line.n_pieces} pieces") for p in visit.paragraphs)


def test_every_layer_doubles_the_pieces_of_the_strip():
    visit = Visit(PAGE)
    for folds in (1, 4, 8):
        visit.move("folds", folds)
        strip = visit.pictures["folded"].frames["strip"]
        assert len(strip) == 2**folds + 1
        assert any(p.startswith(f"**{2**folds} pieces") for p in visit.paragraphs)
        (bar,) = visit.components("play_bar")
        assert bar["rows"][0]["values"][1][-1] == str(2**folds)
        assert bar["steps"][-1] == folds
    before = visit.pictures["folded"]
    visit.move("crease", 0.3)
    after = visit.pictures["folded"]
    assert after.spec == before.spec
    assert len(after.frames["strip"]) == len(before.frames["strip"])
    assert not after.frames["strip"].equals(before.frames["strip"])


def test_the_glass_is_repainted_in_place_and_counts_its_regions():
    visit = Visit(PAGE)
    before = visit.pictures["glass"]
    visit.choose("weights_are", "trained")
    visit.move("layers", 3)
    glass = experiments.regions(layers=3, weights_are="trained")
    after = visit.pictures["glass"]
    assert after.spec == before.spec
    assert after.frames["image"]["url"][0] != before.frames["image"]["url"][0]
    assert any(p.startswith(f"**{glass.n_regions} regions") for p in visit.paragraphs)
    assert json.loads(visit.pictures["pieces_growth"].spec)["name"] == "pieces_growth"


@pytest.mark.parametrize("name", ["try_sawtooth", "try_paralysed", "try_trained"])
def test_one_press_sets_an_experiment_up(name):
    visit = Visit(PAGE)
    visit.press(f"button-{PAGE}-{name}")
    wanted = {
        "try_sawtooth": {"task": "sawtooth", "duel_layers": "5", "duel_budget": "budget_100"},
        "try_paralysed": {"duel_layers": "8", "duel_budget": "budget_100"},
        "try_trained": {"weights_are": "trained", "layers": "3", "units": "8"},
    }
    assert visit.link == wanted[name]
    assert flaws(visit) == []
