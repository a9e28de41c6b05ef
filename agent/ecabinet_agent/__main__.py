"""`ecabinet-agent`: listens until it is ended."""

import logging
import sys

from ecabinet_agent.asking import choose_way
from ecabinet_agent.server import Agent
from ecabinet_agent.settings import Unfit, read_settings
from ecabinet_agent.tokens import Tokens


def main() -> int:
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    try:
        settings = read_settings(sys.argv[1:])
        agent = Agent(settings, Tokens(settings.module), choose_way(settings))
    except Unfit as unfit:
        print(unfit, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Port {settings.port} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    sites = ", ".join(sorted(settings.origins))
    print(f"Listening on http://127.0.0.1:{agent.server_port} for {sites}", file=sys.stderr, flush=True)
    try:
        agent.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
