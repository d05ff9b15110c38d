"""The handwritten digits: those of scikit-learn, small, with their source, parted fairly."""

import runpy

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedShuffleSplit

from explainer import facts
from explainer.nets import digits


def test_the_digits_are_those_that_scikit_learn_ships():
    X, y = digits.load()
    theirs = load_digits()
    assert X.shape == (1797, 8, 8)
    assert (X.dtype, y.dtype) == (torch.float32, torch.int64)
    assert np.array_equal(X.numpy() * 16, theirs.images)
    assert np.array_equal(y.numpy(), theirs.target)
    assert float(X.min()) == 0
    assert float(X.max()) == 1


def test_the_file_is_small_is_made_by_its_script_and_names_source_and_licence(tmp_path):
    path = facts.FOLDER / "digits.npz"
    assert path.stat().st_size < 60_000
    runpy.run_path(str(facts.FOLDER / "digits.py"))["write"](tmp_path / "again.npz")
    with np.load(path) as kept, np.load(tmp_path / "again.npz") as made:
        assert set(kept) == set(made)
        assert all(np.array_equal(kept[name], made[name]) for name in kept)
        assert "doi:10.24432/C50P49" in str(kept["source"])
        assert "CC BY 4.0" in str(kept["licence"])
    assert "digits.npz" in (facts.FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("seed", range(20))
def test_a_split_parts_everything_and_every_class_alike(share, seed):
    _, y = digits.load()
    train, test = digits.split(y, share=share, seed=seed)
    assert torch.equal(torch.cat([train, test]).sort().values, torch.arange(len(y)))
    wanted = (share * torch.bincount(y)).round()
    assert torch.equal(torch.bincount(y[test]), wanted.long())
    # As many, class by class, as scikit-learn takes, give or take the one that it rounds away elsewhere.
    theirs = next(StratifiedShuffleSplit(1, test_size=share, random_state=seed).split(y, y))[1]
    assert (torch.bincount(y[test]) - torch.bincount(y[theirs])).abs().max() <= 1


def test_a_split_follows_its_seed_alone():
    _, y = digits.load()
    state = torch.get_rng_state()
    train, test = digits.split(y, seed=3)
    again = digits.split(y, seed=3)
    assert torch.equal(train, again[0])
    assert torch.equal(test, again[1])
    assert not torch.equal(test.sort().values, digits.split(y, seed=4)[1].sort().values)
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.equal(y[test], y[test].sort().values)  # in random order, not class by class


def test_blocks_count_ink():
    random = np.random.default_rng(0)
    for _ in range(200):
        bitmap = random.random((32, 32)) < random.random()
        counted = digits.blocks(bitmap)
        i, j = random.integers(0, 8, 2)
        assert counted[i, j] * 16 == bitmap[4 * i : 4 * i + 4, 4 * j : 4 * j + 4].sum()
        assert counted.sum() * 16 == bitmap.sum()
    assert np.array_equal(digits.blocks(np.ones((3, 32, 32))), np.ones((3, 8, 8)))
