"""What fills the pictures of the page frameworks."""

from collections.abc import Callable

import pyarrow as pa

from explainer.charts import (
    frameworks,
    graphs,
)
from explainer.experiments import frameworks as lanes_of
from explainer.texts import Texts
from tests.charts.frames import of


def frameworks_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on frameworks, at three moments of its experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        text = (lanes_of.SLIDE, lanes_of.UNUSED, lanes_of.REPEATED)[seed]
        net = lanes_of.two_lanes(program=text, lane_step=3 * seed, mistake=("no", "shape_mistake")[seed % 2])
        back = lanes_of.backwards(steps_back=2 * seed, value_b=float(seed - 1), grad_program="log(b) / a")
        tree, bars, g = lanes_of.family(release_number=1 + 4 * seed), lanes_of.growth(), net.graph
        dates, status = tree.words["first_release_date"], tree.words[f"status_{t.lang}"]
        lives = (tree.begin, tree.end, tree.slide, tree.active)
        edges = (tree.edges, tree.edge_year, tree.edge_kind)
        h = back.graph
        fill = {
            "family": lambda: frameworks.family_data(
                t, tree.name, lives, tree.kind, edges, tree.chosen, dates, status
            ),
            "growth": lambda: frameworks.growth_data(bars.name, bars.score),
            "lanes": lambda: frameworks.lanes_data(
                t, (net.left, net.left_state, net.value, net.size), (net.right, net.right_state)
            ),
            "trace": lambda: graphs.trace_data(
                t, g.label, g.edges, g.state, (g.twin, g.place, g.value, g.size)
            ),
            "gradients": lambda: graphs.gradients_data(t, h.label, h.edges, h.value, h.derivative, h.flows),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(frameworks, "family growth lanes", frameworks_frames),
    **of(graphs, "trace gradients", frameworks_frames),
}
