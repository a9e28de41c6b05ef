"""People, the organisations they work in, and the offices they hold from a day to a day."""
