"""What fills the pictures of the page mlp."""

import functools
from collections.abc import Callable

import pyarrow as pa

from explainer.charts import army, features, mlp, sheet
from explainer.experiments import mlp as experiments
from explainer.texts import Texts
from tests.charts.frames import of


@functools.cache
def trained_by(seed: int) -> tuple:
    units, f = ("units_2", "units_3", "units_2")[seed], experiments.FEATURE_F[seed]
    data = {"sheet_set": ("set_circles", "set_circles", "set_moons")[seed], "sheet_units": units}
    family, who = experiments.FAMILIES[seed], ("hand", "descent", "hand")[seed]
    lines = ((1.0, 1.0),) * 4 if seed == 2 else experiments.LINES  # no line at all
    return (
        experiments.by_hand(family=family, who=who, placed=experiments.OWN[:1], lines=lines),
        experiments.army(),
        experiments.traced(traced_neurons=2 + seed),
        experiments.crumpled_sheet(**data, sheet_layers=1 + seed),
        experiments.features(feature_f=f, feature_layers=1 + seed),
    )


def mlp_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page with settings of its experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        hand, army_of, small, carried, net = trained_by(seed)
        n = (1, 5, 12)[seed]
        squad = army_of.of(n, 1 + seed)
        place = (float(seed), -1.0)
        said = small.trace(place)
        drawn = (squad.map, squad.ends, squad.sides, army_of.X, army_of.y, squad.mistaken)
        seen = carried.seen(30.0 * (seed - 1))
        fill = {
            "by_hand_plane": lambda: mlp.by_hand_plane_data(t, *hand.plane, experiments.LINES),
            "by_hand_space": lambda: mlp.by_hand_space_data(t, *hand.space, experiments.THIRD),
            "army_plane": lambda: army.army_plane_data(t, *drawn),
            "army_worth": lambda: army.army_worth_data(t, army_of.accuracy, n, seed, squad.share),
            "traced_plane": lambda: army.traced_plane_data(t, *small.plane, place),
            "traced_graph": lambda: army.traced_graph_data(t, small.W1, small.W2, said),
            "sheet": lambda: sheet.sheet_data(t, *seen.parts, carried.y, carried.n_places),
            "feature_maps": lambda: features.feature_maps_data(t, net.inputs, net.maps, net.output),
            "feature_complexity": lambda: features.feature_complexity_data(t, net.complexity),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(mlp, "by_hand_plane by_hand_space", mlp_frames),
    **of(army, "army_plane army_worth traced_plane traced_graph", mlp_frames),
    **of(sheet, "sheet", mlp_frames),
    **of(features, "feature_maps feature_complexity", mlp_frames),
}
