"""Long experiments in a process of their own: the same results, stopped, failing, lost."""

import numpy as np
import pytest

from explainer.experiments import linear_regression, softmax, universal_approximation
from explainer.ui.second_process import SecondProcess


class Unwanted(BaseException):
    """As Streamlit's own stops: not an `Exception`."""


def _patient(share: float) -> None:
    pass


def _impatient(share: float) -> None:
    raise Unwanted


@pytest.fixture(scope="module")
def second():
    process = SecondProcess()
    process.start()
    yield process
    process.stop()


def test_it_computes_the_very_numbers_of_this_process(second):
    there = second.run(softmax.train_it, {"spoiled": 10}, _patient)
    here = softmax.train_it(spoiled=10)
    assert type(there) is type(here)
    assert np.array_equal(there.losses, here.losses)


def test_an_error_comes_back_as_it_was_and_the_next_run_is_served(second):
    with pytest.raises(KeyError, match="no_such_target"):
        second.run(universal_approximation.error_against_n, {"error_target": "no_such_target"}, _patient)
    found = second.run(linear_regression.matrix_form, {}, _patient)
    assert np.array_equal(found.weight, linear_regression.matrix_form().weight)


def test_a_run_that_is_not_wanted_any_more_is_left_and_its_answer_is_not_taken_for_the_next(second):
    with pytest.raises(Unwanted):
        second.run(universal_approximation.error_against_n, {"error_target": "sine"}, _impatient)
    assert type(second.run(linear_regression.matrix_form, {}, _patient)) is linear_regression.MatrixForm


def test_a_lost_process_is_replaced_and_nothing_is_lost():
    second = SecondProcess()
    second.start()
    try:
        second._process.kill()
        second._process.wait()
        for _ in range(2):
            found = second.run(linear_regression.matrix_form, {}, _patient)
            assert type(found) is linear_regression.MatrixForm
        assert second._process.poll() is None, "a new one runs"
    finally:
        second.stop()


def test_before_it_is_started_everything_runs_here():
    assert (
        type(SecondProcess().run(linear_regression.matrix_form, {}, _patient)) is linear_regression.MatrixForm
    )
