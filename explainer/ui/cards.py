"""What a card says: a book or a course, what it was to the lecture and what became of it; and the topics."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from explainer import facts, texts
from explainer.texts import Texts


def resource_cards(t: Texts, rows: Iterable[int]) -> list[str]:
    """Write a card in Markdown for rows of the table ``resources``.

    A link that nobody has checked says so; what has no certain address has no link.
    """
    cards = _every_card(t.lang)
    return [cards[int(row)] for row in rows]


@cache
def _every_card(lang: str) -> list[str]:
    """Write the cards of the whole table, which are the same for all visitors."""
    table = facts.load("resources").fillna("").to_dict("records")
    titles = {row["id"]: row[f"title_{lang}"].partition(" (")[0] for row in table}
    after = {
        row["id"]: [titles[new["id"]] for new in table if row["id"] in new["replaces"].split()]
        for row in table
    }
    return [_card(texts.load("resources", lang), row, titles, after[row["id"]]) for row in table]


def _card(t: Texts, row: Mapping[str, str], titles: Mapping[str, str], after: Sequence[str]) -> str:
    title = row[f"title_{t.lang}"]
    linked = f"[{title}]({row['url']})" if row["url"] else title
    year = row[f"year_{t.lang}"]
    head = f"**{linked}** — {row[f'authors_{t.lang}']}" + (f", {year}" if year else "")
    tags = [t.say(f"in_{language}") for language in row["language"].split()]
    tags += [t.say(level) for level in row["level"].split()]
    tags += [t.say(framework) for framework in row["framework"].split() if framework != "no_framework"]
    tags += [t.say(row["price"])] if row["price"] != "unknown" else []
    tags += [] if row["verified"] == "yes" else [t.say("not_checked")]
    news = [row[f"today_{t.lang}"]] if row[f"today_{t.lang}"] else []
    before = [titles[old] for old in row["replaces"].split()]
    news += [t.say("free_instead", titles=", ".join(after))] if after else []
    news += [t.say("instead_of", titles=", ".join(before))] if before else []
    return "  \n".join(
        [head, f"{row[f'description_{t.lang}']} *{', '.join(tags)}*", *([" ".join(news)] * bool(news))]
    )


def topic_lines(t: Texts, rows: Iterable[int]) -> list[str]:
    """Write the topics of the course as lines, a heading before each part."""
    table, lines, part = facts.rows("topics"), [], ""
    for row in (table[int(row)] for row in rows):
        if row["part"] != part:
            part = row["part"]
            lines.append(f"**{t.say(part)}**")
        lines.append(f"{row['number']}\\. {row[f'topic_{t.lang}']}")
    return lines
