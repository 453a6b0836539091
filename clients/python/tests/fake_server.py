"""A server that answers as it is told, to see what the client does with it."""
import http.server
import threading


class FakeServer:
    """Answers its connections with the given steps, one a request, and keeps what was asked.

    A step is (status, headers, body), or "close" to end the connection without an answer, or "cut"
    to announce more bytes than it sends.
    """

    def __init__(self, *steps):
        self.steps, self.requests = list(steps), []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if self.headers.get("Transfer-Encoding") == "chunked":
                    body = b""
                    while (size := int(self.rfile.readline(), 16)):
                        body += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                step = outer.steps.pop(0)
                if step == "close":
                    self.close_connection = True
                    return
                if step == "cut":
                    self.send_response(200)
                    self.send_header("Content-Length", "100")
                    self.end_headers()
                    self.wfile.write(b"{}")
                    self.close_connection = True
                    return
                status, headers, answer = step
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
