"""Rows of a record that stand on its page at the desk, and may be taken away again."""

from typing import Any

from django.http import HttpRequest

from partners.desk import DeskInline
from partners.desk_history import relations_of
from partners.desk_parties import NamesParties
from partners.desk_seen import SeenFormSet


class RowsInline(NamesParties, DeskInline):
    """Whoever may change the record may remove one of its rows: history keeps what stood there."""

    formset = SeenFormSet

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*relations_of(self.model))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)
