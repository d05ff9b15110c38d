"""What fills the pictures of the page linear_collapse."""

import numpy as np
import pyarrow as pa

from explainer.charts import (
    collapse,
    network,
)
from explainer.experiments import linear_collapse as experiments
from explainer.texts import Texts

WEIGHTS = ("w11", "w21", "w12", "w22", "w1", "w2")


def two_regressions_frames(t: Texts, seed: int) -> dict[str, pa.Table]:
    random = np.random.default_rng(seed)
    net = experiments.two_regressions(**dict(zip(WEIGHTS, random.uniform(-3, 3, 6), strict=True)))
    return collapse.two_regressions_data(net.x, net.hidden, net.output if seed % 2 else None)


def graph_frames(t: Texts, seed: int) -> dict[str, pa.Table]:
    random = np.random.default_rng(seed)
    return network.graph_data(t, dict(zip(WEIGHTS, random.uniform(-3, 3, 6).round(1).tolist(), strict=True)))


def deeper_frames(t: Texts, seed: int) -> dict[str, pa.Table]:
    net = experiments.deeper(depth=1 + 3 * seed, width=2 + 5 * seed, seed=seed)
    return collapse.deeper_data(t, net.x, net.hidden, net.output)


def matrices_frames(t: Texts, seed: int) -> dict[str, pa.Table]:
    net = experiments.deeper(depth=1 + 3 * seed, width=2 + 5 * seed, seed=seed)
    return collapse.matrices_data(t, net.matrices)


def with_activation_frames(t: Texts, seed: int) -> dict[str, pa.Table]:
    net = experiments.with_activation(f=("identity", "relu", "tanh")[seed], v11=seed / 2)
    return collapse.with_activation_data(t, net.x, net.terms, net.output, net.best_line)


def training_frames(t: Texts, seed: int) -> dict[str, pa.Table]:
    net = experiments.train_it(neurons=1 + seed, sample=seed)
    runs = [net.one_layer.y_hat, net.deep_linear.y_hat, net.with_f.y_hat]
    return collapse.training_data(t, (net.x, net.y), (net.grid, net.curve), runs)


def losses_frames(t: Texts, seed: int) -> dict[str, pa.Table]:
    net = experiments.train_it(neurons=1 + seed, sample=seed)
    return collapse.losses_data(t, [run.train_loss for run in (net.one_layer, net.deep_linear, net.with_f)])


FRAMES = {
    collapse.two_regressions: two_regressions_frames,
    network.graph: graph_frames,
    collapse.deeper: deeper_frames,
    collapse.matrices: matrices_frames,
    collapse.with_activation: with_activation_frames,
    collapse.training: training_frames,
    collapse.losses: losses_frames,
}
