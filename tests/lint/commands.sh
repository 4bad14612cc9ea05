#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# commands.sh - fails when mxallowctl has a command or an option that its manual does not explain
#
# --help is made from the tables, so it stands for them. Nothing may be explained that is not there.
. "$(dirname "$0")/common"

"$BUILD/mxallowctl" --help >"$dir/help" || exit 1
sed 's/\\//g' man/mxallowctl.8 >"$dir/man"
sed -n '/^commands:/,/^options:/s/^  \([a-z][a-z]*\).*/\1/p' "$dir/help" >"$dir/commands"
sed -n '/^options:/,$s/^  .*--\([a-z]*\).*/\1/p' "$dir/help" >"$dir/options"
[ "$(wc -l <"$dir/commands")" -ge 14 ] || fail "--help shows too few commands"
[ "$(wc -l <"$dir/options")" -ge 8 ] || fail "--help shows too few options"

while read -r command; do
	grep -Eq "^\.It Cm $command( |\$)" "$dir/man" ||
		fail "man/mxallowctl.8 has no paragraph on $command"
done <"$dir/commands"
while read -r option; do
	grep -Eq "Fl -$option( |\$)" "$dir/man" || fail "man/mxallowctl.8 does not show --$option"
done <"$dir/options"
for command in $(sed -n 's/^\.It Cm \([a-z]*\).*/\1/p' "$dir/man"); do
	grep -qx "$command" "$dir/commands" ||
		fail "man/mxallowctl.8 tells of $command, which is no command"
done
exit "$bad"
