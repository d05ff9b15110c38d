"""Toy data: what it is drawn from, and that a seed names it."""

import math

import pytest
import torch

from explainer.nets import data
from explainer.nets.data import (
    CURVES,
    RADIUS,
    TOY_SETS,
    VIEW,
    sample_between,
    sample_curve,
    sample_surface,
    sample_toy_set,
)
from explainer.nets.linear import best_line, with_ones

each = pytest.mark.parametrize("name", CURVES)


@each
def test_samples_without_noise_lie_on_the_curve(name):
    x, y = sample_curve(name, 50, noise=0, seed=1)
    assert torch.equal(y, CURVES[name](x))


@each
def test_samples_are_sorted_in_view_and_in_double_precision(name):
    x, y = sample_curve(name, 500, noise=0.3, seed=2)
    assert x.shape == y.shape == (500,)
    assert x.dtype == y.dtype == torch.float64
    assert (x.diff() >= 0).all()
    assert x.abs().max() <= VIEW


@each
def test_the_noise_is_normal_with_the_given_size(name):
    n, noise = 20_000, 0.3
    x, y = sample_curve(name, n, noise=noise, seed=3)
    left = (y - CURVES[name](x)) / noise
    # Five standard errors each: mean 0, variance 1, and three standard deviations hold 99.73 percent.
    assert abs(float(left.mean())) < 5 / math.sqrt(n)
    assert float(left.var()) == pytest.approx(1, abs=5 * math.sqrt(2 / n))
    assert float((left.abs() < 3).double().mean()) == pytest.approx(0.9973, abs=5 * math.sqrt(0.0027 / n))


def test_x_is_drawn_evenly_from_the_view():
    n = 20_000
    x, _ = sample_curve("line", n, noise=0, seed=4)
    # Kolmogorov and Smirnov: once in a thousand does a sample stray by more than 1.95 / sqrt(n).
    expected = (x + VIEW) / (2 * VIEW)
    assert float((expected - torch.linspace(0, 1, n, dtype=torch.float64)).abs().max()) < 1.95 / math.sqrt(n)


def test_a_seed_names_one_sample_and_leaves_the_global_generator_alone():
    before = torch.random.get_rng_state()
    first, again, other = (sample_curve("sine", 40, noise=0.2, seed=seed) for seed in (5, 5, 6))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])
    assert torch.equal(torch.random.get_rng_state(), before)


def test_of_all_curves_only_the_line_is_straight():
    x = torch.linspace(-VIEW, VIEW, 301, dtype=torch.float64)
    straight = {
        name: float((curve(x) - with_ones(x) @ best_line(x, curve(x))).abs().max()) < 1e-9
        for name, curve in CURVES.items()
    }
    assert straight == {"line": True, "parabola": False, "sine": False, "abs": False}


@each
def test_curves_stay_within_a_picture_of_fixed_axes(name):
    x = torch.linspace(-VIEW, VIEW, 301, dtype=torch.float64)
    assert CURVES[name](x).abs().max() <= 1.2 + 1e-12


def test_an_unknown_curve_is_refused():
    with pytest.raises(KeyError, match="zigzag"):
        sample_curve("zigzag", 10, noise=0, seed=0)


# -- two classes of points in a plane ---------------------------------------------------------------

each_set = pytest.mark.parametrize("name", TOY_SETS)


@each_set
@pytest.mark.parametrize("n_samples", [1, 2, 7, 500])
def test_a_toy_set_is_points_in_a_plane_with_labels_of_minus_one_and_one(name, n_samples):
    for noise in (0, 0.2, 0.5):
        X, y = sample_toy_set(name, n_samples, noise=noise, seed=n_samples)
        assert (X.shape, y.shape) == ((n_samples, 2), (n_samples, 1))
        assert X.dtype == y.dtype == torch.float64
        assert X.isfinite().all()
        assert (y.abs() == 1).all()
        if noise == 0 and name not in ("xor", "above"):
            assert int((y > 0).sum()) == n_samples - n_samples // 2


@each_set
def test_a_seed_names_one_toy_set_and_leaves_the_global_generator_alone(name):
    before = torch.random.get_rng_state()
    first, again, other = (sample_toy_set(name, 60, noise=0.1, seed=seed) for seed in (5, 5, 6))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])
    assert torch.equal(torch.random.get_rng_state(), before)


@each_set
def test_either_half_of_a_toy_set_holds_both_classes_alike(name):
    shares = [
        float((sample_toy_set(name, 500, noise=0, seed=s)[1][:250] > 0).double().mean()) for s in range(20)
    ]
    assert min(shares) > 0.35  # the halves are drawn: five standard deviations are 0.16
    assert max(shares) < 0.65


