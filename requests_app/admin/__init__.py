"""The Secretariat's desk for requests, referrals and the catalogue of support."""

from requests_app.admin import catalogue, referrals, requests

__all__ = ["catalogue", "referrals", "requests"]
