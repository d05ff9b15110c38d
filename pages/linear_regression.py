"""Linear regression: the line that pays least for its errors, by formula and step by step downhill."""

import streamlit as st

from explainer import ui
from explainer.charts import regression
from explainer.experiments import linear_regression as experiments

t = ui.start_page("linear_regression")
PRESETS = ("no_noise", "some_noise", "one_outlier", "two_clusters", "same_x")
PLANE = {"x": regression.X_VIEW, "y": regression.Y_VIEW, "step": 0.1}
WEIGHTS = {"x": regression.W_VIEW, "y": regression.W_VIEW, "step": 0.1, "axes": ("w₀", "w₁")}


@st.fragment
def points_and_line() -> None:
    with ui.movement(t, "points_and_line") as m:
        preset = m.choice("points_preset", PRESETS, "some_noise")
        hand = {"at_least": 1, "picture": "points_and_line", "of": preset}
        points = m.points("points", experiments.POINTS[preset], **hand, **PLANE)
        fit = ui.cached(experiments.points_and_line)(points=points)
        shown = m.ask("penalty")
        numbers = {"w0": float(fit.weight[0]), "w1": float(fit.weight[1])}
        data = regression.points_and_line_data(t, fit.x, fit.y, fit.y_hat if shown else None, fit.weight)
        alt = t.say("line_alt", n=len(points), **numbers)
        m.show(regression.points_and_line(t), alt=alt, height=360, stage=330, **data)
        m.formula(t.say("line_equation", **numbers))
        m.say(t.say(f"fit_{fit.case}"), t.say("line_errors", mse=fit.mse, mae=fit.mae) if shown else "")


@st.fragment
def matrix_form() -> None:
    with ui.movement(t, "matrix_form") as m:
        preset = m.choice("form_preset", ("three_points", "same_x", "single_point"), "three_points")
        hand = {"at_least": 1, "at_most": 4, "picture": "few_points", "of": preset}
        points = m.points("form_points", experiments.POINTS[preset], **hand, **PLANE)
        fit = ui.cached(experiments.matrix_form)(form_points=points)
        numbers = {"w0": float(fit.weight[0]), "w1": float(fit.weight[1])}
        data = regression.few_points_data(t, fit.X[:, 1], fit.y, fit.y_hat, fit.weight)
        alt = t.say("line_alt", n=len(points), **numbers)
        m.show(regression.few_points(t), alt=alt, height=240, stage=210, place=m.controls, **data)
        first = {"x1": float(fit.X[0, 1]), "y1": float(fit.y[0])}
        estimate = t.say("shortest", weight=fit.weight)
        if fit.inverse is not None:
            estimate = t.say("estimate", inverse=fit.inverse, moment=fit.moment, weight=fit.weight)
        m.formula(
            t.say("scalar_form", **first),
            t.say("vector_form", row=fit.X[:1], y1=first["y1"]),
            t.say("columns_form", X=fit.X, y=fit.y),
            t.say("gram_form", gram=fit.gram, moment=fit.moment),
            estimate,
        )
        m.say(t.say(f"form_{fit.case}", value=t.zero(fit.difference)))


@st.fragment
def descent() -> None:
    with ui.movement(t, "descent") as m:
        preset = m.choice("gd_preset", PRESETS, "two_clusters")
        rate = m.slider("gd_rate", 0.01, 0.6, 0.2, 0.01)
        (start,) = m.points("gd_start", ((2.0, 2.0),), picture="surface", add=False, **WEIGHTS)
        points = experiments.POINTS[preset]
        run = ui.cached(experiments.descent)(points=points, gd_start=start, gd_rate=rate)
        numbers = {"rate": rate, "critical": run.critical, "factor": run.factor, "step": run.step}
        numbers |= {"left": float(run.distances[-1]), "mse": float(run.losses[-1])}
        data = regression.factors_data(t, run.rates, run.factors, run.critical, (rate, run.factor))
        alt = t.say("factors_alt", **numbers)
        m.show(regression.factors(t), alt=alt, height=150, stage=170, place=m.controls, **data)
        left, right = m.split(1, 1)
        data = regression.surface_data(t, run.contours, run.star, run.way)
        alt = t.say("surface_alt", **numbers)
        m.show(regression.surface(t), alt=alt, height=320, stage=315, place=left, **data)
        data = regression.at_step_data(t, run.x, run.y, run.lines, run.star)
        alt = t.say("line_alt", n=len(points), w0=float(run.way[-1, 0]), w1=float(run.way[-1, 1]))
        m.show(regression.at_step(t), alt=alt, height=320, stage=315, place=right, **data)
        m.play_bar(regression.descent_marks(t), mse_column=[run.losses], way_left=[run.distances])
        m.say(t.say(f"gd_{run.verdict}", **numbers), "" if run.full_rank else t.say("gd_valley"))


@st.fragment
def mse_against_mae() -> None:
    with ui.movement(t, "mse_against_mae") as m:
        (outlier,) = m.points("outlier", ((2.0, -3.0),), picture="two_lines", add=False, **PLANE)
        rate = m.slider("both_rate", 0.01, 0.25, 0.1, 0.01)
        steps = m.choice("both_steps", ("same_steps", "shrinking_steps"), "same_steps")
        fits = ui.cached(experiments.mse_against_mae)(outlier=outlier, both_rate=rate, both_steps=steps)
        both, shown = (fits.mse, fits.mae), m.ask("exact")
        slopes = {"mse": float(fits.mse.weight[1]), "mae": float(fits.mae.weight[1])}
        slopes |= {"mse0": float(fits.mse.without[1]), "mae0": float(fits.mae.without[1])}
        lines = [fit.line for fit in both]
        data = regression.two_lines_data(t, fits.x, fits.y, lines, fits.met & shown)
        alt = t.say("two_lines_alt", x=outlier[0], y=outlier[1], **slopes)
        m.show(regression.two_lines(t), alt=alt, height=260, stage=275, place=m.controls, **data)
        left, right = m.split(1, 1)
        bowl, facets = [(fit.contours, fit.weight, fit.way, fit.places, fit.arrows) for fit in both]
        data = regression.bowl_data(t, *bowl)
        alt = t.say("bowl_alt", w0=float(bowl[1][0]), w1=float(bowl[1][1]))
        m.show(regression.bowl(t), alt=alt, height=320, stage=262, place=left, **data)
        data = regression.facets_data(t, *facets, (fits.x, fits.y) if shown else None)
        alt = t.say("facets_alt", w0=float(facets[1][0]), w1=float(facets[1][1]))
        m.show(regression.facets(t), alt=alt, height=320, stage=262, place=right, **data)
        columns = {"own_loss": [fit.losses for fit in both], "way_left": [fit.distances for fit in both]}
        m.play_bar(regression.loss_marks(), **columns)
        m.say(t.say("slopes", **slopes), t.say(f"told_{steps}", left=float(fits.mae.distances[-1])))


points_and_line()
matrix_form()
descent()
mse_against_mae()
ui.closing(
    t,
    slides=3,
    try_vertical=("matrix_form", {"form_preset": "three_points", "form_points": ((1.0, -1.0), (1.1, 1.0))}),
    try_edge=("descent", {"gd_preset": "some_noise", "gd_rate": 0.35}),
    try_crease=("mse_against_mae", {"both_rate": 0.25, "both_steps": "same_steps"}),
)
ui.show_source(
    t, experiments.points_and_line, experiments.matrix_form, experiments.descent, experiments.mse_against_mae
)
