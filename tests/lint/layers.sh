#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# layers.sh - fails when a file includes a header of a layer it may not know
#
# The layers are drawn in HACKING.md. Libraries have one home each, x_int.h is for the
# layer it lies in, and nobody climbs with "../". Tests may include anything.
set -u
cd "$(dirname "$0")/../.." || exit 1

tests/lint/files src include | grep '\.[ch]$' | tr '\n' '\0' | xargs -0 awk '
function may(layer)
{
	if (layer == "base")               return " base "
	if (layer ~ /^(wire|core|thread)$/) return " base " layer " "
	if (layer == "log")                return " base thread log "
	if (layer == "conf")               return " base wire core conf "
	if (layer == "ctl")                return " base wire ctl "
	if (layer == "daemon")             return ""	# everything
	return " base wire core thread log " layer " "
}

function home(header)
{
	if (header ~ /^uv(\.h|\/)/)        return " daemon sock "
	if (header ~ /^ares/)              return " resolver "
	if (header ~ /^(libmnl|libn[a-z_]+|linux\/netfilter)(\/|\.h)/) return " transport "
	if (header ~ /^pcap(\.h|\/)/)      return " transport "
	if (header == "sqlite3.h")         return " store "
	if (header ~ /^(seccomp|cap-ng)\.h$/) return " priv "
	if (header == "confuse.h")         return " conf "
	if (header == "check.h")           return " tests "
	if (header ~ /^sodium(\.h|\/)/)    return " core conf resolver inject sock daemon "
	return ""
}

function complain(what) { print FILENAME ": " what; bad = 1 }

FNR == 1 {
	split(FILENAME, path, "/")
	layer = path[2]
	allowed = may(layer)
}

/^#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	used = quoted[2]
	if (used ~ /\.\./)
		complain("climbs to " used)
	if (split(used, parts, "/") < 2)
		next
	if (allowed && !index(allowed, " " parts[1] " "))
		complain(layer " may not know " used)
	else if (used ~ /_int\.h$/ && parts[1] != layer)
		complain(used " is private to " parts[1])
}

/^#[ \t]*include[ \t]*</ {
	split($0, quoted, /[<>]/)
	used = quoted[2]
	if (home(used) && !index(home(used), " " layer " "))
		complain("<" used "> belongs to:" home(used))
}

END { exit bad || NR == 0 }' || exit 1
