"""How ``digits.npz`` was made, from what scikit-learn ships: ``python assets/data/digits.py``."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

SOURCE = (
    "E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
    "1998, doi:10.24432/C50P49: its test set (optdigits.tes), as scikit-learn ships it"
)
LICENCE = "CC BY 4.0, E. Alpaydin, C. Kaynak"


def write(path: Path) -> None:
    """Write the images, 0 to 16, (1797, 8, 8) and their labels (1797,), with their source and licence."""
    images, labels = load_digits().images, load_digits().target
    np.savez_compressed(
        path, images=images.astype(np.uint8), labels=labels.astype(np.uint8), source=SOURCE, licence=LICENCE
    )


if __name__ == "__main__":
    write(Path(__file__).with_suffix(".npz"))
