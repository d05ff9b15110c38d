"""Pictures: a constant Vega-Lite spec made from texts alone; the data move, the spec does not."""
