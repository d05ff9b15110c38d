"""Frameworks: compute at once or build a graph first, and who made which."""

import streamlit as st

from explainer import ui
from explainer.charts import frameworks as charts
from explainer.charts import graphs
from explainer.experiments import frameworks as experiments

t = ui.start_page("frameworks")


@st.fragment
def family() -> None:
    with ui.movement(t, "family") as m:
        release = m.slider("release_number", 1, experiments.N_FRAMEWORKS, experiments.N_FRAMEWORKS)
        tree = ui.cached(experiments.family)(release_number=release)
        lives = (tree.begin, tree.end, tree.slide, tree.active)
        edges = (tree.edges, tree.edge_year, tree.edge_kind)
        words = {name: tree.words[f"{name}_{t.lang}"] for name in ("origin", "basis", "graph", "status")}
        dates = tree.words["first_release_date"]
        data = charts.family_data(t, tree.name, lives, tree.kind, edges, tree.chosen, dates, words["status"])
        card = {name: column[tree.chosen] for name, column in words.items()}
        card |= {"name": str(tree.name[tree.chosen]), "first": charts.date(t, dates[tree.chosen])}
        m.show(charts.family(t), alt=t.say("family_alt", n=release, **card), height=400, stage=385, **data)
        m.say(t.say("framework_card", **card), t.say("framework_status", **card))


@st.fragment
def growth() -> None:
    with ui.movement(t, "growth") as m:
        bars = ui.cached(experiments.growth)()
        pairs = zip(bars.name, bars.score, strict=True)
        scores = ", ".join(t.say("growth_bar", name=str(name), score=int(score)) for name, score in pairs)
        data = charts.growth_data(bars.name, bars.score)
        m.show(charts.growth(t), alt=t.say("growth_alt", scores=scores), height=320, stage=400, **data)
        m.ask("fastest")


@st.fragment
def two_lanes() -> None:
    with ui.movement(t, "two_lanes") as m:
        program = m.text("program", experiments.SLIDE, experiments.refusal)
        total = experiments.n_steps(program=program)
        step = m.slider("lane_step", 0, total, total - 2, of=str(total))
        mistake = m.choice("mistake", ("no_mistake", "shape_mistake"), "no_mistake")
        net = ui.cached(experiments.two_lanes)(program=program, lane_step=step, mistake=mistake)
        left = "error" if net.error_line else net.phase
        right = "error" if net.error_node else net.phase
        numbers = {"nodes": net.n_nodes, "unused": net.n_unused, "merged": net.n_merged}
        numbers |= {"left": net.bytes_left, "right": net.bytes_right, "step": step, "total": total}
        numbers |= {"code": net.left[min(step, len(net.left)) - 1], "difference": t.zero(net.difference)}
        numbers |= {"line": net.error_line, "node": net.error_node, "words": net.error_words}
        data = charts.lanes_data(
            t, (net.left, net.left_state, net.value, net.size), (net.right, net.right_state)
        )
        m.show(charts.lanes(t), alt=t.say("lanes_alt", **numbers), height=260, stage=255, **data)
        g = net.graph
        data = graphs.trace_data(t, g.label, g.edges, g.state, (g.twin, g.place, g.value, g.size))
        m.show(graphs.trace(t), alt=t.say("trace_alt", **numbers), height=190, stage=190, **data)
        m.say(t.say(f"left_{left}", **numbers), t.say(f"right_{right}", **numbers))


@st.fragment
def backwards() -> None:
    with ui.movement(t, "backwards") as m:
        grad_program = m.text("grad_program", experiments.DIAMOND, experiments.refusal)
        total = experiments.n_steps_back(grad_program=grad_program)
        back = m.slider("steps_back", 0, total, 0, of=str(total))
        inputs = {
            "value_a": m.slider("value_a", -3, 3, 1, 0.1),
            "value_b": m.slider("value_b", -3, 3, 2, 0.1),
        }
        net = ui.cached(experiments.backwards)(grad_program=grad_program, steps_back=back, **inputs)
        g = net.graph
        data = graphs.gradients_data(t, g.label, g.edges, g.value, g.derivative, g.flows)
        numbers = {"out": net.result, "back": back, "total": total, "node": net.undefined}
        numbers |= {"difference": t.zero(net.difference)}
        m.show(graphs.gradients(t), alt=t.say("gradients_alt", **numbers), height=360, stage=380, **data)
        flows = [t.say("back_flow", out=net.result, **flow) for flow in net.flows]
        state = (
            "undefined" if net.undefined else "forward" if back == 0 else "done" if back == total else "way"
        )
        m.say(*flows, t.say(f"back_{state}", **numbers))


family()
growth()
two_lanes()
backwards()
repeated = {"program": experiments.REPEATED, "lane_step": 6, "mistake": "no_mistake"}
broken = {"program": experiments.SLIDE, "lane_step": 6, "mistake": "shape_mistake"}
ui.closing(
    t,
    slides=2,
    plus_derivatives=("backwards", {"grad_program": experiments.DIAMOND, "steps_back": 2}),
    plus_unused=("two_lanes", {"program": experiments.UNUSED, "lane_step": 6, "mistake": "no_mistake"}),
    plus_memory=("two_lanes", repeated),
    minus_errors=("two_lanes", broken),
)
ui.show_source(t, experiments.two_lanes, experiments.backwards)
