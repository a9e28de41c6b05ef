"""The commands of the program. Each module has `add_arguments(parser)` and `run(options) -> exit code`."""
