"""A hand points at the cells of the gradient map, and the slider and the choice follow."""

from pathlib import Path

from explainer.charts.paralysis import CELLS
from explainer.experiments.vanishing_gradients import NAMES
from tests.browser.visitor import eventually

PAGE = "vanishing_gradients"
PICTURE = "picture-gradient_map-gradient_map"
SOURCES = Path(__file__).parents[2] / "assets" / "components"
# Two calls for one element, as Streamlit makes them when new data come while a script still loads: it ends
# the first after the second has run. Then the element leaves the page, and so does what the calls have made.
OVERTAKEN = """async ([source, picture]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: component } = await import(url);
  const parentElement = document.body.appendChild(document.createElement("div"));
  const data = { name: "overtaken", picture, x: [0, 4], y: [0, 2], columns: 4, rows: 2,
    rev: 0, serial: 0, value: [] };
  const sheets = () => document.querySelectorAll('svg.sheet[data-name="overtaken"] rect').length;
  const call = () => component({ data: [data], parentElement, setStateValue() {} });
  const [first, second] = [call(), call()], counts = [sheets()];
  first();
  counts.push(sheets());
  parentElement.remove();
  second();
  return [...counts, sheets()];
}"""
# A picture that is fitted to its place changes attributes alone, if its axes keep their marks.
NARROWER = """picture => {
  const frame = document.querySelector(`.st-key-${picture} svg .root > g > path.background`);
  frame.setAttribute("d", "M0,0h100v50h-100Z");
  return frame.getBoundingClientRect().width;
}"""


def test_a_press_chooses_a_network_of_the_map_and_a_finger_drawn_over_it_others(visit):
    v = visit(f"/{PAGE}?lang=en")
    cells = v.page.locator(f".st-key-{PICTURE} svg.sheet rect.cells")
    cells.scroll_into_view_if_needed()
    box, mouse = cells.bounding_box(), v.page.mouse

    def place(f: str, depth: int) -> tuple[float, float]:
        (_, n_columns), row = CELLS["columns"], NAMES.index(f)
        return box["x"] + (depth - 0.5) / n_columns * box["width"], box["y"] + (row + 0.7) / len(NAMES) * box[
            "height"
        ]

    mouse.click(*place("relu", 5))
    eventually(v.address, (PAGE, {"depth": "5", "map_f": "relu"}))
    picture = v.page.locator(f".st-key-{PICTURE} [role='graphics-document']")
    eventually(lambda: "ReLU, layers: 5" in picture.get_attribute("aria-label"), True)
    eventually(lambda: v.value("depth", PAGE), 5)

    mouse.move(*place("tanh", 12))
    mouse.down()
    mouse.move(*place("tanh", 28), steps=8)
    mouse.up()
    eventually(v.address, (PAGE, {"depth": "28", "map_f": "tanh"}))

    v.drag("depth", 9, page=PAGE)
    eventually(v.address, (PAGE, {"depth": "9", "map_f": "tanh"}))
    mouse.click(*place("tanh", 28))
    eventually(v.address, (PAGE, {"depth": "28", "map_f": "tanh"}))


def test_a_call_that_a_newer_one_has_overtaken_takes_nothing_away_when_it_ends(visit):
    v = visit(f"/{PAGE}?lang=en")
    v.page.locator(f".st-key-{PICTURE} svg.sheet rect.cells").wait_for()
    source = "".join(
        (SOURCES / f"{part}.js").read_text("utf-8")
        for part in ("address", "ending", "live", "sheet", "cells")
    )
    assert v.page.evaluate(OVERTAKEN, [source, PICTURE]) == [1, 1, 0]


def test_the_cells_follow_a_picture_that_is_fitted_to_its_place(visit):
    v = visit(f"/{PAGE}?lang=en")
    sheet = v.page.locator(f".st-key-{PICTURE} svg.sheet")
    width = v.page.evaluate(NARROWER, PICTURE)
    eventually(lambda: round(sheet.bounding_box()["width"]), round(width))
