# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of a test's own: the program, a router, and a host behind it, with faults on the way.

Everything is in namespaces that go with the process, and needs no rights: names, addresses and
the authority that is trusted are those of the test alone. The program knows nothing of it.
"""
import contextlib
import ctypes
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

PROGRAM, ROUTER_HERE, ROUTER_THERE, HOST = "192.0.2.2", "192.0.2.1", "198.51.100.1", "198.51.100.2"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
CLONE_NEWNET = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
UNSHARE = ["unshare", "--user", "--map-root-user", "--net", "--mount"]


def run(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def missing():
    """Why there can be no such network here, or None."""
    for tool in ("unshare", "ip", "tc", "ss", "nghttpx", "openssl"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if not os.path.exists(AUTHORITIES):
        return f"there is no {AUTHORITIES} to put a test's authority in the place of"
    tried = subprocess.run([*UNSHARE, "sh", "-c", "ip link add name here type veth peer name there && "
                            "tc qdisc add dev here root tbf rate 64kbit burst 4kb latency 1s && "
                            "ip rule add ipproto tcp sport 1 blackhole && mount --bind /dev/null /etc/resolv.conf"],
                           capture_output=True, text=True)
    return None if tried.returncode == 0 else f"namespaces are not allowed here: {tried.stderr.strip()}"


def start_inside(script, *arguments):
    """Starts @script once more, in namespaces of its own; there it makes its Network."""
    return subprocess.Popen([*UNSHARE, sys.executable, script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def checked(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Namespace:
    """A place in the network. What a thread begins while it is inside, a process or a thread, stays there."""

    def __init__(self, is_new=True):
        own = self._open()
        if is_new:
            checked(libc.unshare(CLONE_NEWNET))
        self.file = self._open()
        checked(libc.setns(own, CLONE_NEWNET))
        os.close(own)
        with self.inside():
            run("ip", "link", "set", "lo", "up")

    @staticmethod
    def _open():
        return os.open("/proc/thread-self/ns/net", os.O_RDONLY)

    @property
    def path(self):
        return f"/proc/{os.getpid()}/fd/{self.file}"

    @contextlib.contextmanager
    def inside(self):
        before = self._open()
        checked(libc.setns(self.file, CLONE_NEWNET))
        try:
            yield
        finally:
            checked(libc.setns(before, CLONE_NEWNET))
            os.close(before)

    def run(self, *words, check=True):
        with self.inside():
            return run(*words, check=check)


class Names:
    """Answers what address a name has: all have that of the host, and none of IPv6."""

    def __init__(self, namespace):
        self.answers = "right"      # or "nothing", or "no such name"
        with namespace.inside():
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.bind((HOST, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            question, sender = self.socket.recvfrom(4096)
            end = question.index(b"\0", 12) + 5
            kind = struct.unpack("!H", question[end - 4:end - 2])[0]
            if self.answers == "nothing":
                continue
            has_one = self.answers == "right" and kind == 1
            flags = 0x8180 if self.answers == "right" else 0x8183
            record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + socket.inet_aton(HOST) if has_one else b""
            self.socket.sendto(question[:2] + struct.pack("!HHHHH", flags, 1, int(has_one), 0, 0) + question[12:end] + record, sender)


def issue_certificate(folder, *names):
    """An authority, and a certificate of its for a server of these names: authority.pem, server.pem, server.key."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=folder, capture_output=True)
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "authority.key", "-out", "authority.pem", "-days", "2", "-subj", "/CN=Authority of a test",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", *new, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=test")
    with open(os.path.join(folder, "names"), "w", encoding="ascii") as out:
        out.write("subjectAltName=" + ",".join("DNS:" + name for name in names) + "\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-set_serial", "1", "-days", "2",
            "-extfile", "names", "-out", "server.pem")


