"""The action plan of a cycle: read, imported, exported, reported on, reminded of."""

from toolkit.plan.reading import public_of

__all__ = ["public_of"]
