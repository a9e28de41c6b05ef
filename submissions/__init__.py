"""How a lead agency's dossier comes to the Office: what it must hold, by when, returned or accepted."""
