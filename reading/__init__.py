"""The reading room: private notes, what changed between versions, personal folders and the common library."""
