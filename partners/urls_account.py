"""Coming to an account: by invitation, or by asking. Mounted under /account/."""

from django.urls import path

from partners.views import access, invitations

urlpatterns = [
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("access/", access.ask_access, name="ask_access"),
    path("access/asked/", access.access_asked, name="access_asked"),
    path("access/<str:token>/", access.access_confirm, name="access_confirm"),
]
