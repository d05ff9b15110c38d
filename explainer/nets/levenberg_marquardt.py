"""Levenberg-Marquardt: for a small network and squared error, the fastest way down."""

import torch
from torch import Tensor

from explainer.nets.mlp import MLP


class LevenbergMarquardt:
    """Minimise the mean squared error of many networks of one shape at once, each with its own damping.

    With residuals r = y - y_hat and their Jacobian J = d y_hat / d parameters, a step s solves

        (J^T J + mu I) s = J^T r

    It is taken if the loss falls, and mu shrinks (towards Gauss-Newton); otherwise mu grows (towards
    a short step of gradient descent) and the next step tries again. With more parameters than samples
    the same step comes from the smaller system s = J^T (J J^T + mu I)^-1 r.

    ``parameters`` (n_runs, n_parameters) and ``losses`` (n_runs,), mean squared errors, are those of the
    last accepted step, float64. A run is ``stuck`` (n_runs,) when even the shortest steps lower nothing.

    References
    ----------
    Levenberg, Quarterly of Applied Mathematics 2, 1944. Marquardt, SIAM Journal 11(2), 1963.
    Hagan, Menhaj. Training feedforward networks with the Marquardt algorithm. IEEE TNN 5(6), 1994.
    """

    LARGEST = 1e12  # times the initial damping: here a step is shorter than rounding

    def __init__(self, net: MLP, parameters: Tensor, X: Tensor, y: Tensor) -> None:
        self.net, self.X, self.y = net, X, y.reshape(-1)
        self.parameters = parameters.clone()
        self._linearise()
        self.losses = self._residual.square().mean(1)
        scale = self._J.square().sum((1, 2)) / self._J.shape[2]  # the mean of the diagonal of J^T J
        self._mu = 1e-2 * scale.clamp_min(1e-12)
        self._least, self._most = 1e-12 * self._mu, self.LARGEST * self._mu
        self.stuck = torch.zeros(len(parameters), dtype=torch.bool)

    def step(self) -> Tensor:
        """Try one step in every run and return the losses (n_runs,)."""
        solution = self._solve(self._gram + self._mu[:, None, None] * self._identity, self._target)
        trial = self.parameters + (self._back(solution) if self._wide else solution)
        trial_losses = (self.y - self.net.predict(trial, self.X)[..., 0]).square().mean(1)
        better = trial_losses < self.losses  # a failed or overflowing step compares as False
        self.parameters = torch.where(better[:, None], trial, self.parameters)
        self.losses = torch.where(better, trial_losses, self.losses)
        self._mu = torch.where(better, (self._mu / 5).maximum(self._least), self._mu * 4)
        self.stuck = self._mu > self._most
        if better.any():
            self._linearise()
        return self.losses

    def _linearise(self) -> None:
        y_hat, J = self.net.jacobian(self.parameters, self.X)
        self._J, self._residual = J, self.y - y_hat
        self._wide = J.shape[2] > J.shape[1]
        self._gram = J @ J.mT if self._wide else J.mT @ J
        self._target = self._residual[..., None] if self._wide else J.mT @ self._residual[..., None]
        self._identity = torch.eye(self._gram.shape[-1], dtype=J.dtype)

    def _back(self, solution: Tensor) -> Tensor:
        return (self._J.mT @ solution[..., None])[..., 0]

    @staticmethod
    def _solve(A: Tensor, b: Tensor) -> Tensor:
        factor, failed = torch.linalg.cholesky_ex(A)
        solution = torch.cholesky_solve(b, factor)[..., 0]
        return torch.where((failed > 0)[:, None], torch.nan, solution)
