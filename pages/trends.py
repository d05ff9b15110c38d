"""Trends: errors fall, networks, data and compute grow, nearly straight on a logarithmic scale."""

import streamlit as st

from explainer import ui
from explainer.charts import doubling, trends
from explainer.charts import trends_words as words
from explainer.experiments import trends as experiments

t = ui.start_page("trends")
SCALES, VIEWS, RUNS = ("axis_linear", "axis_log"), ("as_today", "as_slide"), ("all_runs", "record_runs")


@st.fragment
def accuracy() -> None:
    with ui.movement(t, "accuracy") as m:
        view = m.choice("accuracy_view", VIEWS, "as_today")
        scale = m.choice("accuracy_scale", SCALES, "axis_linear")
        test = m.choice("benchmark", tuple(experiments.BENCHMARKS), "imagenet")
        until = m.slider("accuracy_until", *experiments.BENCHMARKS[test], of=test)
        net = ui.cached(experiments.accuracy)(benchmark=test, accuracy_view=view, accuracy_until=until)
        alt, *lines = words.accuracy(t, net, view, test)
        spec, frames = trends.accuracy(t, test, scale), trends.accuracy_data(t, net, test, scale)
        m.show(spec, alt=alt, height=360, stage=345, **frames)
        m.say(*lines)


@st.fragment
def complexity() -> None:
    with ui.movement(t, "complexity") as m:
        view = m.choice("complexity_view", VIEWS, "as_today")
        scale = m.choice("complexity_scale", SCALES, "axis_log")
        until = m.slider("complexity_until", *experiments.NETWORKS[view], of=view)
        net = ui.cached(experiments.complexity)(complexity_view=view, complexity_until=until)
        alt, *lines = words.complexity(t, net, until)
        spec, frames = trends.bubbles(t, view, scale), trends.bubbles_data(t, net, view, scale)
        m.show(spec, alt=alt, height=400, stage=390, **frames)
        m.say(*lines)


@st.fragment
def counters() -> None:
    with ui.movement(t, "counters") as m:
        scale = m.choice("counters_scale", SCALES, "axis_log")
        hours = m.slider("hours", 1, 24, 18)
        net = ui.cached(experiments.counters)(hours=hours)
        alt, *lines = words.counters(t, net, hours)
        spec, frames = trends.counters(t, scale), trends.counters_data(t, net, scale)
        m.show(spec, alt=alt, height=420, stage=440, **frames)
        m.say(*lines)


@st.fragment
def data() -> None:
    with ui.movement(t, "data") as m:
        unit = m.choice("counted", tuple(experiments.UNITS), "images")
        scale = m.choice("data_scale", SCALES, "axis_log")
        until = m.slider("data_until", *experiments.UNITS[unit], of=unit)
        net = ui.cached(experiments.data)(counted=unit, data_until=until)
        alt, *lines = words.data(t, net, unit, until)
        spec, frames = trends.sets(t, unit, scale), trends.sets_data(t, net, unit, scale)
        m.show(spec, alt=alt, height=380, stage=410, **frames)
        m.say(*lines)


@st.fragment
def compute() -> None:
    with ui.movement(t, "compute") as m:
        kind = m.choice("precision", tuple(experiments.DEVICES), "fp32")
        scale = m.choice("compute_scale", SCALES, "axis_log")
        until = m.slider("compute_until", *experiments.DEVICES[kind], of=kind)
        net = ui.cached(experiments.compute)(precision=kind, compute_until=until)
        alt, *lines = words.compute(t, net, kind, until)
        spec, frames = trends.devices(t, kind, scale), trends.devices_data(t, net, kind, scale)
        m.show(spec, alt=alt, height=380, stage=390, **frames)
        m.say(*lines)


@st.fragment
def growth() -> None:
    with ui.movement(t, "growth") as m:
        what = m.choice("quantity", tuple(experiments.SINCE), "flop")
        runs, scale = m.choice("runs", RUNS, "all_runs"), m.choice("growth_scale", SCALES, "axis_log")
        first = m.slider("first_year", *experiments.SINCE[what], of=what)
        last = m.slider("last_year", *experiments.UNTIL[what], of=what)
        net = ui.cached(experiments.growth)(quantity=what, runs=runs, first_year=first, last_year=last)
        alt, *lines = words.growth(t, net, what, first, last)
        spec, frames = doubling.doubling(t, what, scale), doubling.doubling_data(t, net, what, scale)
        m.show(spec, alt=alt, height=380, stage=380, **frames)
        m.say(*lines)


@st.fragment
def guess() -> None:
    with ui.movement(t, "guess") as m:
        what = m.choice("guess_quantity", tuple(experiments.CUTS), "flop")
        until = m.slider("guess_until", *experiments.CUTS[what], of=what)
        months, revealed = m.slider("guess_months", 2, 120, 24), m.ask("reveal")
        net = ui.cached(experiments.guess)(guess_quantity=what, guess_until=until, guess_months=months)
        alt, *lines = words.guess(t, net, what, months, revealed)
        spec, frames = doubling.outlook(t, what), doubling.outlook_data(t, net, what, revealed)
        m.show(spec, alt=alt, height=360, stage=345, **frames)
        m.say(*lines)


accuracy()
complexity()
counters()
data()
compute()
growth()
guess()
examples = {f"try_{name}": ("growth", settings) for name, settings in experiments.EXAMPLES.items()}
ui.closing(t, slides=2, **examples)
ui.show_source(t, experiments.accuracy, experiments.growth, experiments.guess)
