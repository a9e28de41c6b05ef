"""What each page of the written procedure is made of: reads that join several models."""
