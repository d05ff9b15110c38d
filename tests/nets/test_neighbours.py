"""Nearest neighbours find what structure there is, and none where there is none."""

import pytest
import torch

from explainer.nets.data import sample_surface, sample_toy_set
from explainer.nets.neighbours import mean, vote


def cloud(n: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("name", ["circle", "xor", "gauss", "spiral", "moons"])
def test_the_vote_is_right_on_clean_sets_and_worse_on_noisy_ones(name):
    shares = []
    for noise in (0.0, 0.5):
        X, y = sample_toy_set(name, 250, noise=noise, seed=1)
        shares.append(vote(X, (y[:, 0] > 0).long(), 2))
    assert shares[0] > 0.95
    assert shares[1] <= shares[0]


def test_labels_by_chance_are_guessed_by_chance():
    X = cloud(2000)
    y = torch.randint(0, 2, (2000,), generator=torch.Generator().manual_seed(1))
    assert abs(vote(X, y, 2) - 0.5) < 0.06
    assert mean(X, y.double()) < 0.1


def test_the_vote_is_the_count_written_as_loops():
    X, y = cloud(60), torch.randint(0, 3, (60,), generator=torch.Generator().manual_seed(2))
    right = 0
    for i in range(60):
        others = sorted((float((X[i] - X[j]).norm()), j) for j in range(60) if j != i)[:5]
        votes = [sum(int(y[j]) == k for _, j in others) for k in range(3)]
        right += votes.index(max(votes)) == int(y[i])
    assert vote(X, y, 3) == pytest.approx(right / 60)


def test_the_mean_of_neighbours_follows_a_plane_and_not_noise():
    X, y = sample_surface("plane", 800, noise=0, seed=0)
    assert mean(X, y[:, 0]) > 0.98
    noise = torch.randn(800, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert mean(X, noise) < 0.05


def test_points_without_neighbours_or_differences_are_no_error():
    one = cloud(1)
    assert (
        vote(one, torch.zeros(1, dtype=torch.int64), 2) == mean(one, torch.zeros(1, dtype=torch.float64)) == 0
    )
    assert vote(cloud(0), torch.zeros(0, dtype=torch.int64), 2) == 0
    assert vote(cloud(3), torch.ones(3, dtype=torch.int64), 2) == 1
    assert mean(cloud(9), torch.ones(9, dtype=torch.float64)) == 0
