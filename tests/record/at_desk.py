"""Forms of the desk as a browser sends them: everything that was shown, but for what is changed."""

from typing import Any

from django.test import Client
from django.urls import reverse


def page_of(row: Any, name: str = "change") -> str:
    where = f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}"
    return reverse(where, args=[] if name in {"add", "changelist"} else [row.pk])


def sent_with(page: Any) -> dict[str, Any]:
    """What a browser sends of a page as it stands."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {"seen": page.context.get("seen", "")}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data


def opened(browser: Client, row: Any) -> dict[str, Any]:
    return sent_with(browser.get(page_of(row)))


def sent(browser: Client, row: Any, data: dict[str, Any]) -> Any:
    return browser.post(page_of(row), data)


def faults(page: Any) -> dict[str, list[str]]:
    """Sentences by field; of a list of rows under its prefix."""
    found = dict(page.context["adminform"].form.errors)
    for inline in page.context["inline_admin_formsets"]:
        formset = inline.formset
        found |= {formset.prefix: formset.non_form_errors()} if formset.non_form_errors() else {}
        for form in formset.forms:
            found |= {form.add_prefix(name): said for name, said in form.errors.items()}
    return {name: list(said) for name, said in found.items()}
