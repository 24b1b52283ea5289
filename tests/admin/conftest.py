"""The browsers of the tests of the desk: one for each role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def browse() -> Callable[[Any], Client]:
    """The browser of somebody who has signed in."""

    def browser_of(user: Any) -> Client:
        browser = Client()
        browser.force_login(user, BACKEND)
        browser.get("/healthz")  # the first page of a session also writes down the session
        return browser

    return browser_of


@pytest.fixture
def lead(browse: Any) -> Client:
    return browse(make.the_lead())


@pytest.fixture
def officer(browse: Any) -> Client:
    return browse(make.the_officer())


@pytest.fixture
def auditor(browse: Any) -> Client:
    return browse(make.auditor())


@pytest.fixture
def focal_point(browse: Any) -> Client:
    return browse(make.focal_point())


@pytest.fixture
def agency_officer(browse: Any) -> Client:
    return browse(make.agency_officer())