def test_without_noise_the_circle_is_a_disc_within_a_ring():
    X, y = sample_toy_set("circle", 4000, noise=0, seed=1)
    radius, inside = X.norm(dim=1), y[:, 0] > 0
    assert radius[inside].max() < 0.5 * RADIUS
    assert radius[~inside].min() > 0.7 * RADIUS
    assert radius.max() < RADIUS
    # Radius and angle are even: half of the disc's points lie within a quarter of the radius, and above.
    assert float((radius[inside] < 0.25 * RADIUS).double().mean()) == pytest.approx(0.5, abs=0.06)
    assert float((X[:, 1] > 0).double().mean()) == pytest.approx(0.5, abs=0.04)


def test_without_noise_xor_asks_for_equal_signs_and_leaves_a_cross_empty():
    X, y = sample_toy_set("xor", 4000, noise=0, seed=2)
    assert torch.equal(y[:, 0], X.prod(1).sign())
    assert X.abs().min() > 0.3
    assert X.abs().max() < RADIUS + 0.3
    assert float((y > 0).double().mean()) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (0.25, 2.25), (0.5, 4)])
def test_the_two_clouds_have_the_variance_that_the_noise_says(noise, variance):
    X, y = sample_toy_set("gauss", 8000, noise=noise, seed=3)
    for label in (-1, 1):
        cloud = X[y[:, 0] == label]
        assert cloud.mean(0).numpy() == pytest.approx([2 * label] * 2, abs=5 * (variance / 4000) ** 0.5)
        assert cloud.var(0).numpy() == pytest.approx([variance] * 2, rel=5 * (2 / 4000) ** 0.5)


def test_without_noise_the_spiral_has_two_arms_of_seven_quarters_of_a_turn():
    X, y = sample_toy_set("spiral", 500, noise=0, seed=4)
    radius = X.norm(dim=1)
    for label, turn in ((1, 0), (-1, math.pi)):
        arm = y[:, 0] == label
        r, order = radius[arm].sort()
        assert r.numpy() == pytest.approx([i / 250 * RADIUS for i in range(250)])
        angle = 1.75 * 2 * math.pi * r / RADIUS + turn
        expected = torch.stack([r * angle.sin(), r * angle.cos()], dim=1)
        assert X[arm][order].numpy() == pytest.approx(expected.numpy(), abs=1e-9)
    # Half a turn maps one arm onto the other, and both begin in the centre.
    distance = torch.linalg.vector_norm(-X[y[:, 0] > 0, None] - X[y[:, 0] < 0], dim=2)
    assert (distance.amin(1) < 1e-9).all()
    assert int((radius < 1e-12).sum()) == 2


def test_without_noise_every_seed_gives_the_same_spiral_in_another_order():
    first, second = (sample_toy_set("spiral", 300, noise=0, seed=seed) for seed in (1, 2))
    assert not torch.equal(first[0], second[0])
    rows = [torch.cat(sample, dim=1).tolist() for sample in (first, second)]
    assert sorted(rows[0]) == sorted(rows[1])


@pytest.mark.parametrize("noise", [0.1, 0.5])
def test_noise_moves_the_spiral_by_no_more_than_it_says_and_spoils_labels_of_circle_and_xor(noise):
    quiet, noisy = (sample_toy_set("spiral", 500, noise=n, seed=5) for n in (0, noise))
    moved = (noisy[0] - quiet[0]).abs().max()
    assert 0.9 * noise < moved <= noise
    for name, rule in (
        ("circle", lambda X: X.norm(dim=1) < 0.5 * RADIUS),
        ("xor", lambda X: X.prod(1) >= 0),
    ):
        X, y = sample_toy_set(name, 2000, noise=noise, seed=6)
        wrong = rule(X) != (y[:, 0] > 0)
        assert 0.005 < float(wrong.double().mean()) < 0.5


def test_above_the_curve_is_one_class_and_below_it_the_other():
    X, y = sample_toy_set("above", 2000, noise=0, seed=1)
    assert torch.equal(y[:, 0] > 0, X[:, 1] > 2.5 * torch.sin(0.4 * math.pi * X[:, 0]))
    assert X.abs().max() <= RADIUS
    noisy = sample_toy_set("above", 2000, noise=0.3, seed=1)
    wrong = (noisy[1] != y)[:, 0]
    assert torch.equal(noisy[0], X)
    assert 0.01 < float(wrong.double().mean()) < 0.3
    assert (X[wrong, 1] - 2.5 * torch.sin(0.4 * math.pi * X[wrong, 0])).abs().max() <= 0.3 * RADIUS


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_surface_is_heights_over_a_square(noise):
    for name in data.SURFACES:
        X, y = sample_surface(name, 3000, noise=noise, seed=2)
        assert (X.shape, y.shape, X.dtype, y.dtype) == ((3000, 2), (3000, 1), torch.float64, torch.float64)
        assert X.abs().max() <= 6
        assert y.abs().max() <= 1.2 * (1 + noise)
        assert torch.equal(sample_surface(name, 3000, noise=noise, seed=2)[1], y)
        # Noise takes the height from beside: without it the surface is a function of the place.
        clean = sample_surface(name, 3000, noise=0, seed=2)[1]
        assert torch.equal(clean, y) == (noise == 0)


