"""The experiments of the page "What to read and watch": filters keep what they say, in the table's order."""

import itertools

import numpy as np

from explainer import facts
from explainer.experiments import resources


def test_filters_take_what_they_name_and_nothing_else():
    table = facts.load("resources")
    wanted = (resources.LANGUAGES, resources.LEVELS, resources.FRAMEWORKS, resources.PRICES)
    columns = ("language", "level", "framework", "price")
    for words in itertools.product(*wanted):
        names = [f"resource_{column}" for column in columns]
        rows = resources.shelf(**dict(zip(names, words, strict=True))).rows
        assert (np.diff(rows) > 0).all()
        fits = table["in_lecture"] == "yes"
        for column, word in zip(columns, words, strict=True):
            if word != "all_kinds":
                fits &= table[column].str.split().map(lambda given, word=word: word in given)
        assert rows.tolist() == np.flatnonzero(fits).tolist()


def test_every_row_stands_on_one_of_the_shelves():
    rows = [*resources.shelf().rows, *resources.successors().rows]
    assert sorted(rows) == list(range(len(facts.load("resources"))))


def test_the_examples_find_something():
    for settings in resources.EXAMPLES.values():
        assert len(resources.shelf(**settings).rows)


def test_both_parts_are_the_whole_course():
    parts = [resources.topics(topics_part=part).rows for part in ("basics", "architectures")]
    assert np.concatenate(parts).tolist() == resources.topics().rows.tolist() == list(range(10))
