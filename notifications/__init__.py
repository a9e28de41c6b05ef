"""What must reach someone: on the screen, by e-mail."""
