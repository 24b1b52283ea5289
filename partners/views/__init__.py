"""The pages of people: invitations, requests for access, a Party's people, the digest's switch."""

from partners.views.digest import digest_off

__all__ = ["digest_off"]
