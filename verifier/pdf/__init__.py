"""How a signed PDF is judged (ETSI EN 319 102-1), in parts. The house's door is signatures/verifier.py."""
