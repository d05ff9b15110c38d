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
        self.losses = (self.y - net.predict(parameters, X)[..., 0]).square().mean(1)
        self._wide = net.n_parameters > len(X)
        self._linear = self._linearise(self.parameters)
        gram = self._linear[0]
        self._identity = torch.eye(gram.shape[1], dtype=gram.dtype)
        scale = gram.diagonal(dim1=1, dim2=2).sum(1) / net.n_parameters  # the mean of the diagonal of J^T J
        self._mu = 1e-2 * scale.clamp_min(1e-12)
        self._least, self._most = 1e-12 * self._mu, self.LARGEST * self._mu
        self.stuck = torch.zeros(len(parameters), dtype=torch.bool)
        self._moved = self.stuck

    def step(self) -> Tensor:
        """Try one step in every run and return the losses (n_runs,)."""
        # Only now, and only where the last step was taken: the last linearisation of all is never needed.
        if self._moved.all():
            self._linear = self._linearise(self.parameters)
        elif self._moved.any():
            for part, new in zip(self._linear, self._linearise(self.parameters[self._moved]), strict=True):
                part[self._moved] = new
        trial = self.parameters + self._solve()
        trial_losses = (self.y - self.net.predict(trial, self.X)[..., 0]).square().mean(1)
        better = trial_losses < self.losses  # a failed or overflowing step compares as False
        self.parameters = torch.where(better[:, None], trial, self.parameters)
        self.losses = torch.where(better, trial_losses, self.losses)
        self._mu = torch.where(better, (self._mu / 5).maximum(self._least), self._mu * 4)
        self.stuck = self._mu > self._most
        self._moved = better
        return self.losses

    def keep(self, runs: Tensor) -> None:
        """Go on with these runs alone, given by their numbers (n_kept,)."""
        self.parameters, self.losses = self.parameters[runs], self.losses[runs]
        self.stuck, self._moved = self.stuck[runs], self._moved[runs]
        self._mu, self._least, self._most = self._mu[runs], self._least[runs], self._most[runs]
        self._linear = tuple(part[runs] for part in self._linear)

    def _linearise(self, parameters: Tensor) -> tuple[Tensor, ...]:
        """Return the matrix and the right side of the smaller system, and J if its step leads through J."""
        y_hat, J = self.net.jacobian(parameters, self.X)
        residual = (self.y - y_hat)[..., None]
        return (J @ J.mT, residual, J) if self._wide else (J.mT @ J, J.mT @ residual)

    def _solve(self) -> Tensor:
        gram, target, *J = self._linear
        factor, failed = torch.linalg.cholesky_ex(gram + self._mu[:, None, None] * self._identity)
        solution = torch.cholesky_solve(target, factor)
        step = (J[0].mT @ solution if self._wide else solution)[..., 0]
        return torch.where((failed > 0)[:, None], torch.nan, step)
