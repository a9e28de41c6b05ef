"""The pages of papers and dossiers."""

from documents.views.reading import download_version, read_version, save_place

__all__ = ["download_version", "read_version", "save_place"]
