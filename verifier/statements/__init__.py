"""What a person signs apart from any file: canonical bytes, and the check of the detached CMS over them."""
