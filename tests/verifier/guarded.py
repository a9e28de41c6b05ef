"""Runs the installed program where Django, our apps and the network are out of reach: see test_program."""

import socket
import sys
from importlib.abc import MetaPathFinder

HOUSE = (
    "django celery redis psycopg2 rest_framework ecabinet archive opinions submissions reading decisions "
    "signatures documents notifications people audit core"
).split()


class Guard(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in HOUSE:
            raise ImportError(f"{name} is not there on a stranger's computer")
        return None


def no_network(*_args, **_kwargs):
    raise OSError("there is no network on a stranger's computer")


sys.meta_path.insert(0, Guard())
socket.socket.connect = no_network
installed = sys.argv.pop(1)
sys.path.insert(0, installed)

from verifier.__main__ import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
