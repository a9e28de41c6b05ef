"""Sessions: what is planned, and which matters wait to be put before one."""