def test_hills_and_hollows_stand_in_two_rows_and_the_plane_rises_along_the_diagonal():
    tops = torch.tensor([[-4, 2.5], [0, 2.5], [4, 2.5], [0, 0], [-4, 0.5], [3, 2.5]], dtype=torch.float64)
    assert data.SURFACES["hills"](tops).tolist() == [1, -1, 1, 0, 0, 0.5]
    assert data.SURFACES["plane"](tops).tolist() == pytest.approx([-0.15, 0.25, 0.65, 0, -0.35, 0.55])


def test_an_unknown_toy_set_is_refused():
    with pytest.raises(KeyError, match="swiss_roll"):
        sample_toy_set("swiss_roll", 10, noise=0, seed=0)


# -- points between neighbours ----------------------------------------------------------------------


def test_points_between_two_points_lie_evenly_on_the_line_that_joins_them():
    X = torch.tensor([[0.0, 0], [4, 2], [10, 0], [10, 6]], dtype=torch.float64)
    y = torch.tensor([[1.0], [1], [-1], [-1]], dtype=torch.float64)
    new, labels = sample_between(X, y, 2001, seed=0)
    assert [(labels == label).sum().item() for label in (1, -1)] == [1001, 1000]
    first, second = new[labels[:, 0] > 0], new[labels[:, 0] < 0]
    assert torch.allclose(first[:, 0], 2 * first[:, 1])
    assert (second[:, 0] == 10).all()
    for share in (first[:, 0] / 4, second[:, 1] / 6):
        expected = torch.linspace(0, 1, len(share), dtype=torch.float64)
        assert float((share.sort().values - expected).abs().max()) < 1.95 / len(share) ** 0.5


@pytest.mark.parametrize("name", ["circle", "gauss"])
def test_points_between_lie_on_the_branches_of_the_shortest_tree(name):
    """Kruskal's tree, as the oracle: the shortest edge that closes no circle, again and again."""
    X, y = sample_toy_set(name, 30, noise=0, seed=1)
    edges = []
    for label in (1, -1):
        members = torch.nonzero(y[:, 0] == label)[:, 0].tolist()
        group = {i: i for i in members}
        pairs = [(float((X[i] - X[j]).norm()), i, j) for i in members for j in members if i < j]
        for _, i, j in sorted(pairs):
            if group[i] != group[j]:
                edges.append((i, j))
                old = group[j]
                group = {k: group[i] if g == old else g for k, g in group.items()}
    start, end = X[[i for i, _ in edges]], X[[j for _, j in edges]]
    new, labels = sample_between(X, y, 2000, seed=2)
    along = end - start
    share = ((new[:, None] - start) * along).sum(2) / along.square().sum(1)
    distance = (start + share.clamp(0, 1)[..., None] * along - new[:, None]).norm(dim=2)
    nearest, branch = distance.min(1)
    assert nearest.max() < 1e-9
    assert torch.equal(y[[edges[b][0] for b in branch.tolist()]], labels)
    # The tree of each class gets half of the points, shared among its branches by their lengths.
    for label in (1, -1):
        own = torch.tensor([y[i, 0] == label for i, _ in edges])
        length = along.norm(dim=1) * own
        counts = torch.bincount(branch[labels[:, 0] == label], minlength=len(edges)) / 1000
        assert counts.numpy() == pytest.approx((length / length.sum()).numpy(), abs=0.06)


def test_points_between_are_moved_by_the_noise_and_named_by_the_seed():
    X, y = sample_toy_set("spiral", 100, noise=0, seed=1)
    quiet, noisy, again = (sample_between(X, y, 4000, noise=n, seed=7)[0] for n in (0, 0.1, 0.1))
    assert torch.equal(noisy, again)
    assert float((noisy - quiet).std()) == pytest.approx(0.1, rel=0.05)
    assert torch.isfinite(quiet).all()


def test_points_between_need_two_points_of_each_class():
    X, y = sample_toy_set("gauss", 3, noise=0, seed=0)
    with pytest.raises(ValueError, match="class -1 needs at least two points, got 1"):
        sample_between(X, y, 10, seed=0)


# -- several classes -------------------------------------------------------------------------------


def test_several_classes_are_of_equal_size_and_in_view():
    for n_classes in (2, 3, 4, 5):
        X, y = data.sample_classes(n_classes, 203, spread=0.6, twist=0.6, seed=n_classes)
        assert X.shape == (203, 2)
        assert X.dtype == torch.float64
        assert torch.bincount(y).max() - torch.bincount(y).min() <= 1
        assert X.abs().max() <= 6


def test_without_spread_the_arms_lie_at_their_angles():
    X, y = data.sample_classes(4, 100, spread=0.0, twist=0.25, seed=0)
    r = X.norm(dim=1)
    turns = torch.atan2(X[:, 0], X[:, 1]) / (2 * math.pi)
    expected = y / 4 + 0.25 * r / data.RADIUS
    assert ((turns - expected + 0.5) % 1 - 0.5).abs().max() < 1e-12


def test_a_seed_draws_the_same_classes_again():
    first, again, other = (data.sample_classes(3, 50, seed=seed)[0] for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
