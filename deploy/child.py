"""One service under uvicorn, ended in good order when its supervisor is gone.

`python -m deploy.child diagnostic 8001`: standard input is a pipe that the supervisor holds open;
its end means that nobody supervises any more, even after `kill -9`.
"""

import gc
import os
import signal
import sys
import threading

import uvicorn


def _follow() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve until told to stop."""
    service, port = sys.argv[1:]
    gc.disable()  # what is loaded stays: the application puts it aside and enables the collector
    threading.Thread(target=_follow, daemon=True).start()
    uvicorn.run(
        f"{service}.main:create_app",
        factory=True,
        host="127.0.0.1",
        port=int(port),
        http=f"{'gateway.server' if service == 'gateway' else 'platformkit.joined'}:Protocol",
        loop="uvloop",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,  # the service sets its own JSON lines up
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
