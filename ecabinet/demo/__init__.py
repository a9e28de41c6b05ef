"""The demonstration: invented people, signed in with one click."""
