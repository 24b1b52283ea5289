from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CutFile(UploadedFile):
    """Stands for a file that was more than allowed: its name is kept, its content is not."""

    was_cut = True

    def close(self) -> None:
        """Nothing is open; Django closes every uploaded file after the answer."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Stops storing a file at the limits, so that a file of 1 GB costs no disk.

    There is a limit for a file and one for all files of a call; of callers who have not signed
    in nothing is stored at all. The other fields of the form still arrive; the form says which
    file was too large.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = 0  # by the files of this call that are complete

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0
        user = getattr(self.request, "user", None)
        self.was_cut = user is not None and not user.is_authenticated

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        left = settings.ATTACHMENTS_MAX_BYTES_AT_ONCE - self.stored
        if self.was_cut or self.received > min(settings.ATTACHMENT_MAX_BYTES, left):
            self.was_cut = True
            self.file.truncate(0)
            return
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.was_cut:
            self.file.close()
            return CutFile(name=self.file_name, size=file_size)
        self.stored += file_size
        return super().file_complete(file_size)
