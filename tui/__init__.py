"""layersheet: a spreadsheet for neural-network layers in the terminal."""
