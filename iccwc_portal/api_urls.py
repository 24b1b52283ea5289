"""The map of the API, version 1."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from iccwc_portal import api_views
from iccwc_portal.api_events import EventFeed
from iccwc_portal.api_me import Me
from partners.api import AgencyViewSet, OfficeViewSet, PartyViewSet
from record.api import GlobalMeetingViewSet, OperationViewSet, RecognitionViewSet
from record.api_activities import ActivityViewSet
from record.api_library import DocumentViewSet, NewsViewSet, TopicViewSet
from record.api_networks import NetworkViewSet
from requests_app.api import (
    ReferralActionView,
    ReferralViewSet,
    RequestActionView,
    RequestViewSet,
    SupportViewSet,
)
from requests_app.api_conversations import (
    ConversationActionView,
    ConversationViewSet,
    PostViewSet,
)
from requests_app.api_files import AttachmentsView, AttachmentView
from toolkit.api import ImplementationViewSet
from toolkit.api_assessments import AssessmentViewSet
from toolkit.api_changes import ChangesViewSet
from toolkit.api_documents import ObservationViewSet, TotalViewSet
from toolkit.api_recommendations import RecommendationViewSet
from toolkit.api_steps import StepActionView, StepViewSet
from webhooks.api import WebhookViewSet
from webhooks.api_urls import urlpatterns as webhook_urls
from workflow.api import action_paths

app_name = "api"

asked_most = SimpleRouter()
asked_most.register("requests", RequestViewSet, "request")
asked_most.register("referrals", ReferralViewSet, "referral")

router = SimpleRouter()
router.register("conversations", ConversationViewSet, "conversation")
router.register("toolkit/implementations", ImplementationViewSet, "implementation")
router.register("toolkit/steps", StepViewSet, "step")
router.register("toolkit/changes", ChangesViewSet, "changes")
router.register("toolkit/assessments", AssessmentViewSet, "assessment")
router.register("toolkit/observations", ObservationViewSet, "observation")
router.register("toolkit/totals", TotalViewSet, "total")
router.register("toolkit/recommendations", RecommendationViewSet, "recommendation")
router.register("webhooks", WebhookViewSet, "webhook")
router.register("parties", PartyViewSet, "party")
router.register("agencies", AgencyViewSet, "agency")
router.register("supports", SupportViewSet, "support")
router.register("offices", OfficeViewSet, "office")
router.register("recognition", RecognitionViewSet, "recognition")
router.register("operations", OperationViewSet, "operation")
router.register("activities", ActivityViewSet, "activity")
router.register("networks", NetworkViewSet, "network")
router.register("network-meetings", GlobalMeetingViewSet, "network-meeting")
router.register("news", NewsViewSet, "news")
router.register("documents", DocumentViewSet, "document")
router.register("topics", TopicViewSet, "topic")

urlpatterns = [
    # First, because these are asked by the thousand
    *asked_most.urls,
    action_paths(RequestActionView, "requests/<slug:reference>", "request-action"),
    action_paths(ReferralActionView, "referrals/<int:pk>", "referral-action"),
    *router.urls,
    path("", api_views.ApiRoot.as_view(), name="root"),
    path("schema/", api_views.Schema.as_view(), name="schema"),
    path("docs/", api_views.Docs.as_view(), name="docs"),
    path("problems/", api_views.problems, name="problems"),
    path("me/", Me.as_view(), name="me"),
    path("events/", EventFeed.as_view(), name="events"),
    path(
        "requests/<slug:reference>/attachments/",
        AttachmentsView.as_view(),
        name="attachments",
    ),
    path(
        "requests/<slug:reference>/attachments/<int:pk>/",
        AttachmentView.as_view(),
        name="attachment",
    ),
    *webhook_urls,
    path(
        "conversations/<int:pk>/posts/",
        PostViewSet.as_view({"get": "list"}),
        name="conversation-posts",
    ),
    action_paths(ConversationActionView, "conversations/<int:pk>", "conversation-action"),
    action_paths(StepActionView, "toolkit/steps/<int:pk>", "step-action"),
    re_path(r"^.*/$", api_views.NothingHere.as_view(), name="nothing"),
    re_path(r"^.*[^/]$", api_views.SlashMissing.as_view(), name="slash-missing"),
]
