"""XOR, learned in two ways: one neuron never gets it (1969), a hidden layer does (1986).

Torch is imported when a hidden layer is asked for, so that whoever looks at one neuron does without.
"""

import numpy as np

from explainer.nets.threshold import GATES, INPUTS, learn

TARGET = np.array(GATES["gate_xor"])


def by_rosenblatts_rule(points: np.ndarray, *, epochs: int, seed: int) -> np.ndarray:
    """Return the answers (n_points,), 0 or 1, of one neuron after some epochs, for points (n_points, 2).

    Every epoch shows the four rows in an order of its own.
    """
    random = np.random.default_rng(seed)
    rows = [random.permutation(4) for _ in range(epochs)]
    weight = learn(INPUTS, TARGET, np.concatenate([np.empty(0, int), *rows]))[-1]
    return (points @ weight[:2] + weight[2] > 0).astype(float)


def by_backpropagation(points: np.ndarray, *, hidden: int, epochs: int, seed: int) -> np.ndarray:
    """Return the answers (n_points,) between 0 and 1 of a network with one hidden layer of sigmoids.

    Gradient descent with momentum 0.9 and learning rate 2 on the mean squared error of all four rows;
    ``seed`` draws the initial weights.

    References
    ----------
    Rumelhart, Hinton, Williams. Learning representations by back-propagating errors, Nature 323, 1986.
    """
    import torch

    from explainer.nets.activations import ACTIVATIONS
    from explainer.nets.mlp import MLP
    from explainer.nets.training import train

    net = MLP((2, hidden, 1), ACTIVATIONS["sigmoid"], ACTIVATIONS["sigmoid"])
    parameters = net.initialise([seed])
    if epochs:
        X, y = torch.from_numpy(INPUTS), torch.from_numpy(TARGET.astype(float))[:, None]
        settings = {"optimizer": "sgd", "learning_rate": 2.0, "momentum": 0.9}
        parameters = train(net, parameters, X, y, n_steps=epochs, **settings).parameters[-1]
    return net.predict(parameters, torch.from_numpy(points))[0, :, 0].numpy()
