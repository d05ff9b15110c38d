"""What the benchmarks share: both servers, the memory and work of a process, percentiles, tables."""

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.server import Server, serve

BARE = Path(__file__).parent / "bare_app.py"
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def serve_bare() -> Iterator[Server]:
    """Serve the yardstick from its own folder, so that only defaults apply; telemetry alone is off."""
    with serve(BARE, "--browser.gatherUsageStats=false", cwd=BARE.parent) as server:
        yield server


def machine() -> None:
    """Print how busy the machine is before a run: what others do makes every number larger."""
    print(f"{os.cpu_count()} processors, load before the run {os.getloadavg()[0]:.1f}", flush=True)


def _processes(pid: int) -> list[int]:
    """Return a process and those that it has started."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def memory(pid: int) -> float:
    """Return the memory of a process and those that it has started in MB; what they share counts once."""
    total = 0
    for one in _processes(pid):
        fields = Path(f"/proc/{one}/smaps_rollup").read_text().split()
        total += int(fields[fields.index("Pss:") + 1])
    return total / 1024


def work(pid: int) -> float:
    """Return the processor time that a process and those that it has started have used so far, in seconds."""
    ticks = 0
    for one in _processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


def wait_until_idle(pid: int, timeout: float = 240) -> None:
    """Wait until a process has done next to nothing for seven seconds: its warm-up, which rests, is over."""
    end, quiet = time.monotonic() + timeout, 0
    while quiet < 14 and time.monotonic() < end:
        before = work(pid)
        time.sleep(0.5)
        quiet = quiet + 1 if work(pid) - before < 0.03 else 0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share (0 … 1) of the values lies, or NaN if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    """Return the median, or NaN if there are no values."""
    return statistics.median(values) if values else float("nan")


def limit(value: float, bound: float, *, least: bool = False) -> str:
    """Say what a number should be and whether it is."""
    kept = value >= bound if least else value <= bound
    return f"{'>=' if least else '<='} {bound:g}: {'yes' if kept else 'NO'}"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in aligned columns; floats keep two decimals below ten and none from a hundred."""
    cells = [[_text(cell) for cell in row] for row in [heads, *rows]]
    first, *widths = (max(map(len, column)) for column in zip(*cells, strict=True))
    print(f"\n{title}")
    for name, *rest in cells:
        columns = [name.ljust(first), *map(str.rjust, rest, widths)]
        print("  ".join(columns).rstrip(), flush=True)


def _text(cell: object) -> str:
    if not isinstance(cell, float):
        return "" if cell is None else str(cell)
    return f"{cell:.2f}" if abs(cell) < 10 else f"{cell:.1f}" if abs(cell) < 100 else f"{cell:.0f}"
