"""Settings of the bucket of the archive, and a backup of what lies in it."""

import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from stadtwabe.hub.models import ArchiveMonth
from stadtwabe.hub.tests.archive.s3 import Storage, archive_in
from stadtwabe.hub.tests.archive.world import archive, fill_stream
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.people.tests.factories import Cast
from stadtwabe.site.archive import add_observations
from stadtwabe.site.settings import storage_address


@pytest.mark.parametrize(
    "text", ["s3.example", "ftp://s3.example", "https://s3.example/town", "https://a:b@s3.example"]
)
def test_an_endpoint_is_a_web_address_and_nothing_else(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BUCKET_ENDPOINT"):
        storage_address(text)
    assert storage_address("https://s3.example/") == "https://s3.example"


@pytest.mark.django_db(transaction=True)
def test_a_backup_has_what_lies_in_the_bucket_once(tmp_path: Path) -> None:
    storage = Storage()
    try:
        with archive_in(storage, tmp_path):
            fill_stream(make_datastream(make_thing(Cast().menden)))
            archive()
            target = BytesIO()
            with tarfile.open(fileobj=target, mode="w") as opened:
                add_observations(opened, tmp_path)
    finally:
        storage.stop()
    target.seek(0)
    with tarfile.open(fileobj=target) as opened:
        found = [each.name for each in opened if each.isfile()]
    files = ArchiveMonth.objects.order_by("month").values_list("file", flat=True)
    assert found == [f"archive/{file}" for file in files]
    assert len(found) == 2
