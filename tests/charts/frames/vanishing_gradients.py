"""What fills the pictures of the page vanishing_gradients."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from explainer.charts import (
    paralysis,
)
from explainer.texts import Texts
from tests.charts.frames import of


def paralysis_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on paralysis, exact zeros and overflow among it."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        random, x = np.random.default_rng(seed), np.linspace(-3, 3, 21)
        steps, curve = np.arange(21.0), random.random(21)
        wild = np.array([0, 1e300, np.inf, *random.random(18)])
        powers = np.where(random.random((4, 30)) < 0.1, -np.inf, random.uniform(-50, 30, (4, 30)))
        names = ("sigmoid", "tanh", "relu", "identity")
        fill = {
            "gradient_map": lambda: paralysis.gradient_map_data(t, names, powers, names[seed], 1 + 14 * seed),
            "profile": lambda: paralysis.profile_data(t, *powers[:3, : 1 + 14 * seed]),
            "paralysis_loss": lambda: paralysis.paralysis_loss_data(t, steps, wild, 0.5),
            "paralysis_gradients": lambda: paralysis.paralysis_gradients_data(t, steps, wild, curve),
            "rescue_fits": lambda: paralysis.rescue_fits_data(t, (x, curve), (x, curve), [wild, curve]),
            "rescue_losses": lambda: paralysis.rescue_losses_data(
                t, [(steps, curve), (steps[: 3 + seed], wild[: 3 + seed])]
            ),
            "chain": lambda: paralysis.chain_data(t, wild, -wild, curve),
        }
        return fill[picture]()

    return frames


PICTURES = "gradient_map profile paralysis_loss paralysis_gradients rescue_fits rescue_losses chain"
FRAMES = of(paralysis, PICTURES, paralysis_frames)
