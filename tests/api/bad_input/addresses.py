"""Addresses of the description filled in, and what a refusal must be."""

import re
from types import SimpleNamespace
from typing import Any

from iccwc_portal.api_problems import PROBLEMS

TOO_BIG = [2**63, 2**63 - 1, 2**64, 10**40]


def filled(template: str, world: SimpleNamespace, other: str = "") -> str:
    """An address of INTERPOL's own rows; with `other`, that in the last place."""
    ids = {
        "referrals": world.referral.pk,
        "conversations": world.conversation.pk,
        "requests": world.letter.pk,
        "toolkit": world.public.steps.get(step="request").pk,
        "webhooks": 1,
    }
    resource = template.split("/")[3]
    known = {"reference": world.asked_interpol.handle, "id": ids.get(resource, 1), "code": "KEN"}
    names = re.findall(r"{(\w+)}", template)
    values = {name: known.get(name, "toolkit") for name in names}
    if other:
        values[names[-1]] = other
    return template.format(**values)


def is_told(answer: Any) -> bool:
    """A refusal with a code of ours and a sentence."""
    if answer.headers.get("Content-Type", "") != "application/problem+json":
        return False
    problem = answer.json()
    known = PROBLEMS.get(problem["code"], (0, ""))[0] == answer.status_code
    return known and bool(problem["detail"])
