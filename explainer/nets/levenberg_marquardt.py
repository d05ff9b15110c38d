"""Levenberg-Marquardt: for a small network and squared error, the fastest way down."""

from dataclasses import dataclass

import torch
from torch import Tensor

from explainer.nets.mlp import MLP


@dataclass(frozen=True, eq=False)
class Descent:
    """A training run, step by step, from the initial parameters to the last accepted step.

    ``parameters`` is (n_steps + 1, n_parameters), ``losses`` the mean squared errors (n_steps + 1,).
    """

    parameters: Tensor
    losses: Tensor


def levenberg_marquardt(
    net: MLP, parameters: Tensor, X: Tensor, y: Tensor, *, n_steps: int, tolerance: float = 1e-9
) -> Descent:
    """Minimise the mean squared error of ``net`` on X (n_samples, 1), y (n_samples,), float64.

    With residuals r = y - y_hat and their Jacobian J = d y_hat / d parameters, a step s solves

        (J^T J + mu I) s = J^T r

    It is taken if the loss falls, and mu shrinks (towards Gauss-Newton); otherwise mu grows (towards
    a short step of gradient descent) and the step is tried again. With more parameters than samples
    the same step comes from the smaller system s = J^T (J J^T + mu I)^-1 r. The run ends after
    ``n_steps`` steps, or when a step lowers the loss by less than ``tolerance`` of it.

    References
    ----------
    Levenberg, Quarterly of Applied Mathematics 2, 1944. Marquardt, SIAM Journal 11(2), 1963.
    Hagan, Menhaj. Training feedforward networks with the Marquardt algorithm. IEEE TNN 5(6), 1994.
    """
    y_hat, J = net.jacobian(parameters, X)
    residual = y - y_hat
    loss = float(residual.square().mean())
    history, losses = [parameters], [loss]
    wide = J.shape[1] > J.shape[0]
    identity = torch.eye(min(J.shape), dtype=X.dtype)
    mu = 1e-2 * float(J.square().sum(0).mean())
    smallest = 1e-12 * mu + 1e-30

    for _ in range(n_steps):
        gram = J @ J.T if wide else J.T @ J
        target = residual if wide else J.T @ residual
        for _ in range(20):
            factor, failed = torch.linalg.cholesky_ex(gram + mu * identity)
            if not failed:
                solution = torch.cholesky_solve(target[:, None], factor)[:, 0]
                trial = parameters + (J.T @ solution if wide else solution)
                trial_loss = float((y - net.predict(trial, X)).square().mean())
                if trial_loss < loss:
                    break
            mu *= 4
        else:
            break  # no step of any length lowers the loss: this is the bottom
        mu = max(mu / 5, smallest)
        gain = loss - trial_loss
        parameters, loss = trial, trial_loss
        history.append(parameters)
        losses.append(loss)
        if gain <= tolerance * loss:
            break
        y_hat, J = net.jacobian(parameters, X)
        residual = y - y_hat
    return Descent(torch.stack(history), torch.tensor(losses, dtype=X.dtype))
