"""Networks as pictures: boxes, arrows and frames, as text, ASCII and SVG."""
