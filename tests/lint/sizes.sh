#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sizes.sh - fails when files or functions grow beyond what one reads in a sitting
#
# No file over 500 lines, half of them at most 220, no function over 60, and at most 3
# `#if` in 1000 lines (include guards not counted; median and #if in src and include). No
# line of C beyond column 90, tabs counting eight.
set -u
cd "$(dirname "$0")/../.." || exit 1

tests/lint/files src include tests | grep '\.\(c\|h\|sh\)$' | tr '\n' '\0' | xargs -0 awk '
BEGIN { FILE_MAX = 500; MEDIAN_MAX = 220; FUNCTION_MAX = 60; IFS_MAX = 3 }

function complain(what)
{
	print what
	bad = 1
}

FNR == 1 {
	start = 0
	is_ours = FILENAME ~ /^(src|include)\//
	is_c = FILENAME ~ /\.[ch]$/
}

{ lines[FILENAME] = FNR }

# As wide as it shows.
function width(line,    w, i, c)
{
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		w += c == "\t" ? 8 - w % 8 : 1
	}
	return w
}

is_c && length($0) > 40 && width($0) > 90 { complain(FILENAME ":" FNR ": beyond column 90") }

is_c && /^\{/ { start = FNR }

is_c && /^\}/ && start {
	length_of = FNR - start + 1
	if (length_of > FUNCTION_MAX)
		complain(FILENAME ":" start ": a function of " length_of \
			 " lines, at most " FUNCTION_MAX)
	start = 0
}

is_ours && /^#[ \t]*if/ && !/^#ifndef [A-Z0-9_]+_H$/ { ifs++ }

END {
	for (file in lines) {
		n = lines[file]
		if (n > FILE_MAX)
			complain(file ": " n " lines, at most " FILE_MAX)
		if (file !~ /^(src|include)\//)
			continue
		total += n
		files++
		have[n]++
	}
	for (n = 0; n <= total && 2 * passed < files; n++)
		passed += have[n]
	if (n - 1 > MEDIAN_MAX)
		complain("src include: the median file has " n - 1 " lines, at most " MEDIAN_MAX)
	if (ifs * 1000 > total * IFS_MAX)
		complain("src include: " ifs " #if in " total " lines, at most " IFS_MAX \
			 " in 1000")
	exit bad || files == 0
}' || exit 1
