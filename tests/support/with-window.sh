#!/bin/sh
# with-window.sh COMMAND…: runs COMMAND on a display, in a session bus and a home of
# its own. Nothing is started on the bus by itself but what lets a screen reader in
# (RELAIS_BUS_NAMES= for none): a real keyring or portal cannot answer. Fonts and
# icons are fixed, and nothing moves by itself. RELAIS_TEXT_SCALE=1.5 makes text half as
# large again, as a person can ask their desktop to.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
for tool in Xvfb openbox xdotool xprop dbus-run-session; do
  command -v "$tool" > /dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
for name in ${RELAIS_BUS_NAMES-org.a11y.Bus}; do
  [ -f "/usr/share/dbus-1/services/$name.service" ] || { echo "1..0 # SKIP nothing answers for $name"; exit 0; }
done
base=$(mktemp -d "${TMPDIR:-/tmp}/relais-window.XXXXXX") || exit 1
children=
trap 'for child in $children; do kill "$child" 2> /dev/null; done; wait 2> /dev/null; rm -rf "$base"' EXIT
mkdir -p "$base/home" "$base/config/gtk-4.0" "$base/run" "$base/services" && chmod 700 "$base/run"

unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS GTK_THEME GNOME_KEYRING_CONTROL
unset XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_CURRENT_DESKTOP
export HOME="$base/home" XDG_CONFIG_HOME="$base/config" XDG_RUNTIME_DIR="$base/run"
# No graphics driver comes into the process: it would be slow, and leak.
export GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable
export GSETTINGS_BACKEND=memory ADW_DISABLE_PORTAL=1 NO_AT_BRIDGE=0
cat > "$base/config/gtk-4.0/settings.ini" <<I
[Settings]
gtk-font-name=Cantarell 11
gtk-enable-animations=${RELAIS_ANIMATIONS:-false}
gtk-cursor-blink=false
I

for name in ${RELAIS_BUS_NAMES-org.a11y.Bus}; do
  cp "/usr/share/dbus-1/services/$name.service" "$base/services/"
done
cat > "$base/bus.conf" <<C
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><keep_umask/><listen>unix:dir=$base/run</listen><auth>EXTERNAL</auth>
<servicedir>$base/services</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
C

mkfifo "$base/display"
Xvfb -displayfd 3 -screen 0 "${RELAIS_SCREEN:-1280x1024}x24" -nolisten tcp -noreset 3> "$base/display" 2> "$base/xvfb.log" &
children=$!
read -r number < "$base/display" || { cat "$base/xvfb.log" >&2; exit 1; }
export DISPLAY=":$number"
# On X11, GTK takes this from the server and not from settings.ini.
xprop -root -f RESOURCE_MANAGER 8s -set RESOURCE_MANAGER "Xft.dpi: $(awk "BEGIN { print 96 * ${RELAIS_TEXT_SCALE:-1} }")"
# Windows of a manager: keys go to the dialog that is open, not to what is below the pointer.
openbox > "$base/openbox.log" 2>&1 &
children="$children $!"

# What is started by the bus may talk; standard output is the command's alone.
exec 4>&1
dbus-run-session --config-file="$base/bus.conf" -- sh -c 'exec "$@" >&4 4>&-' sh "$@" >&2
