"""The Toolkit on the desk: a module for each part, all registered from here."""

from toolkit.admin import implementations, observations, request_lines

__all__ = ["implementations", "observations", "request_lines"]
