"""Figures about the work of the Secretariat: counts and times, each with the rows behind it.

They are read from what is stored and from history, for reading alone: nothing is decided by them.
"""
