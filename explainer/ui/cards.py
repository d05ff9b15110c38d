"""What a card says: a book or a course, what it was to the lecture and what became of it; and the topics."""

from collections.abc import Iterable

import pandas as pd

from explainer import facts
from explainer.texts import Texts


def resource_cards(t: Texts, rows: Iterable[int]) -> list[str]:
    """Write a card in Markdown for rows of the table ``resources``.

    A link that nobody has checked says so; what has no certain address has no link.
    """
    table = facts.load("resources").fillna("")
    titles = {row["id"]: row[f"title_{t.lang}"].partition(" (")[0] for _, row in table.iterrows()}
    return [_card(t, table.iloc[int(row)], titles) for row in rows]


def _card(t: Texts, row: pd.Series, titles: dict[str, str]) -> str:
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
    table = facts.load("resources").fillna("")
    after = [titles[new["id"]] for _, new in table.iterrows() if row["id"] in new["replaces"].split()]
    before = [titles[old] for old in row["replaces"].split()]
    news += [t.say("free_instead", titles=", ".join(after))] if after else []
    news += [t.say("instead_of", titles=", ".join(before))] if before else []
    return "  \n".join(
        [head, f"{row[f'description_{t.lang}']} *{', '.join(tags)}*", *([" ".join(news)] * bool(news))]
    )


def topic_lines(t: Texts, rows: Iterable[int]) -> list[str]:
    """Write the topics of the course as lines, a heading before each part."""
    table, lines, part = facts.load("topics"), [], ""
    for row in (table.iloc[int(row)] for row in rows):
        if row["part"] != part:
            part = row["part"]
            lines.append(f"**{t.say(part)}**")
        lines.append(f"{row['number']}\\. {row[f'topic_{t.lang}']}")
    return lines
