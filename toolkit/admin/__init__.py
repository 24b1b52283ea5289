"""The Toolkit on the desk: a module for each part, all registered from here."""

from toolkit.admin import implementations, observations

__all__ = ["implementations", "observations"]
