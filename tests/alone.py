"""Programs that readers take home, run in an interpreter far from this project."""

import json
import subprocess
import sys
from pathlib import Path

_LOOP = """
import contextlib, io, json, runpy, sys, traceback
for line in sys.stdin:
    printed, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(json.loads(line), run_name="__main__")
    except Exception:
        error = traceback.format_exc()
    print(json.dumps([printed.getvalue(), error]), flush=True)
"""


class Alone:
    """An interpreter that runs one program after another, each as the main one; warnings are errors.

    One for all of them, because every new one takes seconds to import torch.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        command = [sys.executable, "-W", "error", "-c", _LOOP]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(command, cwd=folder, **pipes)

    def run(self, program: str) -> str:
        """Return what a program prints; one that knows this project, or fails, is a failure."""
        assert "explainer" not in program
        self._count += 1
        path = self._folder / f"{self._count}.py"
        path.write_text(program, encoding="utf-8")
        self._process.stdin.write(json.dumps(str(path)) + "\n")
        self._process.stdin.flush()
        printed, error = json.loads(self._process.stdout.readline())
        assert not error, error
        return printed

    def number(self, program: str) -> float:
        """Return the number that a program prints last."""
        return float(self.run(program).split()[-1])

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
