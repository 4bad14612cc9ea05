#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# reasons.sh - fails when the log can say a word that the manual does not explain
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0 seen=0

for token in $(sed -n 's/^[[:space:]]*case [A-Z_]*:[[:space:]]*return "\([^"]*\)";.*/\1/p' \
		src/core/reason.c); do
	seen=$((seen + 1))
	# As a word: "open" within "opens" explains nothing. The manual may escape hyphens.
	sed 's/\\-/-/g' man/mxallowd.8 |
		grep -qE "(^|[^a-z-])$token([^a-z-]|\$)" && continue
	echo "src/core/reason.c: \"$token\" does not stand in man/mxallowd.8"
	bad=1
done
[ "$seen" -gt 0 ] || { echo "src/core/reason.c: no tokens found"; bad=1; }
exit $bad
