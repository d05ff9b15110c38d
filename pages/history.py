"""A little history: from the formal neuron of 1943 through two winters to today."""

import streamlit as st

from explainer import ui
from explainer.charts import chronicle, replicas
from explainer.experiments import history as experiments

t = ui.start_page("history")
XOR = {"hidden_units": (4, 0), "xor_epochs": (150, 150), "xor_start": (9, 0)}


@st.fragment
def timeline() -> None:
    with ui.movement(t, "timeline") as m:
        settings = {name: m.choice(name, options, options[0]) for name, options in chronicle.FILTERS.items()}
        settings["find"] = m.text("find", "", chronicle.unknown, longest=40)
        layout = ui.cached(experiments.timeline)(**settings, lang=t.lang)
        alt = t.say("timeline_alt", years=t.say(settings["years"]), **vars(layout))
        m.show(chronicle.timeline(t), alt=alt, height=500, stage=464, **chronicle.timeline_data(t, layout))
        m.say(*chronicle.vertical(t, layout.shown))


@st.fragment
def walk() -> None:
    with ui.movement(t, "walk") as m:
        route = m.choice("route", ("route_lecture", "route_slides", "route_all"), "route_lecture")
        event = m.slider("event", 1, experiments.route_length(route=route), 1)
        stop = ui.cached(experiments.walk)(event=event, route=route)
        title, *card = chronicle.card(t, stop.event, stop.slide)
        alt = t.say("strip_alt", title=title.replace("*", ""), n=event)
        m.show(chronicle.strip(t), alt=alt, height=110, stage=130, **chronicle.strip_data(t, stop))
        m.say(title, *card)


@st.fragment
def gates() -> None:
    with ui.movement(t, "gates") as m:
        gate = m.choice("gate", ("gate_and", "gate_or", "gate_not", "gate_xor"), "gate_and")
        unit = {k: m.slider(k, *v, 0.5) for k, v in experiments.UNIT.items()}
        net = ui.cached(experiments.gates)(gate=gate, **unit)
        words = {"gate": t.say(gate), **unit, **vars(net)}
        alt, data = t.say("gates_alt", **words), replicas.gates_data(t, net)
        m.show(replicas.gates(t), alt=alt, height=360, stage=390, **data)
        m.formula(t.say("gate_formula", **words))
        m.say(t.say("gate_right", **words), t.say("gate_none" if net.n_make == 0 else "gate_some", **words))


@st.fragment
def retina() -> None:
    with ui.movement(t, "retina") as m:
        lessons = m.slider("lessons", 0, 200, 60)
        ways = {"moved": m.slider("moved", 0, 5, 2), "cell_noise": m.slider("cell_noise", 0, 0.3, 0.05, 0.01)}
        one, other = (m.choice(k, replicas.SHAPES, v) for k, v in replicas.PAIR.items())
        net = ui.cached(experiments.retina)(one=one, other=other, lessons=lessons, **ways)
        words = {"one": t.say(one), "other": t.say(other), "n": lessons, **vars(net)}
        data = replicas.retina_data(t, net.samples, net.weight, (words["one"], words["other"]))
        m.show(replicas.retina(t), alt=t.say("retina_alt", **words), height=240, stage=250, **data)
        data = replicas.learning_data(t, net.accuracy, lessons)
        m.show(replicas.learning(t), alt=t.say("learning_alt", **words), height=170, stage=220, **data)
        m.say(t.say("same_shape" if one == other else "retina_score", **words))


@st.fragment
def hidden_layer() -> None:
    with ui.movement(t, "hidden_layer") as m:
        net = ui.cached(experiments.hidden_layer)(**{k: m.slider(k, 0, *v) for k, v in XOR.items()})
        alt, data = t.say("xor_alt", **vars(net)), replicas.hidden_layer_data(t, net)
        m.show(replicas.hidden_layer(t), alt=alt, height=380, stage=430, **data)
        m.say(t.say("xor_score", **vars(net)), t.say(f"xor_{net.verdict}"))


@st.fragment
def mycin() -> None:
    with ui.movement(t, "mycin") as m:
        evidence = {k: m.slider(k, -1, 1, v, 0.1) for k, v in experiments.EVIDENCE.items()}
        found = ui.cached(experiments.mycin)(**evidence)
        alt = t.say("mycin_alt", **vars(found))
        m.show(replicas.mycin(t), alt=alt, height=360, stage=400, **replicas.mycin_data(t, found))
        m.formula(*(t.say(f"mycin_{signs}", **numbers) for signs, numbers in found.steps))


@st.fragment
def alexnet() -> None:
    with ui.movement(t, "alexnet") as m:
        found = ui.cached(experiments.alexnet)(guess=m.slider("guess", 0, 30, 24, 0.5, unit=" %"))
        shown = m.ask("drop")
        alt = t.say("alexnet_alt" if shown else "alexnet_hidden_alt", **vars(found))
        m.show(replicas.alexnet(t), alt=alt, height=360, stage=390, **replicas.alexnet_data(t, found, shown))
        m.say(t.say("alexnet_found" if shown else "alexnet_guess", **vars(found)))


@st.fragment
def winter() -> None:
    with ui.movement(t, "winter") as m:
        expectation = m.choice("expectation", ("soon", "some_day", "never", "who_knows"), "who_knows")
        past = ui.cached(experiments.winter)(expectation=expectation, lang=t.lang)
        shown = m.ask("common")
        alt = t.say("winters_alt" if shown else "winters_hidden_alt")
        m.show(chronicle.winters(t), alt=alt, height=420, stage=410, **chronicle.winters_data(t, past, shown))
        m.say(t.say(f"expect_{expectation}" if shown else "mark_guess"))


timeline()
walk()
gates()
retina()
hidden_layer()
mycin()
alexnet()
winter()
ui.closing(
    t,
    slides=2,
    try_gate=("gates", {"gate": "gate_xor"}),
    try_shift=("retina", {"moved": 5, "lessons": 200}),
    try_hidden=("hidden_layer", {"hidden_units": 2}),
)
ui.show_source(t, experiments.gates, experiments.retina, experiments.hidden_layer, experiments.mycin)
