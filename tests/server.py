"""A real server for browser tests, screenshots and benchmarks."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen
    seconds_to_health: float


@contextmanager
def serve(
    app: Path = ROOT / "streamlit_app.py",
    *options: str,
    cwd: Path = ROOT,
    port: int = 0,
    keep: bool = True,
) -> Iterator[Server]:
    """Start ``streamlit run app`` on loopback, wait until it is healthy, and stop it at the end.

    Without ``keep`` its warm-up leaves out what takes a minute and a half.
    """
    port = port or free_port()
    command: Sequence[str] = (
        *(sys.executable, "-m", "streamlit", "run", str(app)),
        *("--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}", *options),
    )
    begin = time.perf_counter()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "EXPLAINER_KEEP": str(int(keep))}
    with subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for_health(url, process)
            yield Server(url, process, time.perf_counter() - begin)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _wait_for_health(url: str, process: subprocess.Popen, timeout: float = 60) -> None:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"no server at {url} after {timeout} s")
