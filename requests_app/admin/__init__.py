"""The Secretariat's desk for requests, referrals and the catalogue of support."""

from requests_app.admin import calendar, catalogue, referrals, requests, targets, threads

__all__ = ["calendar", "catalogue", "referrals", "requests", "targets", "threads"]
