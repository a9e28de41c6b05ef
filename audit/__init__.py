"""The trail: what was done, by whom, to what, when. Written by everyone, changed by no one."""
