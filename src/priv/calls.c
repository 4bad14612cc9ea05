/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls.c - the tables of system calls, by who needs them
 *
 * Calls that are allowed with some arguments only are in filter.c.
 */
#include "priv/calls_int.h"

#include <stddef.h>

static const char *const packets[] = {
	"recvmmsg", "recvmmsg_time64", "sendto", "recvfrom", "epoll_wait", "epoll_pwait",
	"epoll_ctl", "epoll_create1", "read", "write", "send", "recv", NULL,
};

static const char *const clocks[] = {
	"clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64",
	"gettimeofday", "time", "nanosleep", "clock_nanosleep", "clock_nanosleep_time64",
	NULL,
};

/* Votes, commands, DNS, syslog, the service manager. */
static const char *const sockets[] = {
	"accept", "accept4", "bind", "connect", "listen", "shutdown", "getsockname",
	"getpeername", "getsockopt", "sendmsg", "sendmmsg", "recvmsg", "readv", "writev",
	"poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6",
	"pselect6_time64", "eventfd2", "pipe2", "umask", "fchmod", "fchmodat",
	"fchmodat2", "chmod", "fchown", "fchown32", "fchownat", "chown", "chown32", NULL,
};

/* The configuration, lists and keys, /etc/hosts, name services, the log's time zone. */
static const char *const files[] = {
	"open", "openat", "close", "fstat", "fstat64", "newfstatat", "fstatat64", "stat",
	"stat64", "lstat", "lstat64", "statx", "access", "faccessat", "faccessat2",
	"readlink", "readlinkat", "getcwd", "getdents", "getdents64", "lseek", "_llseek",
	"pread64", "preadv", "preadv2", "dup", "dup2", "dup3", "fcntl", "fcntl64",
	"fadvise64", "fadvise64_64", "statfs", "statfs64", "fstatfs", "fstatfs64",
	"fchdir", NULL,
};

/* SQLite with a write-ahead log. */
static const char *const state[] = {
	"pwrite64", "pwritev", "pwritev2", "fsync", "fdatasync", "sync_file_range",
	"ftruncate", "ftruncate64", "fallocate", "flock", "unlink", "unlinkat", "rename",
	"renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "utimensat",
	"utimensat_time64", NULL,
};

static const char *const memory[] = {
	"brk", "munmap", "mremap", "madvise", "membarrier", NULL,
};

static const char *const threads[] = {
	"futex", "futex_time64", "futex_waitv", "set_robust_list", "get_robust_list",
	"rseq", "set_tid_address", "exit", "exit_group", "sched_yield",
	"sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_getscheduler",
	"getcpu", "gettid", "set_thread_area", "set_tls", "restart_syscall", NULL,
};

static const char *const signals[] = {
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait",
	"rt_sigtimedwait_time64", "rt_sigpending", "sigaltstack", "sigreturn", NULL,
};

static const char *const itself[] = {
	"getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getresuid",
	"getresgid", "getgroups", "getuid32", "geteuid32", "getgid32", "getegid32",
	"getresuid32", "getresgid32", "getgroups32", "getrlimit", "ugetrlimit",
	"getrusage", "times", "uname", "sysinfo", "getrandom", "capget", "getsid",
	"getpgrp", NULL,
};

/* Of the process that runs pfctl. */
static const char *const child[] = { WITH_PF ? "wait4" : NULL, NULL };

const struct calls calls_allowed[] = {
	{ "packets", packets }, { "clocks", clocks },   { "sockets", sockets },
	{ "files", files },     { "state", state },     { "memory", memory },
	{ "threads", threads }, { "signals", signals }, { "itself", itself },
	{ "child", child },
	{ NULL, NULL },
};

const char *const calls_unknown[] = {
	"clone3", "openat2", "io_uring_setup", NULL,
};

const char *const calls_deadly[] = {
	"execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv",
	"process_vm_writev", "pidfd_getfd", "mount", "umount", "umount2", "move_mount",
	"fsopen", "fsmount", "fsconfig", "open_tree", "mount_setattr", "pivot_root",
	"chroot", "unshare", "setns", "init_module", "finit_module", "delete_module",
	"bpf", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct",
	"syslog", "keyctl", "add_key", "request_key", "perf_event_open", "userfaultfd",
	"open_by_handle_at", "settimeofday", "clock_settime", "clock_settime64", "stime",
	"adjtimex", "clock_adjtime", "clock_adjtime64", "sethostname", "setdomainname",
	"iopl", "ioperm", "modify_ldt", "personality", "quotactl", "vhangup",
	"lookup_dcookie", "landlock_create_ruleset", "seccomp", NULL,
};
