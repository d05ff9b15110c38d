"""How tests read a spec."""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import jsonschema_rs
import pandas as pd
import pyarrow as pa
from altair.vegalite.v6 import schema

from explainer.texts import Texts, load


def texts(lang: str) -> Texts:
    return load("linear_collapse", lang)


def read(tables: Mapping[str, pa.Table]) -> dict[str, pd.DataFrame]:
    """Return what fills a picture as DataFrames, which a test can ask more of."""
    return {name: table.to_pandas() for name, table in tables.items()}


def parts(spec: object) -> Iterator[dict]:
    """Walk through all objects of a spec."""
    if isinstance(spec, dict):
        yield spec
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from parts(part)


@functools.cache
def _vega_lite() -> jsonschema_rs.Validator:
    """Return the validator of Altair's own schema, whose names of types are no addresses as they stand."""
    rules = json.loads((Path(schema.__file__).parent / "vega-lite-schema.json").read_text(encoding="utf-8"))
    for part in parts(rules):
        if isinstance(part.get("$ref"), str):
            part["$ref"] = quote(part["$ref"], safe="#/")
    return jsonschema_rs.validator_for(rules)


def faults(spec: Mapping) -> list[str]:
    """Name what Vega-Lite's schema refuses in a spec."""
    return [f"{list(error.instance_path)}: {error.message[:200]}" for error in _vega_lite().iter_errors(spec)]


def layers(spec: dict) -> list[dict]:
    """Return the layers of a picture, those within layers too, each with the name of its data."""
    if "layer" not in spec:
        return [spec]
    return [inner for layer in spec["layer"] for inner in layers({"data": spec.get("data"), **layer})]


def line_marks(spec: dict) -> dict[str, tuple[str, tuple[int, ...], bool]]:
    """Return colour, dash and thickness of every named line."""
    looks: dict[str, tuple[str, tuple[int, ...], bool]] = {}
    for layer in layers(spec):
        encoding = layer.get("encoding", {})
        if encoding.get("strokeDash", {}).get("field") != "line":
            continue
        color, dash = encoding["color"]["scale"], encoding["strokeDash"]["scale"]
        assert color["domain"] == dash["domain"]
        thick = [name for part in parts(encoding["strokeWidth"]) for name in part.get("oneOf", [])]
        for name, hue, pattern in zip(color["domain"], color["range"], dash["range"], strict=True):
            looks[name] = (hue, tuple(pattern), name in thick)
    assert len(looks) > 1
    return looks
