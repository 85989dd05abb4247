"""A small web server that misbehaves on demand, for everything that fetches."""

import contextlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site(ThreadingHTTPServer):
    """Serves ``pages`` (path -> function of the handler) and counts what was asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = {}
        self.asked = []
        self.posted = []
        self.agents = set()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def page(self, path, body, *, media_type="text/html; charset=utf-8", status=200, **headers):
        """Serve ``body`` under ``path``."""

        def answer(handler):
            handler.send_response(status)
            handler.send_header("Content-Type", media_type)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer

    def redirect(self, path, target):
        """Send whoever asks for ``path`` to ``target``."""
        self.page(path, b"", status=302, Location=target)

    def drip(self, path, *, headers_too=False):
        """Answer one byte at a time, for ever."""

        def answer(handler):
            with contextlib.suppress(OSError):
                if not headers_too:
                    handler.send_response(200)
                    handler.send_header("Content-Type", "text/html")
                    handler.end_headers()
                else:
                    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while True:
                    handler.wfile.write(b"a")
                    handler.wfile.flush()
                    time.sleep(0.05)

        self.pages[path] = answer

    def flood(self, path):
        """Answer without end and without saying how long."""

        def answer(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", "text/plain")
            handler.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    handler.wfile.write(b"x" * 65536)

        self.pages[path] = answer


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, dict(self.headers), body))
        self.do_GET()

    def do_GET(self):
        self.server.asked.append(self.path)
        self.server.agents.add(self.headers["User-Agent"])
        answer = self.server.pages.get(self.path)
        if answer is None:
            self.send_error(404)
            return
        answer(self)

    def log_message(self, *_args):
        pass


@contextlib.contextmanager
def serving():
    """Run a site for a while."""
    site = Site()
    thread = threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
