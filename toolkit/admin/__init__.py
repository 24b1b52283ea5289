"""The Toolkit on the desk: a module for each part, all registered from here."""

from toolkit.admin import (
    assessments,
    framework,
    implementations,
    observations,
    request_lines,
)

__all__ = [
    "assessments",
    "framework",
    "implementations",
    "observations",
    "request_lines",
]
