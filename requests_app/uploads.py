from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CutFile(UploadedFile):
    """Stands for a file that was larger than allowed: its name is kept, its content is not."""

    was_cut = True

    def close(self) -> None:
        """Nothing is open; Django closes every uploaded file after the answer."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Stops storing a file at the limit, so that a file of 1 GB costs no disk.

    The other fields of the form still arrive; the form says which file was too large.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0
        self.was_cut = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.ATTACHMENT_MAX_BYTES:
            self.was_cut = True
            self.file.truncate(0)
            return
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.was_cut:
            self.file.close()
            return CutFile(name=self.file_name, size=file_size)
        return super().file_complete(file_size)
