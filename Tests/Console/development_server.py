#!/usr/bin/env python3
"""Serves the console's sources, assembled anew at every request, in front of a running server.

    Tests/Console/development_server.py --server http://127.0.0.1:8080 [--port 8600]

Everything but `/` is passed on to the server. Changes of the page need a reload and no build.
"""

import argparse
import base64
import hashlib
import http.client
import http.server
import pathlib
import re
import urllib.parse

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "CConsole"


def assembled() -> tuple[bytes, str]:
    """The page and its content security policy, as the server makes them."""
    names = re.findall(r'^#embed "(page/.*\.js)"$', (SOURCES / "console.c").read_text(), re.M)
    script = "".join((SOURCES / name).read_text() for name in names)
    # The pieces are joined without anything between them, like the server's.
    style = (SOURCES / "page/console.css").read_text()
    page = (SOURCES / "page/console.html").read_text()
    page = page.replace("{{style}}", style).replace("{{script}}", script)

    def source(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    policy = (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; "
        "connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return page.encode(), policy


class Handler(http.server.BaseHTTPRequestHandler):
    server_address_parts: urllib.parse.SplitResult
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        if self.path.split("?")[0] == "/" and self.command == "GET":
            body, policy = assembled()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.pass_on()

    def pass_on(self) -> None:
        parts = self.server_address_parts
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        length = int(self.headers.get("Content-Length") or 0)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        try:
            connection.request(self.command, self.path, self.rfile.read(length) if length else None, kept)
            response = connection.getresponse()
        except OSError as error:
            self.send_error(502, str(error))
            return
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "server", "date"):
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while block := response.read1(65536):
            self.wfile.write(block)
            self.wfile.flush()
        self.close_connection = True
        connection.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--server", required=True, help="the address of a running server")
    parser.add_argument("--port", type=int, default=8600)
    arguments = parser.parse_args()
    Handler.server_address_parts = urllib.parse.urlsplit(arguments.server)
    print(f"http://127.0.0.1:{arguments.port}", flush=True)
    http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
