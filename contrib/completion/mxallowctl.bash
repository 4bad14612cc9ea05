# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion; written by contrib/completion/make, do not edit

_mxallowctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' word words='' i

	case $prev in
	--socket)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	--for)
		return ;;
	esac
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--socket|--for)	i=$((i + 1)) ;;
		-*)		;;
		*)		command=$word; break ;;
		esac
	done
	case $command in
	'')	words="status list why white black forget flush watch stats report reload check rules export import" ;;
	status)	words="--json" ;;
	list)	words="open pausing penalty all --json" ;;
	why)	words="--json" ;;
	white)	words="--for" ;;
	black)	words="--for" ;;
	flush)	words="penalties all" ;;
	watch)	words="--json" ;;
	stats)	words="--json --prometheus" ;;
	report)	words="--json" ;;
	check)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	rules)	words="--iptables --nft" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words --socket -h --help -V --version" -- "$cur")
}
complete -F _mxallowctl mxallowctl
