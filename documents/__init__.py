"""Papers: their versions, their files, the dossiers that hold them and who was given them."""
