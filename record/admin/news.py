"""News, pictures and topics on the desk. The preview of a draft is its own page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from partners.desk import DeskAdmin, id_in, in_three_languages
from partners.desk_parties import PartyNames, names_for
from partners.desk_seen import SeesWhatIsNew
from partners.models import Party
from record.admin.base import RecordAdmin, languages
from record.models import NewsItem, Picture, Topic
from record.pictures import LIMITS, made_of, put

PICTURES_OFFERED = 100


class PartiesField(forms.CharField):
    """Parties, typed one a line by any name that the portal knows."""

    def __init__(self, names: PartyNames, **kwargs: Any) -> None:
        self.names = names
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def __deepcopy__(self, memo: Any) -> "PartiesField":
        copied: PartiesField = super().__deepcopy__(memo)
        copied.names = self.names
        return copied

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(one.name if isinstance(one, Party) else str(one) for one in value)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        found = {line: self.names.called(line) for line in lines if line}
        unknown = [f"“{line}”" for line, party in found.items() if party is None]
        if unknown:
            said = {"names": ", ".join(unknown)}
            raise ValidationError(translate_now("No Party is called %(names)s.") % said)
        return list(dict.fromkeys(found.values()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted((self.prepare_value(initial) or "").split("\n")) != sorted(
            (data or "").replace("\r", "").split("\n")
        )


@admin.register(NewsItem)
class NewsItemAdmin(RecordAdmin):
    page = "record:news_one"
    list_display = ("title_here", "dated_on", "event_from", "state_here", "missing_here")
    list_filter = ("state", "topics")
    search_fields = ("title_en", "title_fr", "title_es", "lead_en", "event_place")
    fieldsets = (
        (None, {"fields": (("dated_on", "slug"), "picture")}),
        languages("title", _("Title")),
        languages("lead", _("First sentences")),
        (
            _("Text"),
            {
                "fields": (in_three_languages("text"),),
                "description": _(
                    "Markdown: **strong**, *emphasis*, ## heading, - list, [words](address). The "
                    "preview shows what is left of anything else."
                ),
            },
        ),
        (
            _("Event"),
            {
                "fields": (("event_from", "event_until", "event_place"),),
                "description": _("For an event only. One with these days stands among the events."),
            },
        ),
        (_("About"), {"fields": (("parties", "topics"),)}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Party:
            return PartiesField(
                names_for(request),
                required=False,
                label=db_field.verbose_name,
                help_text=_("One a line, by any name: Viet Nam, Vietnam, VNM."),
            )
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The newest pictures, and the one that is there."""
        if db_field.related_model is Picture:
            newest = list(Picture.objects.values_list("pk", flat=True)[:PICTURES_OFFERED])
            match = request.resolver_match
            pk = id_in(match.kwargs.get("object_id", "")) if match else None
            used = NewsItem.objects.filter(pk=pk or 0).exclude(picture=None)
            offered = newest + list(used.values_list("picture_id", flat=True))
            kwargs["queryset"] = Picture.objects.filter(pk__in=offered)
            kwargs["help_text"] = _("Pictures are brought in on a page of their own.")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PictureForm(forms.ModelForm):
    upload = forms.FileField(label=_("Picture"), help_text=LIMITS, required=False)

    def clean_upload(self) -> Any:
        upload = self.cleaned_data.get("upload")
        if upload:
            self.made = made_of(upload)
        elif not self.instance.pk:
            raise ValidationError(translate_now("Choose a picture."))
        return upload


@admin.register(Picture)
class PictureAdmin(SeesWhatIsNew, DeskAdmin):
    form = PictureForm
    list_display = ("alt_en", "credit", "size_here", "added_at")
    search_fields = ("alt_en", "alt_fr", "alt_es", "credit")
    readonly_fields = ("as_shown",)
    fieldsets = (
        (None, {"fields": ("as_shown", "upload")}),
        (
            _("What it shows"),
            {
                "fields": (in_three_languages("alt"),),
                "description": _("Read out to whoever does not see the picture."),
            },
        ),
        (None, {"fields": ("credit",)}),
    )

    @admin.display(description=_("as it is shown"))
    def as_shown(self, obj: Any) -> "SafeString | str":
        if not obj.pk or not obj.is_readable:
            return "–"
        return format_html(
            '<img src="{}" width="{}" height="{}" alt="{}">',
            obj.small_url, str(obj.small_width), str(obj.small_height), obj.alt,
        )  # fmt: skip

    @admin.display(description=_("size"))
    def size_here(self, obj: Any) -> str:
        return f"{obj.width} × {obj.height}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if hasattr(form, "made"):
            put(obj, form.made)
            obj.added_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Topic)
class TopicAdmin(SeesWhatIsNew, DeskAdmin):
    list_display = ("name_en", "name_fr", "name_es", "key")
    fields = ("key", in_three_languages("name"))
