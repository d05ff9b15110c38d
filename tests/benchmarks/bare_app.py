"""The yardstick: a small Streamlit app with a slider and a picture, in default settings, without torch."""

import numpy as np
import pandas as pd
import streamlit as st

frequency = st.slider("frequency", 1, 100, 50)
x = np.linspace(-3, 3, 100)
st.line_chart(pd.DataFrame({"x": x, "y": np.sin(frequency / 10 * x)}), x="x", y="y")
