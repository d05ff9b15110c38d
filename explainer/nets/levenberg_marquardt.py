"""Levenberg-Marquardt: for a small network and squared error, the fastest way down."""

import torch
from torch import Tensor

from explainer.nets.mlp import MLP


class LevenbergMarquardt:
    """Minimise the mean squared error of many networks of one shape at once, each with its own damping.

    With residuals r = y - y_hat and their Jacobian J = d y_hat / d parameters, a step s solves

        (J^T J + mu I) s = J^T r

    It is taken if the loss falls, and mu becomes mu / ``shrink`` (towards Gauss-Newton); otherwise it becomes
    mu * ``grow`` (towards a short step of gradient descent), and the next step tries again. With more
    parameters than samples the same step comes from the smaller system s = J^T (J J^T + mu I)^-1 r.

    ``parameters`` (n_runs, n_parameters) and ``losses`` (n_runs,), mean squared errors, are those of the
    last accepted step, float64. A run is ``stuck`` (n_runs,) when even the shortest steps lower nothing.
    mu begins at ``damping`` times the mean of the diagonal of J^T J.

    The time of a small network's step is that of calling torch's operations, not of computing. Therefore
    memory is cut into layers once, and operations are told not to prepare for autograd.

    References
    ----------
    Levenberg, Quarterly of Applied Mathematics 2, 1944. Marquardt, SIAM Journal 11(2), 1963.
    Hagan, Menhaj. Training feedforward networks with the Marquardt algorithm. IEEE TNN 5(6), 1994.
    """

    LARGEST = 1e12  # times the initial damping: here a step is shorter than rounding

    @torch.inference_mode()
    def __init__(
        self,
        net: MLP,
        parameters: Tensor,
        X: Tensor,
        y: Tensor,
        *,
        damping: float = 1e-2,
        shrink: float = 5.0,
        grow: float = 4.0,
    ) -> None:
        self.net, self.X, self.y = net, X, y.reshape(-1)
        self.damping, self.shrink, self.grow = damping, shrink, grow
        self.parameters = parameters.clone()
        self._wide = net.n_parameters > len(X)
        self._make_room()
        self._look()
        self.losses = self._residual.square().mean(1)
        self._linear: tuple[Tensor, ...] = ()  # matrix, right side, and J if it is needed
        self.stuck = self._moved = torch.zeros(len(parameters), dtype=torch.bool)
        self._all_moved = False

    @torch.inference_mode()
    def step(self) -> Tensor:
        """Try one step in every run and return the losses (n_runs,)."""
        # Only now, and only where the last step was taken: the last linearisation of all is never needed.
        # Its sweep forward has been made already, to judge that step.
        if not self._linear:
            self._begin()
        elif self._all_moved:
            self._linear = self._linearise()
        elif self._moved.any():
            for part, new in zip(self._linear, self._linearise(self._moved), strict=True):
                part[self._moved] = new
        torch.add(self.parameters, self._solve(), out=self._trial)
        self._look()
        trial_losses = self._residual.square().mean(1)
        better = trial_losses < self.losses  # a failed or overflowing step compares as False
        shrunk = (self._mu / self.shrink).maximum(self._least)
        self._moved, self._all_moved = better, bool(better.all())
        if self._all_moved:
            self.parameters, self.losses, self._mu = self._trial.clone(), trial_losses, shrunk
        else:
            self.parameters = torch.where(better[:, None], self._trial, self.parameters)
            self.losses = torch.where(better, trial_losses, self.losses)
            self._mu = torch.where(better, shrunk, self._mu * self.grow)
        self.stuck = self._mu > self._most
        return self.losses

    @torch.inference_mode()
    def keep(self, runs: Tensor) -> None:
        """Go on with these runs alone, given by their numbers (n_kept,)."""
        if not self._linear:
            self._begin()
        self.parameters, self.losses = self.parameters[runs], self.losses[runs]
        self.stuck, self._moved = self.stuck[runs], self._moved[runs]
        self._all_moved = bool(self._moved.all())
        self._mu, self._least, self._most = self._mu[runs], self._least[runs], self._most[runs]
        self._way, self._residual = self._way.of(runs), self._residual[runs]
        self._linear = tuple(part[runs] for part in self._linear)
        self._make_room()

    def _make_room(self) -> None:
        """Reserve memory, in layers, for parameters to be tried and J^T (n_runs, n_parameters, n_samples)."""
        self._trial = self.parameters.clone()
        self._layers = self.net.layers(self._trial)
        self._J = self._trial.new_empty(*self.parameters.shape, len(self.X))
        self._parts = self.net.cut(self._J)

    def _look(self) -> None:
        """Sweep forward with the parameters to be tried and find the residuals (n_runs, n_samples)."""
        self._way = self.net.forward(self._layers, self.X)
        self._residual = self.y - self._way.values[-1].squeeze(1)

    def _begin(self) -> None:
        """Linearise for the first time and measure the damping by the mean of the diagonal of J^T J."""
        self._linear = self._linearise()
        gram = self._linear[0]
        self._identity = torch.eye(gram.shape[1], dtype=gram.dtype)
        scale = gram.diagonal(dim1=1, dim2=2).sum(1) / self.net.n_parameters
        self._mu = self.damping * scale.clamp_min(1e-12)
        self._least, self._most = 1e-12 * self._mu, self.LARGEST * self._mu

    def _linearise(self, runs: Tensor | None = None) -> tuple[Tensor, ...]:
        """Return the matrix and the right side of the smaller system, and J^T if its step leads through it.

        They are of all runs, or only of those in the mask (n_runs,).
        """
        way, residual, J, parts = self._way, self._residual, self._J, self._parts
        if runs is not None:
            way, residual, J = way.of(runs), residual[runs], J[runs]  # the copy is overwritten
            parts = self.net.cut(J)
        self.net.derivatives(way, parts)
        target = residual.unsqueeze(2)
        if self._wide:
            return torch.bmm(J.mT, J), target, J
        return torch.bmm(J, J.mT), torch.bmm(J, target)

    def _solve(self) -> Tensor:
        """Return the step s (n_runs, n_parameters), not a number where the system cannot be solved."""
        gram, target, *J = self._linear
        factor, failed = torch.linalg.cholesky_ex(gram.addcmul(self._mu[:, None, None], self._identity))
        solution = torch.cholesky_solve(target, factor)
        step = (torch.bmm(J[0], solution) if self._wide else solution).squeeze(2)
        return torch.where((failed > 0)[:, None], torch.nan, step) if failed.any() else step
