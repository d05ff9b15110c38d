"""What fills the pictures of the page history."""

from collections.abc import Callable

import pyarrow as pa

from explainer.charts import (
    chronicle,
    replicas,
)
from explainer.experiments import history
from explainer.texts import Texts
from tests.charts.frames import of


def history_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on history."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        years, kind = ("all_years", "era_winter2", "era_birth")[seed], ("all_kinds", "kind_idea")[seed % 2]
        net = history.retina(lessons=100 * seed, moved=seed)
        fill = {
            "timeline": lambda: chronicle.timeline_data(
                t, history.timeline(years=years, kind=kind, lang=t.lang)
            ),
            "strip": lambda: chronicle.strip_data(t, history.walk(event=1 + 9 * seed)),
            "winters": lambda: chronicle.winters_data(t, history.winter(lang=t.lang), seed == 1),
            "gates": lambda: replicas.gates_data(t, history.gates(gate_a=seed - 1.0)),
            "hidden_layer": lambda: replicas.hidden_layer_data(
                t, history.hidden_layer(hidden_units=seed, xor_epochs=5)
            ),
            "retina": lambda: replicas.retina_data(t, net.samples, net.weight, ("□", "○")),
            "learning": lambda: replicas.learning_data(t, net.accuracy, 100 * seed),
            "mycin": lambda: replicas.mycin_data(t, history.mycin(cf_chains=seed / 2)),
            "alexnet": lambda: replicas.alexnet_data(t, history.alexnet(guess=9.5 * seed), seed == 1),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(chronicle, "timeline strip winters", history_frames),
    **of(replicas, "gates hidden_layer retina learning mycin alexnet", history_frames),
}
