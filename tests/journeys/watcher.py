# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between the program and its account and keeps what really went through."""
import contextlib
import hashlib
import http.client
import http.server
import threading


class Watcher:
    """A forwarding server; `imports` holds (digest, body) of each import that the account queued and nobody took yet."""

    def __init__(self, account):
        self.imports = []
        self.total = 0
        self.answering = lambda method, path, body, text: None   # called when the account has answered and nobody knows of it yet
        self.lock = threading.Lock()
        watcher = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            forward = None

            def setup(self):
                super().setup()
                self.forward = http.client.HTTPConnection(account.address)

            def finish(self):
                self.forward.close()
                with contextlib.suppress(OSError):
                    super().finish()

            def handle_request(self):
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:      # whoever asked is gone
                    self.close_connection = True
                    return
                headers = {k: v for k, v in self.headers.items() if k in ("Api-Token", "Content-Type", "Accept")}
                self.forward.request(self.command, self.path, body or None, headers)
                answer = self.forward.getresponse()
                text = answer.read()
                if self.path.endswith("/import/bulk_import") and answer.status == 200:
                    with watcher.lock:
                        watcher.imports.append((hashlib.sha256(body).hexdigest(), body))
                        watcher.total += 1
                watcher.answering(self.command, self.path, body, text)
                head = (f"HTTP/1.1 {answer.status} {answer.reason}\r\nDate: {answer.headers['Date']}\r\n"
                        f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n")
                with contextlib.suppress(OSError):
                    self.wfile.write(head.encode() + text)

            do_GET = do_POST = handle_request

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass                        # a program that was killed is no error

        self.key = account.key
        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def count(self):
        with self.lock:
            return self.total

    def take(self):
        """What went through since this was asked before; a thousand runs are not kept."""
        with self.lock:
            taken, self.imports = self.imports, []
            return taken

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@contextlib.contextmanager
def watched(account):
    watcher = Watcher(account)
    try:
        yield watcher
    finally:
        watcher.stop()
