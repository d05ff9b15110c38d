"""A visitor without a browser who tries everything in no order at all, on every page."""

import random

import pytest

from explainer import contents
from explainer.texts import LANGUAGES
from tests.app import Visit, flaws

pytestmark = pytest.mark.usefixtures("one_process", "nothing_is_logged")


TEXTS = ("c = b * a; d = c + 1", "d = exp(a) * c / b; e = d - d", "log(-a)", "2a", "", "`<b>`", "x" * 999)


def wander(visit: Visit, hand: random.Random) -> str:
    """Do one thing that a visitor can do, and say what it was."""
    kinds = {"slider": len(visit.sliders), "choice": 3, "toggle": 2, "button": 2, "language": 1, "text": 2}
    kinds |= {"list": len(visit.lists), "board": 3 * len(visit.components("net_board"))}
    kind = hand.choices(list(kinds), list(kinds.values()))[0]
    if kind == "slider":
        name = hand.choice(sorted(visit.sliders))
        data = visit.sliders[name]
        n_steps = round((data["max"] - data["min"]) / data["step"])
        value = data["min"] + data["step"] * hand.choice([0, n_steps, hand.randint(0, n_steps)])
        value = hand.choice([value] * 9 + ["junk"])
        visit.move(name, value)
        return f"{name} = {value}"
    if kind == "choice" and (choices := [c for c in visit.at.segmented_control if c.key != "lang_switch"]):
        control = hand.choice(choices)
        option = hand.choice(visit.options(control))
        control.set_value(option).run()
        return f"{control.key} = {option}"
    if kind == "list":
        name = hand.choice(sorted(visit.lists))
        option = hand.choice([*(value for value, _ in visit.lists[name]["options"]), "junk"])
        visit.pick(name, option)
        return f"{name} = {option}"
    if kind == "board":
        (board,) = visit.components("net_board")
        part, value = hand.choice(
            [
                ("widths", [hand.randint(1, board["most"]) for _ in board["value"]["widths"]]),
                ("features", hand.sample([f["id"] for f in board["features"]], hand.randint(1, 7))),
                ("own", [[hand.uniform(*board["view"]), 0, hand.randrange(3)] for _ in range(5)]),
                ("place", [hand.uniform(*board["view"]), 1.5]),
                ("start", ["2-8-8", [3, hand.uniform(-9, 9)]]),
                ("own", "junk"),
            ]
        )
        visit.build(**{part: value})
        return f"{part} = {value}"
    if kind == "toggle" and len(visit.at.toggle):
        toggle = hand.choice(list(visit.at.toggle))
        toggle.set_value(not toggle.value).run()
        return f"{toggle.key} flipped"
    if kind == "text" and len(visit.at.text_input):
        control, text = hand.choice(list(visit.at.text_input)), hand.choice(TEXTS)
        control.set_value(text).run()
        return f"{control.key} = {text!r}"
    if kind == "button":
        button = hand.choice([button for button in visit.at.button if not button.disabled])
        button.click().run()
        return f"{button.key or button.label} pressed"
    lang = hand.choice(LANGUAGES)
    visit.speak(lang)
    return lang


@pytest.mark.parametrize("page", contents.built_pages())
def test_a_random_walk_over_all_controls_never_fails(page):
    visit = Visit(page)
    hand = random.Random(page)
    specs: dict[tuple, str] = {}
    path: list[str] = []
    for _ in range(60):
        path.append(wander(visit, hand))
        assert flaws(visit) == [], path
        assert visit.at.title[0].value == visit.t.title, path
        for name, picture in visit.pictures.items():
            # The browser moves the data of a picture only as long as its spec is the same to the letter.
            kind = (visit.lang, visit.at.session_state["present"], name)
            assert specs.setdefault(kind, picture.spec) == picture.spec, path
    assert Visit(page, **visit.link).values == visit.values, path
