"""What a person does to sign in, and an authenticator app without a telephone."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from partners.models import User
from tests import make


def sign_in(browser: Client, person: User, password: str = make.PASSWORD, **fields: str) -> Any:
    data = {"login": person.email, "password": password, **fields}
    return browser.post("/account/login/", data)


def code_of(secret: str, steps: int = 0) -> str:
    """What an app shows; `steps` half minutes from now, since no code works twice."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(browser: Client) -> tuple[str, list[str]]:
    """Set up the app of whoever is signed in: the key it keeps, and the recovery codes."""
    secret = browser.get("/account/second-factor/app/").context["form"].secret
    page = browser.post(
        "/account/second-factor/app/", {"code": code_of(secret, steps=-1)}, follow=True
    )
    return secret, page.context["unused_codes"]


def with_app(person: User) -> tuple[str, list[str]]:
    browser = Client()
    sign_in(browser, person)
    return set_up_app(browser)
