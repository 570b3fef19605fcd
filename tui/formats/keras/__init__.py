"""Keras: models as JSON and archives read, source and JSON written."""
