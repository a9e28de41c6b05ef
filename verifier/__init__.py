"""Checks signed papers and evidence bundles. A program of its own: no Django, no network, no database."""
