"""The action plan of a cycle: read, imported, exported, reported on, reminded of."""
