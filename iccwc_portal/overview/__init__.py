"""The overview of the desk: honest figures about its work, each leading to the rows behind it."""

from iccwc_portal.overview.page import overview

__all__ = ["overview"]
