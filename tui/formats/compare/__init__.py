"""Two networks beside each other, written out: on the screen, as text, Markdown, CSV and JSON."""
