"""A class on one server: N visitors join, use every control of every page, and then all drag one slider.

    python -m tests.benchmarks.classroom [--sessions 100] [--seconds 60] [--pages history trends]

Every visitor has values of its own, so that the cache cannot help. The visitors share the machine with
the server, and what they take is counted as the server's delay. Static files are not fetched.

A join is the time from opening the connection to the last picture of the page, of the class's common link
or of a prepared state of one's own. An interaction is the time from the use of a control until the last
picture for its new value was received, in the very run that echoes the value. In the all-drag moment a new
value leaves when the last one was echoed, and the newest wins, as in ``live_slider.js``.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from explainer import contents
from tests.benchmarks.client import LIVE, Answer, Control, Session
from tests.benchmarks.measure import limit, machine, median, memory, percentile, table, wait_until_idle, work
from tests.server import serve

_JOINING = 20.0  # seconds in which the class opens the link
_LEAVING, _LEAVING_EMPTY = 0.1, 0.5  # share of actions that change the page, if it has sliders or not
_DRAGGING = 5.0  # seconds
_PATIENCE = 4.0  # seconds after which live_slider.js sends again
_HAND = 1 / 60  # seconds between two input events of a hand that moves
_GIVE_UP = 30.0  # seconds after the release


@dataclass
class Drag:
    """One visitor's part in the all-drag moment."""

    updates: int = 0
    gaps: list[float] = field(default_factory=list)
    resent: int = 0
    exact_after: float | None = None


