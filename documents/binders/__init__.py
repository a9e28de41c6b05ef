"""An issue of a dossier as one file: the bound PDF, the ZIP, the marked copy."""
