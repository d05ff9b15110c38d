"""The tables of facts: every row has its source, every number its range, every word its two languages."""

import re

import pandas as pd
import pytest

from explainer import facts
from explainer.charts import chronicle
from explainer.texts import labels

# For every table: its columns of words in both languages, of words, of whole numbers and of numbers with
# their ranges, the columns whose values come from a few, and those that may be empty.
YEAR = (1943, 2025)
TABLES: dict[str, dict[str, object]] = {
    "timeline": {
        "both": ("label", "title", "summary"),
        "words": ("id", "people"),
        "whole": {"year": YEAR, "month": (1, 12)},
        "one_of": {
            "kind": {"idea", "model", "system", "event", "book", "hardware", "framework"},
            "in_lecture": {"yes", "no"},
        },
        "may_be_empty": {"month", "people", "url"},
    },
    "eras": {"both": ("name", "label", "note"), "words": ("id",), "whole": {"start": YEAR, "end": YEAR}},
    "history_slides": {"both": ("slide", "fact"), "words": ("event", "erratum")},
    "winters": {
        "words": ("event",),
        "whole": {"winter": (1, 2)},
        "one_of": {"role": {"promise", "verdict", "seed"}},
    },
    "imagenet": {
        "both": ("note",),
        "words": ("date", "system"),
        "whole": {"year": (2010, 2017)},
        "numbers": {"error_pct": (0, 100)},
        "one_of": {"agent": {"machine", "human"}},
    },
}
# A column that names the rows of another table.
KEYS = {
    ("timeline", "era"): ("eras", "id"),
    ("history_slides", "event"): ("timeline", "id"),
    ("winters", "event"): ("timeline", "id"),
}
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)

each_table = pytest.mark.parametrize("name", TABLES)


def test_every_table_is_tested():
    assert {path.stem for path in facts.FOLDER.glob("*.csv")} >= set(TABLES)
    mine = {"timeline", "eras", "history_slides", "winters", "imagenet"}
    assert mine <= set(TABLES)


@each_table
def test_every_column_is_known(name):
    rules = TABLES[name]
    known = {f"{column}_{lang}" for column in rules.get("both", ()) for lang in ("ru", "en")}
    known |= {"source", "url", "licence", "verified", *rules.get("words", ())}
    known |= {column for kind in ("whole", "numbers", "one_of") for column in rules.get(kind, {})}
    known |= {column for table, column in KEYS if table == name}
    assert set(facts.load(name).columns) <= known


@each_table
def test_every_row_has_a_source_and_says_who_checked_it(name):
    table = facts.load(name)
    assert len(table) > 0
    assert table["source"].str.len().min() >= 5
    assert set(table["verified"]) <= {"yes", "partly", "no"}
    assert "licence" in table


@each_table
def test_nothing_is_missing_that_must_be_there(name):
    table = facts.load(name)
    may = set(TABLES[name].get("may_be_empty", ())) | {"licence", "url"}
    for column in table.columns:
        if column not in may:
            assert table[column].notna().all(), column
        if table[column].dtype == object or str(table[column].dtype).startswith("str"):
            words = table[column].dropna().astype(str)
            assert (words == words.str.strip()).all(), column
            assert not words.duplicated().any() or column != "id"


@each_table
def test_every_number_is_in_its_range(name):
    table, rules = facts.load(name), TABLES[name]
    for kind in ("whole", "numbers"):
        for column, (low, high) in rules.get(kind, {}).items():
            values = table[column].dropna()
            assert values.between(low, high).all(), column
            assert kind == "numbers" or (values == values.round()).all(), column
    for column, values in rules.get("one_of", {}).items():
        assert set(table[column]) <= values, column


