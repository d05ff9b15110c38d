"""A hand points at the cells of the gradient map, and the slider and the choice follow."""

from explainer.charts.paralysis import CELLS
from explainer.experiments.vanishing_gradients import NAMES
from tests.browser.visitor import eventually

PAGE = "vanishing_gradients"


def test_a_press_chooses_a_network_of_the_map_and_a_finger_drawn_over_it_others(visit):
    v = visit(f"/{PAGE}?lang=en")
    cells = v.page.locator(".st-key-picture-gradient_map-gradient_map svg.sheet rect.cells")
    cells.scroll_into_view_if_needed()
    box, mouse = cells.bounding_box(), v.page.mouse

    def place(f: str, depth: int) -> tuple[float, float]:
        (_, n_columns), row = CELLS["columns"], NAMES.index(f)
        return box["x"] + (depth - 0.5) / n_columns * box["width"], box["y"] + (row + 0.7) / len(NAMES) * box[
            "height"
        ]

    mouse.click(*place("relu", 5))
    eventually(v.address, (PAGE, {"depth": "5", "map_f": "relu"}))
    picture = v.page.locator(".st-key-picture-gradient_map-gradient_map [role='graphics-document']")
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
