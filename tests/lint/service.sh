#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# service.sh - fails when what service managers are given is refused, or too open
#
# The unit must be taken without a word and score 2.0 or better in `systemd-analyze
# security`; its user and folders must be those that sysusers and tmpfiles make. Nothing of
# it needs a running systemd. Without its tools this skips.
. "$(dirname "$0")/common"
unit=etc/mxallowd.service

for tool in systemd-analyze systemd-sysusers; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done

# Verified with a program that is there.
sed 's,^ExecStart=[^ ]*,ExecStart=/bin/true,' "$unit" >"$dir/mxallowd.service"
systemd-analyze verify --man=no "$dir/mxallowd.service" >"$dir/said" 2>&1 ||
	fail "$unit is refused"
[ ! -s "$dir/said" ] || { cat "$dir/said"; fail "$unit: systemd complains"; }

# The threshold counts in tenths.
systemd-analyze security --no-pager --offline=true --threshold=20 "$dir/mxallowd.service" \
	>"$dir/said" 2>&1 || { cat "$dir/said"; fail "$unit scores worse than 2.0"; }
grep -q 'Overall exposure level' "$dir/said" || { cat "$dir/said"; fail "no score"; }

says()
{
	grep -Eq "$1" "$2" || fail "$2 has no line $1"
}
mkdir "$dir/etc"
systemd-sysusers --root="$dir" "$PWD/etc/mxallowd.sysusers" >"$dir/said" 2>&1 ||
	{ cat "$dir/said"; fail "etc/mxallowd.sysusers is refused"; }
says '^mxallowd:.*:/var/lib/mxallowd:' "$dir/etc/passwd"
says '^mxallowd:' "$dir/etc/group"
says '^d /run/mxallowd 0755 mxallowd mxallowd -$' etc/mxallowd.tmpfiles
says '^d /var/lib/mxallowd 0700 mxallowd mxallowd -$' etc/mxallowd.tmpfiles
says '^User=mxallowd$' "$unit"
says '^RuntimeDirectory=mxallowd$' "$unit"
says '^StateDirectory=mxallowd$' "$unit"
says '^StartLimitIntervalSec=0$' "$unit"
exit "$bad"
