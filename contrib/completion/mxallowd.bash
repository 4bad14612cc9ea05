# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion; written by contrib/completion/make, do not edit

_mxallowd()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}

	case $prev in
	--fake-action)
		mapfile -t COMPREPLY < <(compgen -W "reset accept drop" -- "$cur")
		return ;;
	--when-unsure)
		mapfile -t COMPREPLY < <(compgen -W "accept drop" -- "$cur")
		return ;;
	--reset-with)
		mapfile -t COMPREPLY < <(compgen -W "own mark" -- "$cur")
		return ;;
	--run-dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return ;;
	--state-dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return ;;
	--group)
		mapfile -t COMPREPLY < <(compgen -g -- "$cur")
		return ;;
	--log-facility)
		mapfile -t COMPREPLY < <(compgen -W "mail daemon user auth authpriv syslog local0 local7" -- "$cur")
		return ;;
	-c|--config)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	--replay)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	--names)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	-f | --fake-mailserver | -r | --real-mailserver | -n | --queue-num | --queue-maxlen | --smtp-port | -t | --whitelist-time | --siblings-max | --prefix4 | --prefix6 | --entries-max | --coalesce | --cpu | --mark | --proof | --probation | --tarpit-max | --user | --confine)
		return ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "-f --fake-mailserver -r --real-mailserver -n --queue-num --queue-maxlen --smtp-port -t --whitelist-time -b --no-rdns-whitelist --siblings-max --fake-action --when-unsure -O --observe -s --stdout -q --quiet -d --debug -F --foreground --prefix4 --prefix6 --entries-max --coalesce --cpu --mark --reset-with --proof --probation --tarpit-max --run-dir --state-dir --user --group --confine --log-facility -c --config -T --check --print-config --replay --names --report -h --help -V --version" -- "$cur")
}
complete -F _mxallowd mxallowd
