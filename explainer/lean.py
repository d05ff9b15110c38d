"""What must be said before torch is imported: one thread for arithmetic, and no compiler."""

import os
import sys
from types import ModuleType


def before_torch() -> None:
    """Set one OpenMP thread, and leave out torch's compiler.

    torch.optim imports the compiler at its first step, to tell it not to look: two seconds and 70 MB for
    something that is never used here. A module that answers what the optimisers ask of it stands in.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("MKL_NUM_THREADS", "1")
    if "torch" not in sys.modules:
        no_compiler = ModuleType("torch._dynamo")
        no_compiler.graph_break = lambda: None
        no_compiler.disable = lambda function, *_, **__: function
        sys.modules["torch._dynamo"] = no_compiler
