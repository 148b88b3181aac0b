"""One figure a module: `draw(...)` reads tables and returns a Matplotlib figure."""
