"""What the lists of the desk can be asked for: what their filters offer, and nothing else."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from partners.models import User
from requests_app.models import Target
from tests import make

pytestmark = pytest.mark.django_db

# Targets are one table of all there are: nothing narrows it, and parameters say nothing to it.
LISTS = [model for model in admin.site._registry if model is not Target]
ODD = ["startswith", "contains", "icontains", "regex", "gt", "in", "year", "exact__in"]


def address_of(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label_lower)
def test_no_list_tells_what_stands_in_a_column(model: Any, auditor: Client) -> None:
    make.referral()
    columns = [field.name for field in model._meta.fields]
    columns += [f"{name}__user__password" for name in columns] + ["user__password", "pk"]

    answers = {
        f"{column}__{lookup}": auditor.get(address_of(model), {f"{column}__{lookup}": "a"})
        for column in columns
        for lookup in ODD
    }

    assert {name for name, page in answers.items() if page.status_code != 400} == set()


@pytest.mark.parametrize(
    ("name", "lookup"),
    [
        ("partners.User", "password"),
        ("partners.User", "password__exact"),
        ("partners.ApiKey", "digest"),
        ("outbox.Message", "text__exact"),
        ("outbox.Message", "html"),
        ("history.Event", "hash__exact"),
        ("requests_app.SupportRequest", "answers__exact"),
        ("requests_app.SupportRequest", "versions__answers__icontains"),
        ("requests_app.Referral", "support_request__assignee__password__startswith"),
        ("partners.Mandate", "user__password__startswith"),
    ],
)
def test_not_even_the_exact_content_can_be_tried(name: str, lookup: str, auditor: Client) -> None:
    model = next(model for model in LISTS if model._meta.label == name)
    assert auditor.get(address_of(model), {lookup: "a"}).status_code == 400


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label_lower)
def test_every_filter_of_every_list_still_narrows_it(model: Any, auditor: Client) -> None:
    make.referral()
    make.referral(of=make.agency("WCO"))
    page = auditor.get(address_of(model))
    links = [
        choice["query_string"]
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
    ]

    answers = {link: auditor.get(address_of(model) + link).status_code for link in links}

    assert set(answers.values()) <= {200}, answers


def test_the_links_of_other_pages_lead_to_narrowed_lists(auditor: Client) -> None:
    referral = make.referral()
    make.referral(of=make.agency("WCO"))
    referrals = reverse("admin:requests_app_referral_changelist")
    case = referral.support_request

    page = auditor.get(referrals, {"support_request__id__exact": case.pk})
    of_kenya = auditor.get(
        reverse("admin:requests_app_supportrequest_changelist"), {"state": "all", "q": "KEN"}
    )

    assert list(page.context["cl"].result_list) == [referral]
    assert case in of_kenya.context["cl"].result_list
    role = auditor.get(reverse("admin:partners_user_changelist"), {"mandates__role__exact": "lead"})
    assert set(role.context["cl"].result_list) == set(User.objects.filter(mandates__role="lead"))
