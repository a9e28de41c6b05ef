"""How a body decides, and what it has decided."""
