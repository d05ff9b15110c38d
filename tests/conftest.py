"""What holds for all tests: one thread for arithmetic, as in the app, so that it is repeatable and quick."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import torch._dynamo  # noqa: F401 (what the tests compare with needs torch's compiler; the app leaves it out)
