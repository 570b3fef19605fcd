"""The dialogs: one question each, answered by a typed result, or by None where the user backs out.

A dialog changes nothing. It shows what an answer would come to, and whoever opened it acts on the answer.
"""
