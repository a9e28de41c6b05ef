import sys

from ecabinet.standalone.commands import main

sys.exit(main(sys.argv[1:]))
