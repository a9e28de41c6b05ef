"""What a digital signature on a paper is worth, and why."""
