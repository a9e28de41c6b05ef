"""The pages of the written procedure."""
