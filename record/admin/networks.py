"""Focal points and self-assessments of networks on the desk."""

from django.contrib import admin

from partners.desk import DeskAdmin
from record.models import NetworkAssessment, NetworkContact


@admin.register(NetworkContact)
class NetworkContactAdmin(DeskAdmin):
    list_display = ("office", "network", "email", "confirmed_on")
    list_select_related = ("network",)
    fields = ("network", ("office", "name"), ("email", "telephone"), "confirmed_on")


@admin.register(NetworkAssessment)
class NetworkAssessmentAdmin(DeskAdmin):
    list_display = ("network", "effective_on", "precision")
    list_select_related = ("network",)
    fields = ("network", ("effective_on", "precision"), ("source", "source_url"))
