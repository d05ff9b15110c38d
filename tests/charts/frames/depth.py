"""What fills the pictures of the page depth."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from explainer.charts import duel, pieces
from explainer.experiments import depth as experiments
from explainer.texts import Texts
from tests.charts.frames import of


def depth_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on depth with random numbers or with settings of its own."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        random, x = np.random.default_rng(seed), np.linspace(0, 1, 21)
        X, output = random.uniform(-6, 6, (9, 2)), random.normal(size=(8, 8))
        line = experiments.pieces(depth=1 + seed, width=1 + 3 * seed, seed=seed)
        strip = experiments.folding(folds=1 + seed, crease=0.2 + 0.3 * seed)
        panes = experiments.regions(
            layers=1 + seed, units=2 + seed, weights_are=("at_random", "trained", "at_random")[seed]
        )
        now = (strip.price, strip.wide_price)
        fill = {
            "duel_fit": lambda: duel.duel_fit_data(t, x, random.random(21), 1e9 * random.normal(size=21)),
            "duel_plane": lambda: duel.duel_plane_data(X, np.sign(X[:, 0]), output),
            "duel_spread": lambda: duel.duel_spread_data(t, random.random(8), 1e-9 * random.random(8)),
            "broken_line": lambda: pieces.broken_line_data(line.x, line.y),
            "pieces_growth": lambda: pieces.pieces_growth_data(t, *line.growth.lines),
            "folded": lambda: pieces.folded_data(t, strip.x, strip.curves),
            "prices": lambda: pieces.prices_data(t, strip.prices, strip.counts, now, 2 ** (1 + seed)),
            "glass": lambda: pieces.glass_data(panes.colors, panes.positive, panes.X, panes.y),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(duel, "duel_fit duel_plane duel_spread", depth_frames),
    **of(pieces, "broken_line pieces_growth folded prices glass", depth_frames),
}
