"""What a person signs apart from any file: canonical bytes, and a detached CMS (CAdES-B, -T) over them."""
