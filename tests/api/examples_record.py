"""What the public record holds in the examples of the API's description: one record of each kind,
as the reference data has it."""

from datetime import date
from typing import Any

from record.models import Series, Topic
from tests import make

SLUGS = {
    "recognition": "unga-69-314",
    "operations": "thunderball",
    "activities": "wist-sri-lanka-2013",
    "networks": "hawen",
    "network-meetings": "second",
    "news": "third-meeting-of-networks",
    "documents": "iccwc-letter-of-understanding",
}


def build() -> None:
    kenya = make.party("KEN")
    topic = Topic.objects.create(
        key="networks", name_en="Networks", name_fr="Réseaux", name_es="Redes"
    )
    make.recognition(
        slug=SLUGS["recognition"],
        title_en="Tackling illicit trafficking in wildlife",
        symbol="A/RES/69/314",
    )
    series = Series.objects.create(key="thunder", name="Thunder", led_by_en="INTERPOL and WCO")
    operation = make.operation(
        slug=SLUGS["operations"], title_en="Operation Thunderball", series=series
    )
    operation.figures.create(
        measure="suspects_identified", number=582, effective_on=date(2019, 7, 10),
        source="INTERPOL and WCO, 10 July 2019",
    )  # fmt: skip
    _activity()
    interpol = make.agency("INTERPOL")
    interpol.offices.create(
        kind="Regional bureau", place="Nairobi", party=kenya, latitude="-1.286",
        longitude="36.817", source="INTERPOL",
    )  # fmt: skip
    network = make.network(
        kenya, slug=SLUGS["networks"], acronym="HAWEN",
        name="Horn of Africa Wildlife Enforcement Network", region="Horn of Africa",
    )  # fmt: skip
    network.assessments.create(effective_on=date(2022, 12, 31), precision="year", source="HAWEN")
    make.global_meeting(
        slug=SLUGS["network-meetings"], number=2, place="Johannesburg, South Africa",
        beside="CoP17", attendance=90, attendance_qualifier="over", starts_on=date(2016, 9, 28),
        ends_on=date(2016, 9, 29),
    )  # fmt: skip
    _news_and_documents(topic)


def _activity() -> None:
    activity = make.activity(
        slug=SLUGS["activities"], title_en="Wildlife Incident Support Team in Sri Lanka",
        stage="completed", starts_on=date(2013, 12, 31), precision="year",
        support=make.support("wist"),
    )  # fmt: skip
    activity.agencies.add(make.agency("INTERPOL"))
    activity.places.create(name="Colombo", latitude="6.9271", longitude="79.8612")


def _news_and_documents(topic: Any) -> None:
    news = make.news_item(
        slug=SLUGS["news"], title_en="Third global meeting of networks",
        dated_on=date(2019, 8, 22), lead_en="Networks met in Geneva.",
        text_en="Over **105** participants.",
    )  # fmt: skip
    document = make.document(
        slug=SLUGS["documents"], title_en="ICCWC Letter of Understanding", kind="founding",
        effective_on=date(2010, 11, 23),
    )  # fmt: skip
    document.versions.create(language="en", url="https://cites.org/iccwc/letter.pdf")
    for one in (news, document):
        one.topics.add(topic)