class Network:
    """Program, router and host, joined by two cables. To be made in a process of start_inside()."""

    def __init__(self, folder, *names):
        self.folder = folder
        self.program, self.router, self.host = Namespace(False), Namespace(), Namespace()
        self._join(self.program, PROGRAM, self.router, ROUTER_HERE, "here")
        self._join(self.router, ROUTER_THERE, self.host, HOST, "there")
        self.router.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        self.host.run("ip", "route", "add", "default", "via", ROUTER_THERE)
        self._add_route()
        self.names = Names(self.host)
        issue_certificate(folder, *names)
        self._replace("/etc/resolv.conf", f"nameserver {HOST}\noptions timeout:1 attempts:2\n")
        self._replace("/etc/hosts", "127.0.0.1 localhost\n")
        self._replace("/etc/nsswitch.conf", "hosts: files dns\n")
        run("mount", "--bind", os.path.join(folder, "authority.pem"), AUTHORITIES)

    @staticmethod
    def _join(near, near_address, far, far_address, name):
        near.run("ip", "link", "add", "name", name, "type", "veth", "peer", "name", name, "netns", far.path)
        for place, address in ((near, near_address), (far, far_address)):
            place.run("ip", "address", "add", f"{address}/24", "dev", name)
            place.run("ip", "link", "set", name, "up")

    def _add_route(self):
        self.program.run("ip", "route", "replace", "default", "via", ROUTER_HERE)

    def _replace(self, path, text):
        here = os.path.join(self.folder, os.path.basename(path))
        with open(here, "w", encoding="ascii") as out:
            out.write(text)
        run("mount", "--bind", here, path)

    def serve_tls(self, port, address, protocols="h2,http/1.1"):
        """Starts what speaks TLS at a port of the host, before plain HTTP that is there at @address."""
        with self.host.inside():
            server = subprocess.Popen(["nghttpx", "--conf=/dev/null", "--errorlog-file=/dev/null", "--no-ocsp", f"--frontend=*,{port}",
                                       f"--backend={address.replace(':', ',')}", f"--npn-list={protocols}",
                                       os.path.join(self.folder, "server.key"), os.path.join(self.folder, "server.pem")],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(500):
                with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
                    return server
                time.sleep(0.02)
        raise AssertionError("nghttpx does not answer")

    # Faults, each until it is mended

    def pull_cable(self):
        self.program.run("ip", "link", "set", "here", "down")

    def plug_cable(self):
        self.program.run("ip", "link", "set", "here", "up")
        self._add_route()

    def swallow(self):
        """Whatever comes to the router goes no further, and nobody is told."""
        self.router.run("ip", "rule", "add", "pref", "10", "blackhole")

    def deliver(self):
        self.router.run("ip", "rule", "del", "pref", "10", check=False)

    def swallow_requests(self):
        """What the program sends goes no further than to the router; what is sent to it arrives."""
        self.router.run("ip", "rule", "add", "pref", "11", "iif", "here", "blackhole")

    def deliver_requests(self):
        self.router.run("ip", "rule", "del", "pref", "11", check=False)

    def connections(self):
        """The ports of the program's end of what is connected to the host now, or about to be."""
        lines = self.program.run("ss", "-Htn", "state", "established", "state", "syn-sent", "dst", HOST).splitlines()
        return [line.split()[-2].rsplit(":", 1)[1] for line in lines]

    def forget_connections(self, *ends):
        """What is connected now is dead for ever, as behind a router that was restarted; what is new goes through.
        With "dport" it is dead on the way back alone."""
        ports = self.connections()
        for port in ports:
            for end in ends or ("sport", "dport"):
                self.router.run("ip", "rule", "add", "pref", "20", "ipproto", "tcp", end, port, "blackhole")
        return ports

    def throttle(self, rate):
        for cable in ("here", "there"):
            self.router.run("tc", "qdisc", "replace", "dev", cable, "root", "tbf", "rate", rate, "burst", "4kb", "latency", "2s")
