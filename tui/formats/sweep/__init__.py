"""Sweeps as they are asked for and written out: ranges, measures, tables, files and pictures."""
