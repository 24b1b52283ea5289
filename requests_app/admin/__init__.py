"""The Secretariat's desk for requests, referrals and the catalogue of support."""

from requests_app.admin import catalogue, referrals, requests, threads

__all__ = ["catalogue", "referrals", "requests", "threads"]
