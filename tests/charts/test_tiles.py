"""Matrices as small images."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from explainer.charts import collapse
from explainer.charts.palette import NEGATIVE, POSITIVE
from explainer.charts.tiles import png, strip
from explainer.texts import load
from tests.charts.specs import read

SIDE = 12  # pixels of an entry


def decode(uri: str) -> np.ndarray:
    head, _, body = uri.partition(",")
    assert head == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(body)))
    page = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(page, image).convert("RGB")).astype(int)


def entries(matrix: np.ndarray) -> np.ndarray:
    """Return the colour in the middle of every entry's square, (n_rows, n_columns, 3)."""
    return decode(png(matrix))[SIDE // 2 :: SIDE, SIDE // 2 :: SIDE]


def rgb(color: str) -> list[int]:
    return list(bytes.fromhex(color.removeprefix("#")))


def test_zero_lets_the_page_through_and_large_entries_have_the_colour_of_their_sign():
    found = entries(np.array([[0.0, 2.5, -2.5], [-0.0, 1e6, -1e6]]))
    assert found.tolist() == [[[255] * 3, rgb(POSITIVE), rgb(NEGATIVE)]] * 2


def test_the_larger_an_entry_the_farther_from_the_page():
    sizes = np.linspace(0, 2.5, 26)
    for sign in (1, -1):
        away = (255 - entries(sign * sizes[None])[0]).sum(1)
        assert (np.diff(away) > 0).all()


def test_half_an_entry_is_half_the_colour():
    assert entries(np.array([[1.25]]))[0, 0] == pytest.approx((255 + np.array(rgb(POSITIVE))) / 2, abs=1)


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (2, 16), (16, 16), (16, 1)])
def test_rows_go_down_and_columns_go_right(shape):
    signs = np.random.default_rng(0).choice([-3.0, 3.0], shape)
    assert decode(png(signs)).shape == (SIDE * shape[0], SIDE * shape[1], 3)
    blue = (entries(signs) == rgb(POSITIVE)).all(-1)
    assert (blue == (signs > 0)).all()


def test_a_grid_shows_where_empty_entries_end():
    image = decode(png(np.zeros((3, 2))))
    for line in (image[0], image[-1], image[SIDE], image[:, 0], image[:, -1], image[:, SIDE]):
        assert (line < 200).all()


def test_tiles_stand_side_by_side_in_order_and_in_proportion():
    shapes = [(2, 8), (8, 8), (8, 1), (2, 1)]
    tiles = strip([np.ones(shape) for shape in shapes], list("abcd"))
    assert tiles["name"] == list("abcd")
    for i, (rows, columns) in enumerate(shapes):
        left, right, low, high = (tiles[key][i] for key in ("x", "x2", "y", "y2"))
        assert i < left < right < i + 1
        assert 0 < low < high < 1
        assert (left + right) / 2 == pytest.approx(tiles["middle"][i]) == pytest.approx(i + 0.5)
        assert (right - left) / columns == pytest.approx((high - low) / rows)
        assert tiles["left"][i] == i
        assert decode(tiles["url"][i]).shape == (SIDE * rows, SIDE * columns, 3)
    sides = {(tiles["x2"][i] - tiles["x"][i]) / columns for i, (_, columns) in enumerate(shapes)}
    assert max(sides) == pytest.approx(min(sides))  # one scale for all


@pytest.mark.parametrize("n", [1, 2, 10])
def test_the_product_stands_behind_its_factors(n):
    factors = [np.eye(2)] * n
    frame = read(collapse.matrices_data(load("linear_collapse", "en"), (*factors, np.ones((2, 2)))))["tiles"]
    subscripts = "₁₂₃₄₅₆₇₈₉"
    names = [f"W{subscripts[i]}" if i < 9 else "W₁₀" for i in range(n)]
    assert frame["name"].tolist() == [*names, "A"]
    assert frame["sign"].tolist() == ["", *["·"] * (n - 1), "="]
    x = collapse.matrices(load("linear_collapse", "en"))["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert x[0] <= frame["x"].min()
    assert frame["x2"].max() <= x[1]
