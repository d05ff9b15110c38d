"""The mathematics of the lecture: one concept a module, torch and NumPy only."""
