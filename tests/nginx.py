"""nginx with deploy/nginx.conf, on paths and ports of a test or a bench."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = Path(__file__).parent.parent / "deploy" / "nginx.conf"


@contextmanager
def nginx_before(server: str, directory: Path) -> Iterator[int]:
    """The port of an nginx in front of `server` (host:port); it says X-Kept with what its cache may keep."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    _write(directory, server, port)
    command = ["nginx", "-p", str(directory), "-e", f"{directory}/log", "-c", str(directory / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    if tried.returncode or "warn" in tried.stderr:
        raise AssertionError(f"nginx does not take the configuration: {tried.stderr}")
    process = subprocess.Popen(command)
    try:
        for _each in range(250):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _write(directory: Path, server: str, port: int) -> None:
    configuration = CONFIGURATION.read_text()
    for ours, here in (
        ("/var/cache/nginx/headlamp", f"{directory}/cache"),
        ("/var/log/nginx/headlamp.log", f"{directory}/log"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("listen [::]:80;", ""),
        ("127.0.0.1:8000", server),
        ("proxy_cache_lock on;", "proxy_cache_lock on; add_header X-Kept $upstream_cache_status;"),
    ):
        if ours not in configuration:
            raise AssertionError(f"not in deploy/nginx.conf any more: {ours}")
        configuration = configuration.replace(ours, here)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{name}_temp_path {directory}/{name};" for name in names)
    user = "user root;" if os.getuid() == 0 else ""
    (directory / "nginx.conf").write_text(
        f"{user} worker_processes auto; daemon off; pid {directory}/pid; events {{}}\n"
        f"http {{ {folders}\n{configuration}\n}}"
    )
