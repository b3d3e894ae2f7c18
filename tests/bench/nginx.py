"""nginx as the reference of a hop: the same upstream behind `proxy_pass`, where it is installed."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.ports import free_ports

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

_CONFIG = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  proxy_cache_path {folder}/cache keys_zone=kept:10m;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream service {{ server 127.0.0.1:{upstream}; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    keepalive_requests 10000000;
    location / {{
      {cache}
      proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";
    }}
  }}
}}
"""


@asynccontextmanager
async def proxy(upstream: int, *, keeps: bool = False) -> AsyncIterator[str | None]:
    """Run nginx in front of the port and yield its address, or None where there is no nginx.

    One that `keeps` answers from its cache what the upstream says may be kept.
    """
    if NGINX is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="vigie-nginx-") as name:
        folder, (port,) = Path(name), free_ports(1)
        user = "user root;" if os.geteuid() == 0 else ""
        config = folder / "nginx.conf"
        cache = "proxy_cache kept;" if keeps else ""
        config.write_text(
            _CONFIG.format(folder=folder, port=port, upstream=upstream, user=user, cache=cache)
        )
        process = await asyncio.create_subprocess_exec(
            NGINX, "-c", str(config), "-p", name, "-e", str(folder / "error.log")
        )
        try:
            await asyncio.sleep(0.5)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            await process.wait()
