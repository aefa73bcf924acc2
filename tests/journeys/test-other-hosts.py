#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key goes to the host of its connection alone: neither where that one sends the program, nor to a proxy on the way.

test-other-hosts.py RELAIS: in a network of its own (see network.py), over HTTPS
"""
import contextlib
import os
import select
import socket
import sys
import threading

from journey import KEY, Practice, program, run_tests
from planted import find
import network

BINARY = sys.argv[1]
NAME, OTHER = "account.test", "other.test"
REDIRECT_PORT, OTHER_PORT, PROXY_PORT = 8080, 8443, 3128


class Listener:
    """Takes connections at a port of the host and keeps every byte that comes; @answer makes what is sent back."""

    def __init__(self, place, port, answer):
        self.heard, self.answer = [], answer
        with place.inside():
            self.socket = socket.create_server(("0.0.0.0", port))
            self.thread = threading.Thread(target=self._serve, daemon=True)
            self.thread.start()

    def _serve(self):
        while True:
            with contextlib.suppress(OSError):
                connection, _ = self.socket.accept()
                threading.Thread(target=self._hear, args=(connection,), daemon=True).start()

    def _hear(self, connection):
        with contextlib.suppress(OSError), connection:
            self.answer(self, connection)

    def read(self, connection):
        piece = connection.recv(65536)
        self.heard.append(piece)
        return piece

    def all(self):
        return b"".join(self.heard)


def redirect(listener, connection):
    """As from a host that sends its visitors elsewhere, whatever they ask."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = listener.read(connection)
        if not piece:
            return
        head += piece
    connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: https://{OTHER}:{OTHER_PORT}/api/3/users/me\r\nContent-Length: 0\r\n"
                       "Connection: close\r\n\r\n".encode())


def tunnel(listener, connection):
    """A proxy: it opens what it is asked to open, and hears all that goes through."""
    if not listener.read(connection).startswith(b"CONNECT "):
        return
    with socket.create_connection((network.HOST, 443)) as far:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            for ready in select.select([connection, far], [], [])[0]:
                piece = listener.read(connection) if ready is connection else far.recv(65536)
                if not piece:
                    return
                (far if ready is connection else connection).sendall(piece)


def hear(listener, connection):
    while listener.read(connection):
        pass


@contextlib.contextmanager
def lab():
    with program(BINARY) as relais:
        place = network.Network(relais.home, NAME, OTHER)
        with place.host.inside():
            account = Practice(relais, "--no-limits")
        try:
            yield relais, place, account
        finally:
            account.stop()


def connect(relais, name, expect):
    return relais("connection", "add", "--name", name, "--host", NAME, "--unknown-host-ok", "--agree", given=KEY + "\n", expect=expect)


def try_redirect():
    """The host is right, its certificate is too, and it has been given the key: but it is no account."""
    with lab() as (relais, place, _):
        sender = Listener(place.host, REDIRECT_PORT, redirect)
        other = Listener(place.host, OTHER_PORT, hear)
        tls = place.serve_tls(443, f"127.0.0.1:{REDIRECT_PORT}")
        try:
            connect(relais, "Main", 4)
        finally:
            tls.kill()
        assert find(sender.all(), [KEY]), "the key went to its host: else nothing was tried"
        assert other.heard == [], other.heard
        assert "was not sent on" in relais.errors, relais.errors


def try_proxy():
    """A proxy sees the name of the host, and no word of what is said there; and nothing of a practice account."""
    with lab() as (relais, place, account):
        proxy = Listener(place.router, PROXY_PORT, tunnel)
        tls = place.serve_tls(443, account.address)
        address = f"http://{network.ROUTER_HERE}:{PROXY_PORT}"
        del relais.environment["GIO_USE_PROXY_RESOLVER"]
        relais.environment |= {"http_proxy": address, "https_proxy": address, "HTTP_PROXY": address, "HTTPS_PROXY": address}
        try:
            connect(relais, "Main", 0)
        finally:
            tls.kill()
        assert f"CONNECT {NAME}:443".encode() in proxy.all(), proxy.all()[:200]
        assert not find(proxy.all(), [KEY]), find(proxy.all(), [KEY])
        proxy.heard.clear()
        local = Practice(relais, "--no-limits")
        try:
            relais.connect(local, "Here")
        finally:
            local.stop()
        assert proxy.heard == [], proxy.heard


ATTEMPTS = {"where a host sends the program the key does not go": try_redirect, "a proxy on the way does not see the key": try_proxy}


def check_attempt(name):
    process = network.start_inside(os.path.abspath(__file__), BINARY, name)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0, out


def main():
    if len(sys.argv) > 2:
        ATTEMPTS[sys.argv[2]]()
        return
    reason = network.missing()
    if reason is not None:
        print(f"1..0 # SKIP {reason}")
        return
    run_tests([(name, lambda name=name: check_attempt(name)) for name in ATTEMPTS])


main()
