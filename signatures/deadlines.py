"""One end for all that is said on a connection: a server that sends a byte now and then gets no more time."""

import socket
from contextlib import suppress
from threading import Timer
from typing import Any


class Deadline:
    """`with Deadline(20) as deadline:` whatever is read from a watched connection ends after 20 seconds.

    Who reads sees the end of the connection, as if the other side had hung up; `is_over` tells it apart.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._watched: list[socket.socket] = []
        self._timer = Timer(max(seconds, 0), self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def watch(self, connection: socket.socket) -> None:
        """Also through what is wrapped around it afterwards, such as TLS."""
        self._watched.append(connection.dup())
        if self.is_over:
            self._end()

    def _end(self) -> None:
        self.is_over = True
        for connection in tuple(self._watched):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __exit__(self, *_: Any) -> None:
        self._timer.cancel()
        for connection in self._watched:
            connection.close()
