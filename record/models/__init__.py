"""The consortium's public record."""

from record.models.activities import Activity, ActivityPlace
from record.models.base import Confidence, Publication, Record
from record.models.documents import CheckedLink, Document, DocumentVersion
from record.models.imports import ActivityImport, ImportFile, ImportRow, ImportState, Verdict
from record.models.networks import GlobalMeeting, NetworkAssessment, NetworkContact
from record.models.news import NewsItem, Picture, Topic
from record.models.operations import Operation, OperationFigure, Series
from record.models.recognition import Recognition

__all__ = [
    "Activity",
    "ActivityImport",
    "ActivityPlace",
    "CheckedLink",
    "Confidence",
    "Document",
    "DocumentVersion",
    "GlobalMeeting",
    "ImportFile",
    "ImportRow",
    "ImportState",
    "NetworkAssessment",
    "NetworkContact",
    "NewsItem",
    "Operation",
    "OperationFigure",
    "Picture",
    "Publication",
    "Recognition",
    "Record",
    "Series",
    "Topic",
    "Verdict",
]
