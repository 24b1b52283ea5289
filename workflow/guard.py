from typing import Any, Generic, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class StateIsProtected(RuntimeError):
    """A state was about to change outside the workflow. Use `workflow.executor.perform`."""


class StatefulQuerySet(models.QuerySet[M], Generic[M]):
    """A queryset whose bulk methods refuse to touch what only the executor may change."""

    protected = frozenset({"state", "version"})

    def update(self, **kwargs: Any) -> int:
        if self.protected & set(kwargs):
            raise StateIsProtected
        return super().update(**kwargs)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        if self.protected & set(fields):
            raise StateIsProtected
        return super().bulk_update(objs, fields, *args, **kwargs)
