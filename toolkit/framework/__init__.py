"""The Indicator Framework as an instrument: its structure, its loader, comparisons by it."""