@dataclass
class Class:
    """What is known of the app, and what was measured."""

    url: str
    chosen: list[str] = field(default_factory=list)  # pages that the class visits; none means all
    links: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    joins: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    actions: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    same: int = 0
    errors: list[str] = field(default_factory=list)

    def note(self, session: Session, control: Control, answer: Answer) -> None:
        """Keep the answer to the use of a control."""
        place = control.movement if control.fragment else "whole page"
        if control.kind == "download":
            place = "downloads"
        self.actions[_name(session.page), place].append(answer.seconds)
        if control.kind in LIVE and answer.pictures and not answer.new_pictures:
            self.same += 1

    def next_control(self, session: Session, rng: random.Random) -> Control:
        """Choose, of the controls on the screen, one that the class has used least."""
        for control in session.controls.values():
            self.seen[session.page, control.name] = control.kind
        controls = list(session.controls.values())
        rng.shuffle(controls)
        control = min(controls, key=lambda control: self.used[session.page, control.name])
        self.used[session.page, control.name] += 1
        return control

    def unused(self) -> list[str]:
        """Name the controls that were on a screen and that nobody used."""
        return sorted(f"{_name(page)}.{name}" for page, name in self.seen if not self.used[page, name])

    def own_link(self, page: str, rng: random.Random) -> str:
        """Prepare a state of the page as a link."""
        return "&".join(f"{name}={rng.choice(values):g}" for name, values in self.links[page].items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60, help="time in class, after which all drag")
    parser.add_argument("--think", type=float, default=6, help="mean seconds between a visitor's actions")
    parser.add_argument("--drag", default="w11", help="the slider that all drag at the end")
    parser.add_argument(
        "--pages", nargs="*", default=[], help="the pages that the class visits, by default all"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    machine()
    with serve() as server:
        errors = asyncio.run(_lesson(server.url, server.process.pid, options))
    sys.exit(1 if errors else 0)


async def _lesson(url: str, pid: int, options: argparse.Namespace) -> list[str]:
    room = Class(url, options.pages)
    await _explore(room)
    await asyncio.to_thread(wait_until_idle, pid)
    sizes = {"warm": memory(pid)}
    rngs = [random.Random(f"{options.seed}-{i}") for i in range(options.sessions)]

    begin, used, own = time.perf_counter(), work(pid), time.process_time()
    end = begin + _JOINING + options.seconds
    visits = [_attend(room, i, rng, end, options.think) for i, rng in enumerate(rngs)]
    sessions = await asyncio.gather(*visits)
    took = time.perf_counter() - begin
    load = [(work(pid) - used) / took, (time.process_time() - own) / took]
    sizes["after class"] = memory(pid)

    dragging = [session for session in sessions if session]
    drags, load_drag = await _all_drag(room, dragging, rngs, options.drag, pid)
    sizes["after all-drag"] = memory(pid)
    for session in dragging:
        await session.__aexit__(None, None, None)
        room.errors += session.errors
    _print(room, options, sizes, load, drags, load_drag)
    return room.errors


async def _explore(room: Class) -> None:
    """Visit every page once before the class comes: learn what a link to it can hold."""
    async with Session(room.url) as session:
        await session.open()
        for page in session.pages:
            await session.go(page)
            sliders = [control for control in session.controls.values() if control.kind == "live slider"]
            room.links[page] = {slider.data["name"]: slider.grid() for slider in sliders}
        room.errors += session.errors


async def _attend(room: Class, i: int, rng: random.Random, end: float, think: float) -> Session | None:
    """Join at some moment, then use one control after another until the end; return the open session."""
    await asyncio.sleep(rng.uniform(0, _JOINING))
    pages = [page for page in room.links if not room.chosen or _name(page) in room.chosen]
    page, kind = pages[i % len(pages)], "common link" if i // len(pages) % 2 else "own link"
    session = Session(room.url, page, room.own_link(page, rng) if kind == "own link" else "")
    try:
        begin = time.perf_counter()
        await session.__aenter__()
        connected = time.perf_counter() - begin
        answer = await session.open()
        room.joins[kind].append(connected + answer.seconds)
        while True:
            pause = rng.uniform(0.5, 1.5) * think
            if time.perf_counter() + pause > end:
                await asyncio.sleep(max(0, end - time.perf_counter()))
                return session
            await asyncio.sleep(pause)
            if rng.random() < (_LEAVING if room.links[session.page] else _LEAVING_EMPTY):
                answer = await session.go(rng.choice([p for p in pages if p != session.page] or pages))
                room.actions[_name(session.page), "arriving"].append(answer.seconds)
                continue
            control = room.next_control(session, rng)
            room.note(session, control, await session.act(control, rng))
    except Exception as error:  # whatever happens to one visitor is counted, and the class goes on
        room.errors += [f"visitor {i}: {type(error).__name__} {error}", *session.errors]
        return None


async def _all_drag(
    room: Class, sessions: list[Session], rngs: list[random.Random], name: str, pid: int
) -> tuple[list[Drag], list[float]]:
    """Bring everybody to the slider, set those beside it at random, and let all hands move at once."""
    page = next(page for page, link in room.links.items() if name in link)
    lane = asyncio.Semaphore(4)

    async def prepare(session: Session, rng: random.Random) -> Control:
        async with lane:
            if session.page != page:
                await session.go(page)
            control = next(c for c in session.controls.values() if c.data.get("name") == name)
            for other in list(session.controls.values()):
                beside = other.kind == "live slider" and other.movement == control.movement
                if beside and other.id != control.id:
                    await session.act(other, rng)
            return session.controls[control.id]

    pairs = list(zip(sessions, rngs, strict=False))
    controls = await asyncio.gather(*(prepare(session, rng) for session, rng in pairs))
    begin, used, own = time.perf_counter() + 0.5, work(pid), time.process_time()
    hands = [_drag(*pair, c, begin) for pair, c in zip(pairs, controls, strict=True)]
    drags = await asyncio.gather(*hands)
    took = time.perf_counter() - begin
    return drags, [(work(pid) - used) / took, (time.process_time() - own) / took]


async def _drag(session: Session, rng: random.Random, control: Control, begin: float) -> Drag:
    """Move a slider to and fro for five seconds, let go at a value, and wait for its echo."""
    drag, release, grid = Drag(), begin + _DRAGGING, control.grid()
    start, speed, last = rng.random(), rng.uniform(0.3, 0.7), rng.choice(grid)

    def hand(now: float) -> float:
        swing = (start + speed * (now - begin)) % 2
        return last if now >= release else grid[round((len(grid) - 1) * min(swing, 2 - swing))]

    await asyncio.sleep(max(0, begin - time.perf_counter()))
    while (now := time.perf_counter()) < release + _GIVE_UP:
        value = hand(now)
        if value == session.controls[control.id].data["value"]:
            if now >= release:
                break
            await asyncio.sleep(_HAND)
            continue
        if await session.push(control, value, _PATIENCE):
            drag.gaps.append(time.perf_counter() - now)
            drag.updates += time.perf_counter() <= release
        else:
            drag.resent += 1
    if session.controls[control.id].data["value"] == last:
        drag.exact_after = max(0.0, time.perf_counter() - release)
    else:
        session.errors.append(f"{control.name}: not exact {_GIVE_UP:g} s after the release")
    await session.rest()
    return drag


def _name(page: str) -> str:
    return page or contents.HOME


def _print(
    room: Class,
    options: argparse.Namespace,
    sizes: dict[str, float],
    load: list[float],
    drags: list[Drag],
    load_drag: list[float],
) -> None:
    joins = [seconds for kind in room.joins.values() for seconds in kind]
    rows = [_spread(f"join, {kind}", seconds) for kind, seconds in sorted(room.joins.items())]
    rows.append(_spread("every join", joins, 0.5))
    for page in sorted({page for page, _ in room.actions}):
        groups = {place: seconds for (at, place), seconds in room.actions.items() if at == page}
        rows.append(_spread(page, [seconds for group in groups.values() for seconds in group], 0.6))
        rows += [_spread(f"  {place}", seconds) for place, seconds in sorted(groups.items())]
    actions = [seconds for group in room.actions.values() for seconds in group]
    rows.append(_spread("every interaction", actions, 0.6))
    title = f"{options.sessions} visitors for {options.seconds:g} s, thinking {options.think:g} s"
    table(f"{title}: seconds to the picture", ["", "n", "p50", "p95", "p99", "most", "p95 limit"], rows)

    exact = [drag.exact_after for drag in drags if drag.exact_after is not None]
    gaps = [gap for drag in drags for gap in drag.gaps]
    latest = max(exact, default=float("nan"))
    rows = [
        ["updates a second, each visitor", median([drag.updates / _DRAGGING for drag in drags]), None],
        ["updates a second, all together", sum(drag.updates for drag in drags) / _DRAGGING, None],
        ["seconds from value to echo, p50", median(gaps), None],
        ["seconds from value to echo, p95", percentile(gaps, 0.95), None],
        ["sent again for want of an echo", sum(drag.resent for drag in drags), None],
        ["seconds from release to exact, p50", median(exact), None],
        ["seconds from release to exact, last", latest, limit(latest, 5)],
        ["visitors exact at the end", len(exact), limit(len(exact), options.sessions, least=True)],
        *_processors(load_drag),
    ]
    table(f"All {len(drags)} drag {options.drag} for {_DRAGGING:g} s", ["", "", "limit"], rows)

    rows = [
        ["slider moves that changed no picture", room.same, None],
        *_processors(load),
        *([f"server memory {when}, MB", size, None] for when, size in sizes.items()),
        ["controls used", len(room.seen) - len(room.unused()), None],
        *([f"  {kind}", n, None] for kind, n in Counter(room.seen.values()).most_common()),
        ["controls not used", len(room.unused()), limit(len(room.unused()), 0)],
        ["errors", len(room.errors), limit(len(room.errors), 0)],
    ]
    table("In all", ["", "", "limit"], rows)
    for line in room.unused():
        print(f"  not used: {line}")
    for error, n in Counter(room.errors).most_common(20):
        print(f"  {n} × {error}")


def _spread(name: str, seconds: list[float], most: float | None = None) -> list[object]:
    shares = [percentile(seconds, share) for share in (0.5, 0.95, 0.99, 1)]
    return [name, len(seconds), *shares, limit(shares[1], most) if most else None]


def _processors(load: list[float]) -> list[list[object]]:
    return [
        [f"processors busy with {who}", share, None]
        for who, share in zip(("the server", "the visitors"), load, strict=True)
    ]


if __name__ == "__main__":
    main()
