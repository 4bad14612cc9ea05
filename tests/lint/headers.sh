#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# headers.sh - fails when a header does not compile alone, or not twice
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0 seen=0
flags="-std=c11 -Wall -Wextra -Wstrict-prototypes -Wundef -Werror -Iinclude -Isrc -D_GNU_SOURCE"
[ ! -f config.h ] || flags="$flags -include config.h"
libs=$(pkg-config --cflags libmnl libnetfilter_queue libconfuse libuv libcares libsodium sqlite3 \
	2>/dev/null)

for header in $(tests/lint/files include src | grep '\.h$'); do
	seen=$((seen + 1))
	name=${header#*/}
	# Lists of words, all three.
	# shellcheck disable=SC2086
	printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "$name" "$name" |
		${CC:-cc} $flags $libs -fsyntax-only -x c - && continue
	echo "$header: does not compile alone and twice"
	bad=1
done
[ "$seen" -gt 0 ] || { echo "include: no headers found"; bad=1; }
exit $bad
