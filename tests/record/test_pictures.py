"""Pictures: judged by content, made small, with nothing of what the camera noted."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from history.models import Event
from record.models import NewsItem, Picture
from tests import make
from tests.reading_pages import signed_in
from tests.record.at_desk import faults, sent_with

pytestmark = pytest.mark.django_db

ADD = "/admin/record/picture/add/"
GPS = 0x8825


def noise(width: int, height: int, kind: str = "JPEG", **how: Any) -> bytes:
    """A picture that is hard to make small."""
    return saved(Image.effect_noise((width, height), 90), kind, **how)


def plain(width: int, height: int, kind: str = "JPEG", **how: Any) -> bytes:
    return saved(Image.radial_gradient("L").resize((width, height)), kind, **how)


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    image.convert("RGB").save(out, kind, **how)
    return out.getvalue()


def brought(content: bytes, name: str = "camera.jpg", **said: Any) -> Any:
    desk = signed_in(make.the_officer())
    data = sent_with(desk.get(ADD)) | {"alt_en": "Officers at a table", **said}
    return desk.post(ADD, data | {"upload": SimpleUploadedFile(name, content)})


def a_picture(content: bytes = b"") -> Picture:
    assert brought(content or plain(1200, 900)).status_code == 302
    return Picture.objects.get()


def shown(picture: Picture, client: Client | None = None, **headers: str) -> tuple[Any, Any]:
    client = client or Client()
    return (
        client.get(picture.url, headers=headers),
        client.get(picture.small_url, headers=headers),
    )


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_picture_becomes_two_of_the_size_that_slow_links_bear() -> None:
    picture = a_picture(noise(1200, 900))
    make.news_item(picture=picture)

    large, small = (read(one) for one in shown(picture))

    assert (len(large) <= 30_000, len(small) <= 6_000) == (True, True)
    with Image.open(BytesIO(large)) as one:
        assert (one.format, one.size) == ("WEBP", (picture.width, picture.height))
    with Image.open(BytesIO(small)) as one:
        assert (one.format, one.size) == ("WEBP", (picture.small_width, picture.small_height))
    assert max(picture.width, picture.height) <= 960
    assert Event.objects.about(picture).count() == 1


def test_broken_notes_of_a_camera_are_said_in_a_sentence() -> None:
    """Pillow writes them anew when it turns a picture, and stumbles over them."""
    notes = Image.Exif()
    notes[0x0112], notes[0x011A] = 6, 1.5
    content = plain(40, 30, exif=notes)
    rational, words = b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x02"
    if notes.endian == "<":
        rational, words = b"\x1a\x01\x05\x00", b"\x1a\x01\x02\x00"
    assert rational in content
    answer = brought(content.replace(rational, words))
    assert "is damaged" in str(faults(answer))
    assert not Picture.objects.exists()


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # lies on its side
    notes[0x010F] = "Camera of a Person"
    notes.get_ifd(GPS)[1] = "N"
    notes.get_ifd(GPS)[2] = (46.0, 12.0, 8.0)
    content = plain(400, 200, exif=notes)
    assert b"Camera of a Person" in content

    assert brought(content).status_code == 302

    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (200, 400)
    for file in (picture.file, picture.small):
        kept = file.open("rb").read()
        with Image.open(BytesIO(kept)) as one:
            assert not one.getexif()
        assert b"Camera" not in kept


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.jpg", b"%PDF-1.4 not a picture", "is not a JPEG, PNG or WebP picture"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a JPEG, PNG or WebP"),
        ("a.gif", noise(5, 5, "GIF"), "is not a JPEG, PNG or WebP picture"),
        ("a.png", noise(300, 300, "PNG")[:5000], "is damaged"),
        ("a.jpg", noise(300, 300)[:2000], "is damaged"),
    ],
)
def test_what_is_no_picture_gets_a_sentence(name: str, content: bytes, sentence: str) -> None:
    page = brought(content, name)
    assert sentence in faults(page)["upload"][0]
    assert f"“{name}”" in faults(page)["upload"][0]
    assert not Picture.objects.exists()


def test_a_small_file_that_unfolds_to_a_huge_picture_is_not_unfolded() -> None:
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert out.tell() < 100_000

    page = brought(out.getvalue(), "bomb.png")

    assert faults(page)["upload"] == [
        "“bomb.png” has too many points: up to 16 million can be taken."
    ]


@pytest.mark.parametrize(("kind", "most"), [("PNG", 25), ("WEBP", 16)])
def test_what_unfolds_whole_may_have_fewer_points_than_what_a_camera_makes(
    kind: str, most: int
) -> None:
    lines = most * 1_000_000 // 8000 + 1
    out = BytesIO()
    Image.new("RGB", (8000, lines)).save(out, kind, **({"method": 0} if kind == "WEBP" else {}))
    page = brought(out.getvalue(), "large")
    assert faults(page)["upload"] == [
        f"“large” has too many points: up to {most} million can be taken."
    ]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_picture_of_any_kind_of_points_is_made_small_on_white_in_one_piece(mode: str) -> None:
    """Worked on in bands: the last, where they meet, and each end must be as they were."""
    left = Image.new("RGBA", (4001, 3003), (0, 0, 0, 255))
    left.paste((0, 0, 0, 0) if mode in ("LA", "RGBA") else "white", (2000, 0, 4001, 3003))
    out = BytesIO()
    left.convert(mode).save(out, "PNG")

    assert brought(out.getvalue(), "large.png").status_code == 302

    picture = Picture.objects.get()
    with Image.open(picture.file.open("rb")) as one:
        assert one.size == (960, 720)
        light = one.convert("L")
    assert max(light.crop((0, 0, 470, 720)).get_flattened_data()) < 20
    assert min(light.crop((490, 0, 960, 720)).get_flattened_data()) > 235


def test_a_picture_needs_words_in_english_for_who_does_not_see_it() -> None:
    page = brought(plain(50, 50), alt_en="")
    assert list(faults(page)) == ["alt_en"]
    desk = signed_in(make.the_officer())
    without = desk.post(ADD, sent_with(desk.get(ADD)) | {"alt_en": "Officers"})
    assert faults(without) == {"upload": ["Choose a picture."]}


def test_the_picture_of_a_draft_is_as_hidden_as_the_draft() -> None:
    picture = a_picture()
    make.news_item("draft", picture=picture)
    make.news_item("withdrawn", picture=picture)

    for person in (None, make.focal_point(), make.agency_officer()):
        client = signed_in(person) if person else Client()
        assert [one.status_code for one in shown(picture, client)] == [404, 404]
    for one in shown(picture, signed_in(make.the_officer())):
        assert (one.status_code, one["Cache-Control"]) == (200, "private, no-store")


def test_a_public_picture_may_be_kept_and_is_not_sent_twice(
    django_assert_num_queries: Any,
) -> None:
    picture = a_picture()
    make.news_item(picture=picture)

    large, small = shown(picture)
    assert large["Cache-Control"] == "public, max-age=604800, immutable"
    assert large["Content-Type"] == "image/webp"
    assert picture.sha256 in picture.url
    again = Client().get(picture.small_url, headers={"if-none-match": small["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with django_assert_num_queries(1):
        read(Client().get(picture.url))
    assert Client().get(reverse("record:picture", args=["0" * 64])).status_code == 404


def test_pages_say_how_large_a_picture_is_and_what_it_shows() -> None:
    picture = a_picture()
    Picture.objects.update(alt_fr="Des agents", credit="Secretariat")
    item = make.news_item(picture=picture)

    page = Client().get(f"/news/{item.slug}/", headers={"accept-language": "fr"}).content.decode()
    listed = Client().get("/news/").content.decode()

    assert (
        f'<img src="{picture.url}" width="{picture.width}" height="{picture.height}" '
        'alt="Des agents" decoding="async">'
    ) in page
    assert 'lang="fr"' in page
    assert f'src="{picture.small_url}"' in listed
    assert 'alt="" loading="lazy"' in listed


def test_a_new_picture_takes_the_place_of_the_old_one_and_its_files_go(
    django_capture_on_commit_callbacks: Any,
) -> None:
    picture = a_picture()
    old, storage = (picture.file.name, picture.small.name), picture.file.storage
    desk = signed_in(make.the_officer())
    address = f"/admin/record/picture/{picture.pk}/change/"
    data = sent_with(desk.get(address))
    upload = SimpleUploadedFile("other.png", plain(100, 60, "PNG"))

    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(address, data | {"upload": upload}).status_code == 302

    picture.refresh_from_db()
    assert (picture.width, picture.height, picture.name) == (100, 60, "other.webp")
    assert [storage.exists(one) for one in old] == [False, False]
    assert storage.exists(picture.file.name)


def test_a_picture_that_waits_for_the_virus_scanner_is_not_shown(settings: Any) -> None:
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"
    picture = a_picture()
    assert picture.scan == "waiting"
    item = make.news_item(picture=picture)
    assert NewsItem.objects.visible_to(None).count() == 1
    assert [one.status_code for one in shown(picture)] == [404, 404]
    assert picture.url not in Client().get(f"/news/{item.slug}/").content.decode()


def test_a_picture_that_waits_hides_none_of_the_same_content_that_was_passed(
    settings: Any,
) -> None:
    passed = a_picture()
    make.news_item(picture=passed)
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"
    assert brought(plain(1200, 900)).status_code == 302
    waits = Picture.objects.exclude(pk=passed.pk).get()
    make.news_item(picture=waits)

    assert (waits.scan, waits.sha256) == ("waiting", passed.sha256)
    assert [one.status_code for one in shown(passed)] == [200, 200]