@each_table
def test_both_languages_say_something_and_each_in_its_own_letters(name):
    table = facts.load(name)
    for column in TABLES[name].get("both", ()):
        assert not table[f"{column}_en"].str.contains(CYRILLIC).any(), column
        sentences = table[f"{column}_ru"][table[f"{column}_ru"].str.len() > 30]  # shorter ones may be names
        assert sentences.str.contains(CYRILLIC).all(), column
        # The same numbers on both sides; months and the like may be words on one of them.
        for ru, en in zip(table[f"{column}_ru"], table[f"{column}_en"], strict=True):
            years = [set(re.findall(r"(?<![\d.,])(?:19|20)\d\d(?!\d)", text)) for text in (ru, en)]
            assert len(years[0] ^ years[1]) <= 1, (ru, en)


@pytest.mark.parametrize(("column", "target"), KEYS.items(), ids=[".".join(key) for key in KEYS])
def test_no_row_is_an_orphan(column, target):
    (table, key), (other, its_key) = column, target
    assert set(facts.load(table)[key]) <= set(facts.load(other)[its_key])
    assert facts.load(other)[its_key].is_unique


@each_table
def test_links_lead_where_the_source_says(name):
    table = facts.load(name)
    if "url" not in table:
        return
    linked = table[table["url"].notna()]
    assert linked["url"].str.fullmatch(r"https?://[^\s]+").all()
    for row in linked.to_dict("records"):
        if "doi.org/" in row["url"]:
            assert row["url"].partition("doi.org/")[2] in row["source"]
        elif "arxiv.org/abs/" in row["url"] and name == "timeline":
            assert row["url"].rpartition("/")[2] in row["source"]


# -- history -----------------------------------------------------------------------------------------


def test_every_event_lies_inside_its_era_and_stands_in_the_order_of_time():
    table, eras = facts.load("timeline"), facts.load("eras").set_index("id")
    start, end = (table["era"].map(eras[side]) for side in ("start", "end"))
    assert ((start <= table["year"]) & (table["year"] <= end)).all()
    months = table["year"] * 12 + table["month"].fillna(6.5)
    assert months.is_monotonic_increasing
    assert set(table["era"]) == set(eras.index)


def test_the_eras_follow_each_other_and_the_winters_have_the_lectures_years():
    eras = facts.load("eras")
    assert (eras["start"] <= eras["end"]).all()
    gaps = eras["start"].to_numpy()[1:] - eras["end"].to_numpy()[:-1]
    assert set(gaps) <= {0, 1}
    winters = eras[eras["id"].str.startswith("winter")]
    assert winters[["start", "end"]].to_numpy().tolist() == [[1974, 1980], [1987, 1993]]


def test_the_table_holds_as_many_events_as_the_page_says():
    table = facts.load("timeline")
    assert len(table) == 90
    assert table["verified"].value_counts().to_dict() == {"yes": 53, "partly": 11, "no": 26}


def test_a_winters_events_surround_it():
    table = facts.load("winters").merge(
        facts.load("timeline")[["id", "year"]], left_on="event", right_on="id"
    )
    starts = {1: 1974, 2: 1987}
    for row in table.to_dict("records"):
        years = row["year"] - starts[row["winter"]]
        assert years >= 0 if row["role"] == "seed" else -21 <= years <= 0, row


def test_every_winner_of_imagenet_was_better_than_the_one_before():
    winners = facts.load("imagenet").query("agent == 'machine'")
    assert winners["year"].tolist() == list(range(2010, 2018))
    assert winners["error_pct"].is_monotonic_decreasing


def test_every_kind_and_role_has_a_mark_of_its_own_and_a_name():
    for looks, column, table in ((chronicle.KINDS, "kind", "timeline"), (chronicle.ROLES, "role", "winters")):
        assert {name.partition("_")[2] for name in looks} == set(facts.load(table)[column])
        for i in range(2):
            assert len({look[i] for look in looks.values()}) == len(looks)
        assert set(looks) <= set(labels("ru"))
    assert {name.partition("_")[2] for name in chronicle.YEARS[1:]} == set(facts.load("eras")["id"])


def test_loading_twice_gives_the_same_table():
    assert facts.load("timeline") is facts.load("timeline")
    assert isinstance(facts.load("eras"), pd.DataFrame)
