"""The Secretariat's desk for requests, referrals and the catalogue of support."""

from requests_app.admin import catalogue, referrals, requests
from requests_app.admin.record import add_to_record

__all__ = ["add_to_record", "catalogue", "referrals", "requests"]
