"""Forward to the loss and back to its gradient: what every step of gradient descent needs.

Networks of one shape are swept by hand, with the operations of torch's autograd in its order: the numbers are
the same to the bit as those of an ``nn.Sequential``, for half of the time.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from explainer.nets.activations import identity
from explainer.nets.dropout import Dropout
from explainer.nets.losses import cross_entropy, half_squared_error, logloss, mse
from explainer.nets.mlp import MLP

Loss = Callable[[Tensor, Tensor], Tensor]

# Modules that do one thing while training and another one in eval mode.
_MOODY = (Dropout, nn.Dropout, nn.Dropout2d, nn.BatchNorm1d, nn.BatchNorm2d)
_LINE = 16  # numbers after which memory is aligned again: a product of matrices is rounded by where they lie
_aten = torch.ops.aten

# What comes back through f: of the gradient by f(z), z and f(z) the gradient by z.
_BACK: dict[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    identity: lambda upstream, z, f: upstream,
    torch.tanh: lambda upstream, z, f: _aten.tanh_backward.default(upstream, f),
    torch.sigmoid: lambda upstream, z, f: _aten.sigmoid_backward.default(upstream, f),
    torch.relu: lambda upstream, z, f: _aten.threshold_backward.default(upstream, f, 0),
}


def _from_log_softmax(share: Tensor, y_hat: Tensor, y: Tensor) -> Tensor:
    """Return the gradient by the logits (..., n_samples, n_classes) of -ln softmax(y_hat)[y]."""
    chosen = y[..., None].expand(*y_hat.shape[:-1], 1)
    upstream = torch.zeros_like(y_hat).scatter_(-1, chosen, -1 / y_hat.shape[-2])  # a price a sample
    return _aten._log_softmax_backward_data.default(upstream, y_hat.log_softmax(-1), -1, y_hat.dtype)


# The gradient of a loss by y_hat, of a network's share 1 / n in the mean of its n outputs, y_hat and y.
_SLOPE: dict[Loss, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    cross_entropy: _from_log_softmax,
    half_squared_error: lambda share, y_hat, y: share / 2 * (2 * (y_hat - y)),
    mse: lambda share, y_hat, y: share * (2 * (y_hat - y)),
    logloss: lambda share, y_hat, y: _aten.softplus_backward.default(share, y_hat, 1, 20) + -share * y,
}


class Sweep:
    """Networks of one shape, with gradients where an optimiser looks for them.

    ``parts`` is what an optimiser is given: all at once, or layer by layer if ``apart``, for L-BFGS, which
    adds up over all of a part. ``weights`` are all weights with the gradients by them.
    """

    moody = False

    def __init__(self, net: MLP, parameters: Tensor, loss: Loss, *, apart: bool = False) -> None:
        self._loss, self._n_runs = loss, len(parameters)
        lengths = net.lengths
        spaces = [-(-length // _LINE) * _LINE for length in lengths]
        self._rows = parameters.new_zeros(self._n_runs, sum(spaces))
        self._rows.grad = torch.zeros_like(self._rows)
        self._pieces, slopes = (
            [space[:, :length] for space, length in zip(rows.split(spaces, 1), lengths, strict=True)]
            for rows in (self._rows, self._rows.grad)
        )
        self.restore(parameters)
        self.parts = [self._rows]
        if apart:
            self.parts = self._pieces
            for piece, slope in zip(self._pieces, slopes, strict=True):
                piece.grad = slope
        layers, by = (self._shaped(net, pieces) for pieces in (self._pieces, slopes))
        self.weights = [(weight, slope) for (weight, _), (slope, _) in zip(layers, by, strict=True)]
        shares = [net.share if net.around(layer) else 0.0 for layer in range(len(layers))]
        functions = [f.function for f in net.activations]
        self._layers = list(zip(functions, shares, layers, by, strict=True))

    def _shaped(self, net: MLP, pieces: list[Tensor]) -> list[tuple[Tensor, Tensor]]:
        """Return weight and bias of every layer; a single network has the matrices of an ``nn.Linear``."""
        runs, one = ((), ()) if self._n_runs == 1 else ((self._n_runs,), (1,))
        pairs = zip(net.sizes, net.sizes[1:], pieces[::2], pieces[1::2], strict=False)
        return [
            (weight.view(*runs, n_out, n_in), bias.view(*runs, *one, n_out))
            for n_in, n_out, weight, bias in pairs
        ]

    def see(self, X: Tensor, y: Tensor) -> Tensor:
        """Sweep forward and return the losses (n_runs,), or of a single network ()."""
        single = self._n_runs == 1
        linear, h = (torch.addmm, X) if single else (torch.baddbmm, X.expand(self._n_runs, *X.shape))
        self._way = []
        for f, share, (weight, bias), _ in self._layers:
            z = linear(bias, h, weight.mT)
            value = f(z)
            self._way.append((h, z, value))
            h = h + share * value if share else value
        self._y = y
        return self._loss(h, y)

    judge = see

    def back(self) -> None:
        """Sweep back on the way of the last sweep forward, and write the gradients down."""
        upstream = _slope(self._loss, self._way[-1][2], self._y)
        for layer in reversed(range(len(self._way))):
            f, share, (weight, _), (by_weight, by_bias) = self._layers[layer]
            h, z, value = self._way[layer]
            delta = _back(f, share * upstream if share else upstream, z, value)
            torch.matmul(delta.mT, h, out=by_weight)
            torch.sum(delta, -2, by_bias.ndim > 1, out=by_bias)
            if layer > 0:
                # Autograd multiplies the other way round where a single number was handed on.
                flat = h.shape == (1, 1)
                below = torch.matmul(weight.mT, delta.mT).mT if flat else torch.matmul(delta, weight)
                upstream = upstream + below if share else below

    def parameters(self) -> Tensor:
        """Return a copy of the parameters (n_runs, n_parameters)."""
        return torch.cat(self._pieces, 1)

    def restore(self, parameters: Tensor) -> None:
        """Go back to these parameters."""
        parts = parameters.split([piece.shape[1] for piece in self._pieces], 1)
        for piece, part in zip(self._pieces, parts, strict=True):
            piece.copy_(part)


class Graph:
    """Any module with the graph that autograd keeps of it, swept like a `Sweep`."""

    def __init__(self, model: nn.Module, loss: Loss) -> None:
        self.model, self.loss = model, loss
        self.parts = list(model.parameters())
        self.moody = any(isinstance(part, _MOODY) for part in model.modules())

    @property
    def weights(self) -> list[tuple[Tensor, Tensor]]:
        """Return weights and the gradients by them, without what is a vector: the biases."""
        weights = [parameter for parameter in self.parts if parameter.ndim > 1]
        for weight in weights:
            if weight.grad is None:  # a step passes no gradient on
                weight.grad = torch.zeros_like(weight)
        return [(weight, weight.grad) for weight in weights]

    def see(self, X: Tensor, y: Tensor) -> Tensor:
        """Compute the loss () as in training, or the losses of a module that holds several networks."""
        self._seen = self.loss(self.model(X), y)
        return self._seen.detach()

    @torch.no_grad()
    def judge(self, X: Tensor, y: Tensor) -> Tensor:
        """Compute the same in eval mode."""
        self.model.eval()
        losses = self.loss(self.model(X), y)
        self.model.train()
        return losses

    def back(self) -> None:
        """Compute the gradients of what was seen last."""
        for part in self.parts:
            part.grad = None
        self._seen.sum().backward()

    @torch.no_grad()
    def parameters(self) -> Tensor:
        """Return a copy of the parameters (1, n_parameters)."""
        return parameters_to_vector(self.parts)[None]

    def restore(self, parameters: Tensor) -> None:
        """Go back to these parameters."""
        vector_to_parameters(parameters.clone().reshape(-1), self.parts)


def _back(f: Callable[[Tensor], Tensor], upstream: Tensor, z: Tensor, value: Tensor) -> Tensor:
    """Return the gradient by z, given the one by f(z)."""
    if f in _BACK:
        return _BACK[f](upstream, z, value)
    with torch.enable_grad():
        z = z.requires_grad_()
        value = f(z)
        if not value.requires_grad:
            return torch.zeros_like(z)  # from a step nothing comes back
        # Not grad(value, z, upstream): that imports a library for symbolic mathematics, 2 s and 33 MB.
        return torch.autograd.grad((value * upstream).sum(), z)[0]


def _slope(loss: Loss, y_hat: Tensor, y: Tensor) -> Tensor:
    """Return the gradient of the losses by y_hat (..., n_samples, n_outputs)."""
    if loss in _SLOPE:
        n_outputs = y_hat.shape[-2] * y_hat.shape[-1]
        share = y_hat.new_ones(()).div(n_outputs).expand_as(y_hat)
        return _SLOPE[loss](share, y_hat, y)
    with torch.enable_grad():
        y_hat = y_hat.detach().requires_grad_()
        return torch.autograd.grad(loss(y_hat, y).sum(), y_hat)[0]
