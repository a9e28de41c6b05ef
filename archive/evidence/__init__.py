"""Making evidence bundles: what goes in (gathering), and the file (making)."""
