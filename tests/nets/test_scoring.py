"""Scores and calibration against scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn import metrics

from explainer.nets.scoring import Judged, calibrate, score


def test_scores_are_scikit_learns():
    random = np.random.default_rng(0)
    for threshold in (0.05, 0.5, 0.95):
        p, y = random.random((3, 80)), random.integers(0, 2, 80).astype(float)
        scores = Judged(p, y).at(threshold)
        for i, answer in enumerate(p > threshold):
            assert scores.counts[i].tolist() == metrics.confusion_matrix(y, answer, labels=[0, 1]).tolist()
            assert scores.accuracy[i] == pytest.approx(metrics.accuracy_score(y, answer))
            for ours, theirs in (
                (scores.precision, metrics.precision_score),
                (scores.recall, metrics.recall_score),
            ):
                assert ours[i] == pytest.approx(theirs(y, answer, zero_division=1))
        assert scores.last["right"] == pytest.approx(100 * scores.accuracy[-1])


def test_where_nothing_is_called_or_there_nothing_was_missed():
    scores = score(np.full((1, 4), 0.2), np.zeros(4), 0.5)
    assert (scores.precision[0], scores.recall[0], scores.accuracy[0]) == (1, 1, 1)


def test_bins_hold_everybody_once_and_say_what_happened():
    generator = torch.Generator().manual_seed(0)
    p = torch.rand(2, 4000, generator=generator, dtype=torch.float64)
    y = (torch.rand(4000, generator=generator, dtype=torch.float64) < p[1]).double()
    bins = calibrate(p, y)
    assert bins.n.sum(1).tolist() == [4000, 4000]
    assert bins.happened[1] == pytest.approx(bins.said[1], abs=0.06)  # drawn with these very probabilities
    assert bins.happened[0] == pytest.approx(np.full(5, float(y.mean())), abs=0.08)
    edges = calibrate(torch.tensor([[0.0, 1.0]], dtype=torch.float64), torch.tensor([0.0, 1.0]).double())
    assert edges.n.tolist() == [[1, 0, 0, 0, 1]]
    assert edges.said[0] == pytest.approx(edges.happened[0])  # empty bins stand on the diagonal
