"""The written procedure: asking every member for an opinion, and counting the answers."""
