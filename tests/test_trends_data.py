"""The tables of the pages on trends and resources: types, ranges, units, and a source for every row."""

import re

import pandas as pd
import pytest

from explainer import facts

TABLES = (
    "accuracy",
    "architectures",
    "language_models",
    "training_compute",
    "compute_growth",
    "hardware",
    "datasets",
    "internetlivestats",
    "resources",
    "topics",
)
each_table = pytest.mark.parametrize("name", TABLES)

# Columns of numbers with their least and largest value; an empty cell is allowed where it is named so.
RANGES = {
    "accuracy": {"year": (1995, 2025), "error_pct": (0, 100)},
    "architectures": {
        "year": (2012, 2025),
        "params_million?": (0.1, 1e4),
        "gmacs?": (0.1, 1e4),
        "gops?": (0.2, 2e4),
        "input_px": (200, 600),
        "top1_acc_pct": (50, 100),
        "top5_acc_pct?": (75, 100),
    },
    "language_models": {"year": (2018, 2025), "params?": (1e7, 1e13), "active_params?": (1e9, 1e12)},
    "training_compute": {"year": (1950, 2025), "training_compute_flop": (1, 1e27), "params?": (10, 1e13)},
    "compute_growth": {"doubling_months": (3, 24), "low_months": (3, 24), "high_months": (3, 24)},
    "hardware": {
        "year": (2006, 2025),
        "fp32_tflops?": (0.05, 200),
        "tensor_fp16_bf16_dense_tflops?": (40, 3000),
        "tdp_w?": (100, 1500),
    },
    "datasets": {"year": (1964, 2025), "size": (10, 1e15)},
    "internetlivestats": {"value": (1e6, 1e12)},
    "resources": {},
    "topics": {"number": (1, 10)},
}
# Columns of words with what may stand in them.
WORDS = {
    "accuracy": {"agent": {"machine", "human"}, "in_lecture_chart": {"yes", "no"}},
    "architectures": {"family": {"convolutional", "transformer"}, "in_lecture_chart": {"yes", "no"}},
    "language_models": {"architecture": {"dense", "mixture of experts", "undisclosed"}},
    "training_compute": {"confidence": {"Confident", "Likely", "Speculative"}},
    "hardware": {"kind": {"CPU", "GPU", "TPU"}},
    "datasets": {
        "role": {"training", "collection", "counts"},
        "unit": {"images", "images and videos", "pairs", "words", "tokens", "GB", "GiB"},
    },
    "internetlivestats": {"kind": {"stock", "since midnight"}},
    "resources": {"price": {"free", "paid", "unknown"}, "in_lecture": {"yes", "no"}},
    "topics": {"part": {"basics", "architectures"}},
}
KEYS = {  # no two rows are the same thing
    "accuracy": ["key", "system", "agent"],
    "architectures": ["architecture"],
    "language_models": ["model"],
    "training_compute": ["model"],
    "compute_growth": ["key"],
    "hardware": ["device"],
    "datasets": ["dataset"],
    "internetlivestats": ["key"],
    "resources": ["id"],
    "topics": ["number"],
}


@each_table
def test_every_row_names_its_source_and_how_sure_it_is(name):
    table = facts.load(name)
    assert table["source"].str.strip().astype(bool).all()
    assert not table["source"].isna().any()
    assert set(table["verified"]) <= {"yes", "partly", "no"}
    assert "licence" in table
    assert "verified_from" not in table


@each_table
def test_figures_of_others_carry_their_licence(name):
    table = facts.load(name)
    for words, licence in (("Epoch AI", "Epoch AI, CC BY 4.0"), ("K. Rupp", "K. Rupp, CC BY 4.0")):
        theirs = table["source"].str.startswith(words) & (name != "compute_growth")
        assert (table.loc[theirs, "licence"] == licence).all(), name
    for column in table.select_dtypes(exclude="number"):
        assert not table[column].astype(str).str.contains("from memory|archived|snapshot @").any(), column


@each_table
def test_numbers_are_numbers_in_their_range(name):
    table = facts.load(name)
    for column, (low, high) in RANGES[name].items():
        values = table[column.rstrip("?")]
        assert pd.api.types.is_numeric_dtype(values), column
        assert column.endswith("?") == bool(values.isna().any()), column
        assert values.dropna().between(low, high).all(), column


@each_table
def test_words_come_from_a_short_list(name):
    for column, allowed in WORDS.get(name, {}).items():
        assert set(facts.load(name)[column]) == allowed, column


@each_table
def test_no_row_stands_twice(name):
    assert not facts.load(name).duplicated(KEYS[name]).any()


def test_dates_lie_in_their_years():
    for name in ("accuracy", "language_models", "training_compute", "hardware"):
        table = facts.load(name)
        assert table["date"].astype(str).str.fullmatch(r"\d{4}(-\d\d-\d\d)?").all()
        assert (table["date"].astype(str).str[:4].astype(int) == table["year"]).all(), name


def test_what_is_not_checked_has_no_operations_or_is_drawn_hollow():
    table = facts.load("architectures")
    assert set(table.loc[table["gops"].isna(), "architecture"]) == {
        "BN-AlexNet",
        "BN-NIN",
        "ENet (for ImageNet)",
    }
    assert (table.loc[table["gops"].isna(), "verified"] == "no").all()


def test_the_counters_are_those_of_the_slide():
    values = facts.load("internetlivestats")["value"].tolist()
    slide = """4,267,149,297 1,696,839,824 186,645,375,538 4,816,061,902 4,579,120 545,680,148
        5,067,684,629 58,968,701 98,899,252"""
    assert values == [int(number.replace(",", "")) for number in slide.split()]


# -- resources ----------------------------------------------------------------------------------------


def test_resources_are_told_in_both_languages():
    table = facts.load("resources").fillna("")
    for column in ("title", "authors", "description"):
        for lang in ("ru", "en"):
            assert table[f"{column}_{lang}"].astype(bool).all(), column
        assert not table[f"{column}_en"].str.contains("[а-яёА-ЯЁ]").any(), column
    assert (table["today_ru"].astype(bool) == table["today_en"].astype(bool)).all()
    assert table["title_ru"].str.contains("[а-яёА-ЯЁ]").sum() > 20


def test_what_a_resource_replaces_is_in_the_lecture():
    table = facts.load("resources").fillna("")
    lecture = set(table.loc[table["in_lecture"] == "yes", "id"])
    for _, row in table.iterrows():
        replaced = set(row["replaces"].split())
        assert replaced <= lecture
        assert not (replaced and row["in_lecture"] == "yes")


def test_the_lecture_names_four_books_seven_courses_and_ten_topics():
    table = facts.load("resources")
    lecture = table[table["in_lecture"] == "yes"]
    assert (lecture["type"] == "book").sum() == 4
    assert (lecture["type"] == "course").sum() == 7
    assert facts.load("topics")["part"].value_counts().to_dict() == {"basics": 4, "architectures": 6}


def test_links_are_addresses_or_are_left_out():
    for url in facts.load("resources")["url"].dropna():
        assert re.fullmatch(r"https?://[\w.-]+\.[a-z]{2,}(/[\w./~-]*)?", url), url
