"""Charts of one network: shares, bars along the depth and areas, as text and SVG."""
