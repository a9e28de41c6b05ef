"""Looking into files from outside, none of them trusted: what each is, what it says, what it is read by."""
