"""A network that a hand builds on its own picture, and what movements show of its recorded run.

The picture (``assets/components/net_board.js``) gets the weights of all frames and computes every map in
the browser; what a hand changes (`explainer.ui.net_parts`) comes back like the value of a slider.
"""

import base64
import math
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explainer.texts import labels
from explainer.ui import boot, components, net_parts, values
from explainer.ui.panel import Panel
from explainer.ui.shelf import Shelf

_MOST = 16  # neurons of a layer
_TEXTS = (
    *("feature", "neuron", "output", "wider", "narrower", "hint", "weight", "bias", "from", "undo"),
    *("train_on", "train", "test", "score", "alt", "discrete", "test_points", "brush", "remove", "tools"),
    *("remove_last", "value", "explained", "points"),
)


class NetBoard(Shelf, Panel):
    """What a movement can ask and show of a network: see `explainer.ui.controls.Controls`."""

    _again = False  # the movement is run once more at once, to train what is shown untrained now

    def network(
        self,
        name: str,
        offers: Mapping[str, Sequence],
        default: Mapping[str, object],
        *,
        view: net_parts.Place,
        pictures: Mapping[str, Mapping[str, object]],
        quick: Callable[..., bool],
        offered: bool = True,
    ) -> dict[str, object]:
        """Return the settings of a network: those of a panel, and what a hand has set on its picture.

        ``offers`` are the options of the settings that have some, ``default`` the settings of the
        experiment; ``pictures`` are what stands for the options of some, by setting. ``quick`` tells of
        settings whether the network is trained so soon that it need not be shown untrained first. Other
        movements ask for the same network without offering it.
        """
        panel, self._offers, self._view = net_parts.panel_of(offers, default), offers, view
        self._network, self._panel, self._default, self._pictures = name, panel, default, pictures
        chosen = self.panel("panel", panel, also=("features", "widths"), offered=offered)
        sent = self._moved(name).get("value")
        sent = sent if isinstance(sent, Mapping) else {}
        self._rules = net_parts.rules(default, offers["features"], view, _MOST)
        self._built = {key: self._part(key, sent, *rules) for key, rules in self._rules.items()}
        self.place = self._built["place"]
        named = (set(chosen) | set(self._built)) - {"place"}
        self._link = {key: text for key, text in self._report.items() if text and key in named}
        settings = net_parts.assembled(default, chosen, self._built)
        if offered:
            self._first_look(settings, quick)
        return settings | self._untrained()

    def _first_look(self, chosen: Mapping[str, object], quick: Callable[..., bool]) -> None:
        """Note whether the untrained network is shown first, because the training may take long.

        The movement, or the page if it runs as a whole, is then run once more at once.
        """
        key = f"last-{self.t.page}-{self.name}"
        self._again = chosen != st.session_state.get(key, self._default) and not quick(settings=chosen)
        st.session_state[key] = chosen
        values.run_again(self._again and _whole_page())

    def _untrained(self) -> dict[str, object]:
        """Return what makes a run the first look at its network, if this is one."""
        return {"n_steps": 0} if self._again or (values.runs_again() and _whole_page()) else {}

    def _part(
        self,
        key: str,
        sent: Mapping[str, object],
        default: tuple,
        check: Callable[[object], tuple | None],
        read: Callable[[str], object],
        write: Callable[[tuple], str],
    ) -> tuple:
        """Return one part of what a hand has built: from the address, from the browser, or as it was."""
        name = f"{self.t.page}.{key}"
        text = values.from_address(name)
        candidates = (None if text is None else read(text), sent.get(key), values.read(name, None))
        checked = (check(candidate) for candidate in candidates)
        value = values.store()[name] = next((v for v in checked if v is not None), default)
        self._report[key] = None if value == default else write(value)
        return value

    def net_board(
        self, net: object, *, colors: Mapping[str, object], height: int, stage: int, place: object
    ) -> None:
        """Draw the recorded run of the network with all its maps, which the play bar moves."""
        name, view, features = self._network, self._view, self._offers["features"]
        t, targets = self.t, [*net.y.tolist(), *net.y_test.tolist()]
        frames = net.parameters if net.n_steps else net.parameters[:1]  # untrained, all are alike
        data = {
            "name": name,
            "rev": values.revision(),
            "serial": self._moved(name)["serial"],
            "value": self._built,
            "label": t.say("net_label"),
            "pending": self._again,
            "run": zlib.crc32(frames.tobytes() + net.X.tobytes() + net.y.tobytes()),
            "net": {
                "sizes": net.sizes,
                "features": net.features,
                "mean": net.mean.tolist(),
                "scale": net.scale.tolist(),
                "activations": net.activations,
                "output": net.output,
                "loss": net.loss,
                "problem": net.problem,
            },
            "parameters": _packed(frames),
            "frames": len(frames),
            "X": _packed(net.X, net.X_test),
            "y": _packed(net.y, net.y_test),
            "n_train": len(net.y),
            "losses": [_plain(column) for column in net.losses.T],
            "accuracy": [_plain(column) for column in net.accuracy.T],
            "steps": net.steps.tolist(),
            "scale": max([abs(value) for value in targets], default=1.0) or 1.0,
            "features": [{"id": feature, "label": t.say(f"feature_{feature}")} for feature in features],
            "view": view,
            "step": net_parts.STEP,
            "most": _MOST,
            "most_points": net_parts.MOST_POINTS,
            "own": net.settings["data"] == "own",
            "n_brushes": 4,
            "locked": [key for key in ("features", "widths") if key in values.read(f"{t.page}.hide", ())],
            "colors": colors,
            "texts": {key: labels(t.lang)[f"net_{key}"] for key in _TEXTS},
            "height": stage if st.session_state.get("present") else height,
        }
        with place.container(key=f"board-{self.name}"):
            key = f"{t.page}.{name}"
            calls = {"on_moved_change": _nothing, "on_rested_change": _nothing}
            if components.net_board(key=key, data=data, **calls).rested:
                self._rested = name


def trained(function: Callable) -> Callable:
    """Return an experiment behind a cache: in the long lane, or in the quick one where nothing is to train.

    The ``RUNS`` of its module know what is at hand, and remember what was trained. Like
    `explainer.ui.boot.long`, only a movement may call it.
    """
    runs = sys.modules[function.__module__].RUNS

    def run(**settings: object) -> object:
        lane = boot.cached if runs.at_hand(settings) else boot.long
        result = lane(function)(**settings)
        runs.remember(result)
        return result

    return run


def _whole_page() -> bool:
    """Tell whether all movements are run, and not one alone."""
    run = get_script_run_ctx(suppress_warning=True)
    return not (run and run.fragment_ids_this_run)


def _packed(*arrays: object) -> str:
    """Write arrays as the text of their float32 numbers, one after another."""
    return base64.b64encode(b"".join(array.astype("<f4").tobytes() for array in arrays)).decode()


def _plain(numbers: object) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in numbers.tolist()]


def _nothing() -> None:
    """Serve as the callback that Streamlit wants before it keeps a component's state."""
