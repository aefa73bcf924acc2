#!/bin/sh
# with-keyring.sh COMMAND…: runs COMMAND in a session bus and a home of its own, on
# which nothing is started by itself: neither the real keyring nor a portal can
# answer. The command starts and stops gnome-keyring-daemon as it needs it.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
for tool in dbus-run-session gnome-keyring-daemon; do
  command -v "$tool" > /dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
base=$(mktemp -d "${TMPDIR:-/tmp}/relais-keyring.XXXXXX") || exit 1
trap 'rm -rf "$base"' EXIT
mkdir -p "$base/home" "$base/run" && chmod 700 "$base/run"
export HOME="$base/home" XDG_RUNTIME_DIR="$base/run"
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME DISPLAY WAYLAND_DISPLAY
unset DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL SECRET_BACKEND
cat > "$base/bus.conf" <<C
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><keep_umask/><listen>unix:dir=$base/run</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
C
dbus-run-session --config-file="$base/bus.conf" -- "$@"
