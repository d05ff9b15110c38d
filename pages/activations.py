"""Activation functions: what bends a network, and how much of the gradient it lets through."""

import streamlit as st

from explainer import ui
from explainer.charts import activations as charts
from explainer.experiments import activations as experiments

t = ui.start_page("activations")


@st.fragment
def linear_to_nonlinear() -> None:
    with ui.movement(t, "linear_to_nonlinear") as m:
        bend = m.slider("bend", 0, 1, 1, 0.01)
        target = m.choice("bend_target", experiments.TARGETS, "sine")
        neurons = m.slider("bend_neurons", 1, 16, 8)
        settings = {"bend": bend, "bend_target": target, "bend_neurons": neurons}
        net = ui.cached(experiments.linear_to_nonlinear)(**settings)
        f = charts.hinge_data(net.x, net.f)
        m.show(charts.hinge(t), alt=t.say("hinge_alt", a=bend), height=220, stage=250, place=m.controls, **f)
        shown = m.ask("why_line")
        losses = {"a": bend, "loss": net.loss, "line": net.line_loss}
        alt = t.say("fit_alt" if shown else "fit_hidden_alt", target=t.say(target), **losses)
        lines = charts.fit_data(t, net.x, net.curve, net.output if shown else None)
        m.show(charts.fit(t), alt=alt, height=320, stage=400, **lines)
        m.say(t.say("fit_line" if bend == 1 else "fit_bent", **losses) if shown else "")


@st.fragment
def one_cursor() -> None:
    with ui.movement(t, "one_cursor") as m:
        cursor = m.slider("cursor", -6, 6, 1, 0.1)
        group = m.choice("group", tuple(experiments.GROUPS), "eight")
        parameters = {"leak": m.slider("leak", 0, 1, 0.25, 0.01)}
        parameters["elu_alpha"] = m.slider("elu_alpha", 0, 1.5, 1, 0.05)
        net = ui.cached(experiments.one_cursor)(cursor=cursor, group=group, **parameters)
        at = list(zip(map(t.say, net.names), net.at_f.tolist(), net.at_slope.tolist(), strict=True))
        alt = " ".join(t.say("panel_alt", name=name, f=f, slope=slope) for name, f, slope in at)
        alt = t.say("panels_alt", x=cursor, rest=alt)
        values, now = (net.f, net.slope), (net.at_f, net.at_slope)
        data = charts.panels_data(t, net.names, net.x, values, cursor, now)
        m.show(charts.panels(t), alt=alt, height=500, stage=520, **data)
        zero, dead = int((net.at_slope == 0).sum()), int((abs(net.at_slope) < experiments.DEAD).sum())
        counts = {"zero": zero, "dead": dead, "of": len(at)}
        m.say(t.say("at_cursor", x=cursor, largest=float(net.at_slope.max()), **counts))


@st.fragment
def in_detail() -> None:
    with ui.movement(t, "in_detail") as m:
        f = m.choice("detail", experiments.NAMES, "sigmoid")
        settings = {"detail": f}
        if f == "leaky_relu":
            settings["detail_leak"] = m.slider("detail_leak", 0, 1, 0.25, 0.01)
        if f == "elu":
            settings["detail_alpha"] = m.slider("detail_alpha", 0, 1.5, 1, 0.05)
        net = ui.cached(experiments.in_detail)(**settings)
        found = {"peak": net.peak, "at": net.peak_at, "low": net.low, "high": net.high}
        data = charts.detail_data(net.x, net.f, net.slope, (net.low, net.high), (net.peak_at, net.peak))
        alt = t.say("detail_alt", name=t.say(f), peak=net.peak)
        m.show(charts.detail(t), alt=alt, height=300, stage=285, **data)
        m.formula(t.say(f"formula_of_{f}"), t.say(f"derivative_of_{f}"))
        sides = {"left": net.left, "right": net.right, "taken": net.taken}
        m.say(
            t.say(f"peaks_{net.peaks}", **found) + " " + t.say(f"dies_{net.dies}", **found),
            t.say(f"by_{net.checked_by}", value=t.zero(net.largest_difference))
            + " "
            + t.say(f"zero_{net.at_zero}", **sides),
            t.prose(f"about_{f}"),
        )


@st.fragment(parallel=True)
def race() -> None:
    with ui.movement(t, "race") as m:
        racer = m.choice("racer", experiments.NAMES, "heaviside")
        settings = {"race_target": m.choice("race_target", experiments.TARGETS, "sine")}
        settings["race_depth"] = m.choice("race_depth", tuple(experiments.DEPTHS), "hidden_1")
        net = ui.long(experiments.race)(**settings)
        i, name = net.names.index(racer), t.say(racer)
        low, *_, high = end = sorted(net.losses[i, -1].tolist())
        numbers = {"name": name, "low": low, "high": high, "median": (end[3] + end[4]) / 2}
        left, right = m.split(1, 1)
        lines = charts.race_data(t, net.steps, net.losses, i)
        m.show(charts.race(t), alt=t.say("race_alt", **numbers), height=340, stage=345, place=left, **lines)
        runs = charts.ranking_data(t, net.names, net.losses, i)
        alt = t.say("ranking_alt", n=len(net.names))
        m.show(charts.ranking(t), alt=alt, height=340, stage=345, place=right, **runs)
        columns = {"best_seed": net.losses[i].min(1), "worst_seed": net.losses[i].max(1)}
        m.play_bar(charts.race_marks(name), steps=net.steps.tolist(), **{k: [v] for k, v in columns.items()})
        verdict = racer if racer in ("identity", "heaviside") else "other"
        m.say(t.say(f"race_{verdict}", line=net.line_loss, moved=t.zero(float(net.moved[i])), **numbers))


linear_to_nonlinear()
one_cursor()
in_detail()
race()
ui.closing(
    t,
    slides=2,
    try_far=("one_cursor", {"cursor": 6.0}),
    try_kink=("in_detail", {"detail": "elu", "detail_alpha": 0.5}),
    try_deep=("race", {"racer": "sigmoid", "race_target": "sine", "race_depth": "hidden_8"}),
)
ui.show_source(
    t, experiments.linear_to_nonlinear, experiments.one_cursor, experiments.in_detail, experiments.race
)
