# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window from outside, as a person and a screen reader would.

Things are found and read over AT-SPI. They are acted upon by AT-SPI's actions
where GTK 4.8 has them, and else by the mouse and keyboard of the X server. Nothing
is slept for: what should come is polled for, generously.
"""
import gettext
import os
import re
import signal
import subprocess
import sys
import time

import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

PATIENCE = 90    # seconds; a machine can be busy with much else

# One answer of a program under a sanitizer may take its time as well.
Atspi.set_timeout(PATIENCE * 1000, PATIENCE * 1000)


def eventually(what, look, patience=PATIENCE):
    """Polls @look until it gives something true, and gives that."""
    end = time.monotonic() + patience
    while True:
        try:
            found = look()
        except GLib.Error:       # it went away while it was read
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.1)


def xdotool(*arguments):
    return subprocess.run(["xdotool", *map(str, arguments)], check=True, capture_output=True, text=True).stdout.strip()


def press(*keys):
    xdotool("key", "--clearmodifiers", *keys)


def bare(name):
    """GTK 4.8 tells a label with a mnemonic twice, "_Save Save": once is enough."""
    name = name or ""
    middle = len(name) // 2
    first, second = name[:middle], name[middle + 1:]
    return second if name[middle:middle + 1] == " " and first.replace("_", "", 1) == second else name


def is_named(node, wanted):
    return bare(node.get_name()) == wanted if isinstance(wanted, str) else wanted.search(bare(node.get_name())) is not None


def below(node):
    """@node and everything in it that exists, outermost first."""
    yield node
    for i in range(node.get_child_count()):
        try:
            child = node.get_child_at_index(i)
        except GLib.Error:
            continue
        if child is not None:
            yield from below(child)


def states(node):
    return {state.value_nick for state in node.get_state_set().get_states()}


def shows(node):
    """Whether it has a place in its window. GTK 4.8 tells of no more than that: what stood on a page that is
    no longer shown may still count."""
    try:
        area = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    except GLib.Error:       # the application itself
        return False
    return "visible" in states(node) and area.width > 0 and area.height > 0


class Words:
    """What the window says for an English sentence, without its mnemonic."""

    def __init__(self, folder, language):
        self.translation = gettext.translation("relais", folder, [language], fallback=language == "en")

    def __call__(self, sentence):
        return self.translation.gettext(sentence).replace("_", "")

    def plural(self, one, many, n):
        return self.translation.ngettext(one, many, n)


class Window:
    """`relais` with a window, from its start to its end. Where RELAIS_MAIN_LOOP_WATCH names what watches it
    (see relais-main-loop-preload.c), its main loop may wait for nothing."""

    def __init__(self, relais, *arguments, environment=None, log=None):
        self.relais = relais
        passed = {name: os.environ[name] for name in
                  ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GDK_BACKEND", "GSK_RENDERER", "GDK_DEBUG", "ADW_DISABLE_PORTAL") if name in os.environ}
        surroundings = {**relais.environment, **passed, "XDG_CONFIG_HOME": os.environ["XDG_CONFIG_HOME"],
                        "GTK_A11Y": "atspi", **(environment or {})}
        watch = os.environ.get("RELAIS_MAIN_LOOP_WATCH")
        self.report_path = os.path.join(relais.home, "main-loop.log")
        if watch is not None:
            surroundings |= {"LD_PRELOAD": watch, "RELAIS_MAIN_LOOP_BELOW": relais.home, "RELAIS_MAIN_LOOP_REPORT": self.report_path}
        self.log_path = log or os.path.join(relais.home, "window.log")
        with open(self.log_path, "ab") as log_file:
            self.process = subprocess.Popen([relais.binary, *arguments], env=surroundings, stdout=log_file, stderr=log_file)
        self.root = eventually("the application on the accessibility bus", self._find)
        eventually("a window", lambda: self.root.get_child_count())

    def _find(self):
        if self.process.poll() is not None:
            raise AssertionError(f"relais ended with {self.process.returncode}:\n{self.log()}")
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is not None and application.get_process_id() == self.process.pid:
                return application
        return None

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as text:
            return text.read()

    # Finding and reading

    def tops(self):
        """The top levels, oldest first."""
        tops = [self.root.get_child_at_index(i) for i in range(self.root.get_child_count())]
        return [top for top in tops if top is not None]

    def top(self):
        """The top level that has the keyboard, else the newest."""
        tops = self.tops()
        return next((top for top in tops if "active" in states(top)), tops[-1])

    def all(self, role, name=None, within=None):
        for node in below(within or self.root):
            if node.get_role_name() == role and (name is None or is_named(node, name)) and shows(node):
                yield node

    def find(self, role, name=None, within=None, patience=PATIENCE):
        """Waits for what has this role and name (a str, or a compiled pattern) and shows."""
        return self._wait(f"{role} {name!r}", lambda: next(self.all(role, name, within), None), patience)

    def _wait(self, what, look, patience=PATIENCE):
        """As eventually(), but who waits in vain is told what there is."""
        try:
            return eventually(what, look, patience)
        except AssertionError as error:
            shown = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "", "getwindowname", "%@"], capture_output=True, text=True)
            raise AssertionError(f"{error}; there is:\n{self.tree()}\nOn the display:\n{shown.stdout}{self.log()}") from None

    def dialog(self, title):
        """Waits until the window or dialog called @title is there and keys go to it."""
        found = self._wait(f"the dialog {title!r}", lambda: next((top for top in self.tops() if is_named(top, title)), None))
        self.await_keyboard(title)
        return found

    def closed(self, title):
        """Waits until the window or dialog called @title is no longer there."""
        self._wait(f"{title!r} to close", lambda: not any(is_named(top, title) for top in self.tops()))

    def gone(self, role, name=None):
        self._wait(f"no {role} {name!r}", lambda: next(self.all(role, name), None) is None)

    def has(self, role, name=None):
        return next(self.all(role, name), None) is not None

    def text(self, node):
        return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))

    def tree(self):
        lines = []

        def add(node, depth):
            told = states(node) & {"focused", "active", "checked", "selected"} | ({"insensitive"} if "sensitive" not in states(node) else set())
            if bare(node.get_name()) and shows(node) or depth < 2:
                lines.append("  " * depth + f"{node.get_role_name()} {bare(node.get_name())!r} {' '.join(sorted(told))}")
            for i in range(node.get_child_count()):
                child = node.get_child_at_index(i)
                if child is not None:
                    add(child, depth + 1)
        add(self.root, 0)
        return "\n".join(lines)

    def is_checked(self, node):
        return "checked" in states(node)

    def is_allowed(self, node):
        return "sensitive" in states(node)

    # Acting

    def click(self, node):
        """A button, a menu's item or a tab: its action, which takes effect a little later."""
        eventually(f"{bare(node.get_name())!r} to be allowed", lambda: "sensitive" in states(node))
        for i in range(Atspi.Action.get_n_actions(node)):
            if Atspi.Action.get_action_name(node, i) in ("click", "toggle"):
                Atspi.Action.do_action(node, i)
                return
        self.point(node)

    def press_button(self, name, within=None):
        self.click(self.find("push button", name, within))

    def point(self, node, button=1):
        """A real click on the middle of a widget, scrolled to if need be by the caller."""
        area = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
        where = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", self._x_window(node)).splitlines())
        xdotool("mousemove", int(where["X"]) + area.x + area.width // 2, int(where["Y"]) + area.y + area.height // 2, "click", button)

    def _x_window(self, node):
        while node.get_parent() is not None and node.get_parent().get_role_name() != "application":
            node = node.get_parent()
        title = "^" + re.escape(node.get_name()) + "$"
        return eventually(f"the X window {title}", lambda: self._search(title)).split()[-1]

    def _search(self, title):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title], capture_output=True, text=True)
        return found.stdout.strip()

    def write(self, name, text, within=None):
        """Sets the text of the entry called @name at once."""
        entry = self.find("text", name, within)
        assert Atspi.EditableText.set_text_contents(entry, text)
        eventually(f"{text!r} in {name!r}", lambda: self.text(entry) == text)

    def await_keyboard(self, title=None):
        """Waits until keys go to the window called @title, by default to the one on top: when a dialog opens
        or closes the window manager takes its time to say so."""
        def focused():
            found = subprocess.run(["xdotool", "getwindowfocus", "getwindowname"], capture_output=True, text=True)
            return found.stdout.rstrip("\n") == (title or self.top().get_name())
        self._wait(f"the keyboard to be in {title or 'the window on top'!r}", focused)

    def press(self, *keys):
        self.await_keyboard()
        press(*keys)

    def type(self, text):
        """Types into what has the focus, letter by letter."""
        self.await_keyboard()
        xdotool("type", "--delay", 25, text)

    def focused(self):
        """What has the focus of the keyboard, as far as GTK 4.8 tells."""
        return next((node for node in below(self.top()) if "focused" in states(node)), None)

    def tab_to(self, role, name, key="Tab", most=80):
        """Goes on with the Tab key until what is meant has the focus."""
        for _ in range(most):
            node = next((n for n in below(self.top()) if "focused" in states(n) and n.get_role_name() == role and is_named(n, name)), None)
            if node is not None:
                return node
            before = self.focused()
            self.press(key)
            end = time.monotonic() + 2
            while time.monotonic() < end and self.focused() is before:
                time.sleep(0.02)
        raise AssertionError(f"the Tab key never came to {role} {name!r}; there is:\n{self.tree()}")

    def resize(self, width, height, top=None):
        xdotool("windowsize", "--sync", self._x_window(top or self.top()), width, height)

    def settle(self, seconds=0.7):
        """For pictures alone: lets what was asked for be drawn."""
        time.sleep(seconds)

    def picture(self, path, top=None):
        """A picture of one top level, without what stands around it."""
        subprocess.run(["import", "-window", self._x_window(top or self.top()), path], check=True)

    # Ending

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def ended(self):
        """Waits until the program has ended by itself."""
        eventually("the program to end", lambda: self.process.poll() is not None)
        return self.process.returncode

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        return self

    def complaints(self):
        return [line for line in self.log().splitlines() if "-CRITICAL" in line]

    def waits(self):
        """What the main loop waited for, with the ways there."""
        if not os.path.exists(self.report_path):
            return ""
        with open(self.report_path, encoding="utf-8", errors="replace") as text:
            return text.read()

    def __exit__(self, kind, value, trace):
        self.close()
        if kind is None:
            assert not self.complaints(), self.complaints()
            assert not self.waits(), f"the main loop waited:\n{self.waits()}"
        else:
            print(self.log(), file=sys.stderr)
