"""Exercises in words: answers as people type them, and the slips that explain a wrong one."""
