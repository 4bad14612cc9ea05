/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_priv.c - settle, and try to get back; each test is a process of its own
 *
 * As root it becomes another user. Others, and whoever may not, make a user namespace to
 * be root in, where nobody else exists. A settled process ends with _exit(): the leak
 * checker of a sanitizer would want to trace it.
 */
#include "priv/priv.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit.h"

enum { NOBODY = 65534 };

/* Verdicts need one; to read pf's log, once it is open, takes none. */
#define LEFT (WITH_PF ? "0000000000000000" : "0000000000001000")

static char top[] = "/tmp/priv-XXXXXX"; /* of all tests */
static char folder[64];                 /* of this one */

static void done(void)
{
	fflush(NULL);
	_exit(0);
}

/* A plan for whoever can be become here. */
static struct priv_plan plan_for(enum priv_level level)
{
	struct priv_plan p = { .level = level, .user = "nobody", .uid = (uid_t)-1,
			       .gid = (gid_t)-1 };

	if (getuid() == 0) {
		p.uid = p.gid = NOBODY;
		ck_assert(priv_add_group(&p, 12));
	} else if (unshare(CLONE_NEWUSER) < 0) {
		done(); /* this machine forbids it: nothing to try here */
	}
	return p;
}

static void settle(const struct priv_plan *p)
{
	struct log *log = log_new("test_priv");
	struct priv_outcome out;

	ck_assert_int_eq(priv_settle(p, log, &out), 0);
	ck_assert_ptr_null(out.step);
	log_free(log);
}

/* The value of a line of /proc/self/status. */
static const char *status_of(const char *key)
{
	static char line[256];
	FILE *f = fopen("/proc/self/status", "re");
	size_t len = strlen(key);

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, key, len) != 0 || line[len] != ':')
			continue;
		fclose(f);
		line[strcspn(line, "\n")] = '\0';
		return line + len + 1 + strspn(line + len + 1, "\t ");
	}
	ck_abort_msg("no %s in status", key);
	return "";
}

START_TEST(no_user_and_no_group_comes_back)
{
	struct priv_plan p = plan_for(PRIV_USER);
	gid_t group = 12;

	settle(&p);
	if (p.uid == NOBODY) {
		ck_assert_str_eq(status_of("Uid"), "65534\t65534\t65534\t65534");
		ck_assert_str_eq(status_of("Gid"), "65534\t65534\t65534\t65534");
		ck_assert_int_eq(strtol(status_of("Groups"), NULL, 10), 12);
		ck_assert(priv_is_member(&p, 12) && priv_is_member(&p, NOBODY));
		ck_assert(!priv_is_member(&p, 0));
		ck_assert_int_lt(setresuid(0, 0, 0), 0);
		ck_assert_int_lt(setresgid(0, 0, 0), 0);
	}
	ck_assert_int_lt(setuid(1), 0);
	ck_assert_int_lt(setgid(1), 0);
	ck_assert_int_lt(setgroups(1, &group), 0);
	done();
}
END_TEST

START_TEST(no_capability_is_left_but_for_verdicts_and_none_comes_back)
{
	struct priv_plan p = plan_for(PRIV_USER);
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2];

	settle(&p);
	ck_assert_str_eq(status_of("CapEff"), LEFT);
	ck_assert_str_eq(status_of("CapPrm"), LEFT);
	ck_assert_str_eq(status_of("CapInh"), "0000000000000000");
	ck_assert_str_eq(status_of("CapBnd"), "0000000000000000");
	ck_assert_str_eq(status_of("CapAmb"), "0000000000000000");
	ck_assert_str_eq(status_of("NoNewPrivs"), "1");
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE), 0);
	for (unsigned i = 0; i <= CAP_LAST_CAP; i++) {
		memset(caps, 0, sizeof(caps));
		caps[i / 32].effective = caps[i / 32].permitted = 1U << i % 32;
		if (WITH_PF || i != CAP_NET_ADMIN)
			ck_assert_int_lt(syscall(SYS_capset, &head, caps), 0);
	}
	memset(caps, 0, sizeof(caps));
	caps[0].permitted = caps[0].inheritable = 1U << CAP_NET_ADMIN;
	ck_assert_int_lt(syscall(SYS_capset, &head, caps), 0);
	ck_assert_int_lt(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0),
			 0);
	ck_assert_int_lt(prctl(PR_SET_SECUREBITS, 0), 0);
	ck_assert_int_lt(prctl(PR_SET_KEEPCAPS, 1), 0);
	ck_assert_int_ne(prctl(PR_GET_SECUREBITS) & SECBIT_NOROOT_LOCKED, 0);
	done();
}
END_TEST

/* Where it is needed: who reads pf's log settles without. */
START_TEST(a_missing_capability_is_named_with_its_step)
{
	struct priv_plan p = plan_for(PRIV_FULL);
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2];
	struct log *log = log_new("test_priv");
	struct priv_outcome out;

	p.uid = (uid_t)-1;
	ck_assert_int_eq(syscall(SYS_capget, &head, caps), 0);
	caps[0].effective &= ~(1U << CAP_NET_ADMIN);
	caps[0].permitted &= ~(1U << CAP_NET_ADMIN);
	ck_assert_int_eq(syscall(SYS_capset, &head, caps), 0);
	if (WITH_PF) {
		settle(&p);
		done();
	}
	ck_assert_int_eq(priv_settle(&p, log, &out), -EPERM);
	ck_assert_str_eq(out.step, "keep CAP_NET_ADMIN only");
	ck_assert_str_eq(out.lacks, "CAP_NET_ADMIN");
	log_free(log);
}
END_TEST

static void *sleep_on(void *arg)
{
	pause();
	return arg;
}

START_TEST(a_thread_that_would_stay_outside_is_found)
{
	struct priv_plan p = { .level = PRIV_USER, .uid = (uid_t)-1 };
	struct log *log = log_new("test_priv");
	struct priv_outcome out;
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, sleep_on, NULL), 0);
	ck_assert_int_lt(priv_settle(&p, log, &out), 0);
	ck_assert_str_eq(out.step, "be alone");
	ck_assert_str_eq(out.why, "a thread was made too early");
	done();
}
END_TEST

static int try_open(const char *dir, const char *name, int flags)
{
	char path[192];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static void make_top(void)
{
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chmod(top, 0755), 0);
}

static void remove_top(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", top);
	ck_assert_int_eq(system(command), 0);
}

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "%s/%ld", top, (long)getpid());
	ck_assert_int_eq(mkdir(folder, 0755), 0);
}

/* In `folder`: rw and ro, both of the user, and a link from ro to out. */
static void make_files(const struct priv_plan *p)
{
	static const char *const names[] = { "rw", "ro", "out" };
	char path[128];

	make_folder();
	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		ck_assert_int_eq(mkdir(path, 0777), 0);
		ck_assert_int_eq(try_open(path, "file", O_WRONLY | O_CREAT), 0);
		if (p->uid != (uid_t)-1) {
			ck_assert_int_eq(chown(path, p->uid, p->gid), 0);
			snprintf(path, sizeof(path), "%s/%s/file", folder, names[i]);
			ck_assert_int_eq(chown(path, p->uid, p->gid), 0);
		}
	}
	snprintf(path, sizeof(path), "%s/ro/link", folder);
	ck_assert_int_eq(symlink("../out/file", path), 0);
}

static void allow_two(struct priv_plan *p)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/rw", folder);
	ck_assert_int_eq(priv_allow(p, path, PRIV_WRITE), 0);
	snprintf(path, sizeof(path), "%s/ro", folder);
	ck_assert_int_eq(priv_allow(p, path, PRIV_READ), 0);
	ck_assert_int_eq(priv_allow(p, "/does/not/exist", PRIV_READ), 0);
	ck_assert_int_eq(priv_allow(p, "/dev/null", PRIV_WRITE), 0);
	ck_assert_uint_eq(p->places, 3);
}

static void try_files(void)
{
	ck_assert_int_eq(try_open(folder, "rw/file", O_RDWR), 0);
	ck_assert_int_eq(try_open(folder, "rw/new", O_WRONLY | O_CREAT | O_TRUNC), 0);
	ck_assert_int_eq(try_open(folder, "ro/file", O_RDONLY), 0);
	ck_assert_int_eq(try_open("/dev", "null", O_RDWR), 0);
	ck_assert_int_eq(try_open(folder, "ro/file", O_RDWR), -EACCES);
	ck_assert_int_eq(try_open(folder, "ro/new", O_WRONLY | O_CREAT), -EACCES);
	ck_assert_int_eq(try_open(folder, "ro/link", O_RDONLY), -EACCES);
	ck_assert_int_eq(try_open(folder, "out/file", O_RDONLY), -EACCES);
	ck_assert_int_eq(try_open(folder, "out", O_RDONLY | O_DIRECTORY), -EACCES);
	ck_assert_int_eq(try_open("/etc", "passwd", O_RDONLY), -EACCES);
	ck_assert_int_eq(try_open("/proc/self", "status", O_RDONLY), -EACCES);
}

/* Modes alone would allow all of this. Kernels without Landlock limit nothing. */
START_TEST(files_of_the_plan_can_be_opened_and_no_others)
{
	struct priv_plan p = plan_for(PRIV_FULL);
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);

	make_files(&p);
	allow_two(&p);
	settle(&p);
	if (version >= 3)
		try_files();
	done();
}
END_TEST

START_TEST(a_plan_knows_what_it_reaches)
{
	struct priv_plan p = { .level = PRIV_FULL, .uid = (uid_t)-1 };
	char path[128];

	make_files(&p);
	allow_two(&p);
	snprintf(path, sizeof(path), "%s/ro/file", folder);
	ck_assert(priv_reaches(&p, path, PRIV_READ));
	ck_assert(!priv_reaches(&p, path, PRIV_WRITE));
	snprintf(path, sizeof(path), "%s/ro/none", folder);
	ck_assert(priv_reaches(&p, path, PRIV_READ));
	snprintf(path, sizeof(path), "%s/rw/none", folder);
	ck_assert(priv_reaches(&p, path, PRIV_WRITE));
	snprintf(path, sizeof(path), "%s/ro/link", folder);
	ck_assert(!priv_reaches(&p, path, PRIV_READ));
	ck_assert_int_eq(priv_allow_around(&p, path, PRIV_READ), 0);
	ck_assert(priv_reaches(&p, path, PRIV_READ));
	snprintf(path, sizeof(path), "%s/rower/none", folder);
	ck_assert(!priv_reaches(&p, path, PRIV_READ));
	ck_assert(!priv_reaches(&p, "/etc/passwd", PRIV_READ));
	p.level = PRIV_USER;
	ck_assert(priv_reaches(&p, "/etc/passwd", PRIV_WRITE));
	priv_free(&p);
}
END_TEST

static long socket_call(long family, long type, long protocol)
{
	return syscall(SYS_socket, family, type, protocol);
}

START_TEST(calls_that_are_not_needed_fail)
{
	struct priv_plan p = plan_for(PRIV_FULL);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), zero = 0;
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	settle(&p);
	ck_assert(page != MAP_FAILED && fd >= 0);
#define FAILS(expression, with)                                                          \
	do {                                                                             \
		errno = 0;                                                               \
		ck_assert_int_eq((long)(expression), -1);                                \
		ck_assert_int_eq(errno, with);                                           \
	} while (0)
	FAILS(socket_call(AF_NETLINK, SOCK_RAW, 0), EPERM);
	FAILS(socket_call(AF_PACKET, SOCK_RAW, 0), EPERM);
	FAILS(socket_call(AF_INET, SOCK_RAW, IPPROTO_ICMP), EPERM);
	FAILS(socket_call(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), EPERM);
	FAILS(socket_call(AF_UNIX, SOCK_SEQPACKET, 0), EPERM);
	/* The upper halves of registers are nobody's. */
	FAILS(socket_call(AF_NETLINK | 1L << 32, SOCK_RAW | 1L << 40, 0), EPERM);
	FAILS(setsockopt(fd, IPPROTO_IP, 64, &zero, sizeof(zero)), EPERM);
	FAILS(setsockopt(fd, IPPROTO_IPV6, 64, &zero, sizeof(zero)), EPERM);
	FAILS(mprotect(page, 4096, PROT_READ | PROT_EXEC), EPERM);
	FAILS(ioctl(0, TIOCSTI, "x"), EPERM);
	FAILS(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), EPERM);
	FAILS(syscall(SYS_clone3, NULL, 0), ENOSYS);
	FAILS(kill(getppid(), 0), EPERM);
	FAILS(prctl(PR_SET_DUMPABLE, 1), EPERM);
	FAILS(setuid(0), EPERM);
	FAILS(mknod("/tmp/device", S_IFCHR | 0600, 0), EPERM);
#undef FAILS
	done();
}
END_TEST

static void *add_one(void *arg)
{
	return (char *)arg + 1;
}

START_TEST(what_is_needed_goes_on)
{
	struct priv_plan p = plan_for(PRIV_FULL);
	struct flock lock = { .l_type = F_WRLCK };
	char path[128], *shared;
	void *result;
	pthread_t thread;
	int fd, on = 1;

	make_files(&p);
	allow_two(&p);
	settle(&p);
	ck_assert_int_eq(pthread_create(&thread, NULL, add_one, &on), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert_ptr_eq(result, (char *)&on + 1);
	snprintf(path, sizeof(path), "%s/rw/file", folder);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(ftruncate(fd, 4096), 0);
	ck_assert_int_eq(fcntl(fd, F_SETLK, &lock), 0);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert(shared != MAP_FAILED);
	ck_assert_int_eq(fsync(fd), 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	for (int family = AF_INET; family; family = family == AF_INET ? AF_INET6 : 0)
		for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++)
			ck_assert_int_ge(socket(family, type | SOCK_CLOEXEC, 0), 0);
	fd = socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
	ck_assert_int_eq(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)), 0);
	ck_assert_int_eq(ioctl(fd, FIONBIO, &on), 0);
	done();
}
END_TEST

static const long deadly[] = { SYS_execve, SYS_ptrace,	SYS_unshare,
			       SYS_setns,  SYS_mount,	SYS_bpf,
			       SYS_chroot, SYS_init_module, SYS_process_vm_readv };

START_TEST(what_only_an_intruder_asks_for_ends_it)
{
	struct priv_plan p = plan_for(PRIV_FULL);

	settle(&p);
	(void)syscall(deadly[_i], 0, 0, 0, 0, 0, 0);
	done();
}
END_TEST

static unsigned owner_of(const char *name)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_uid;
}

/* Only root can give anything away; others see that the folder is made. */
START_TEST(a_folder_is_given_with_what_is_ours_in_it)
{
	struct priv_plan p = { .uid = getuid() == 0 ? NOBODY : (uid_t)-1, .gid = NOBODY };
	char path[128], other[128];

	make_folder();
	snprintf(path, sizeof(path), "%s/state", folder);
	ck_assert_int_eq(priv_give(&p, path, 0700, "state.db"), 0);
	ck_assert_uint_eq(owner_of("state"), getuid() == 0 ? NOBODY : getuid());
	if (getuid() != 0)
		return;
	ck_assert_int_eq(chown(path, 0, 0), 0);
	ck_assert_int_eq(try_open(path, "state.db-wal", O_WRONLY | O_CREAT), 0);
	ck_assert_int_eq(priv_give(&p, path, 0700, "state.db"), 0);
	ck_assert_uint_eq(owner_of("state/state.db-wal"), NOBODY);

	ck_assert_int_eq(chown(path, 0, 0), 0);
	ck_assert_int_eq(try_open(path, "shadow", O_WRONLY | O_CREAT), 0);
	ck_assert_int_eq(priv_give(&p, path, 0700, "state.db"), -ENOTEMPTY);
	ck_assert_uint_eq(owner_of("state"), 0);
	snprintf(other, sizeof(other), "%s/state/shadow", folder);
	ck_assert_int_eq(unlink(other), 0);
	ck_assert_int_eq(chmod(path, 0777), 0);
	ck_assert_int_eq(priv_give(&p, path, 0700, "state.db"), -EPERM);
	ck_assert_int_eq(chmod(path, 0700), 0);
	snprintf(other, sizeof(other), "%s/link", folder);
	ck_assert_int_eq(symlink(path, other), 0);
	ck_assert_int_lt(priv_give(&p, other, 0700, "state.db"), 0);
	ck_assert_uint_eq(owner_of("state"), 0);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_unchecked_fixture(t, make_top, remove_top);
	tcase_add_test(t, no_user_and_no_group_comes_back);
	tcase_add_test(t, no_capability_is_left_but_for_verdicts_and_none_comes_back);
	tcase_add_test(t, a_missing_capability_is_named_with_its_step);
	tcase_add_test(t, a_thread_that_would_stay_outside_is_found);
	tcase_add_test(t, files_of_the_plan_can_be_opened_and_no_others);
	tcase_add_test(t, a_plan_knows_what_it_reaches);
	tcase_add_test(t, calls_that_are_not_needed_fail);
	tcase_add_test(t, what_is_needed_goes_on);
	tcase_add_loop_test_raise_signal(t, what_only_an_intruder_asks_for_ends_it,
					 SIGSYS, 0, sizeof(deadly) / sizeof(deadly[0]));
	tcase_add_test(t, a_folder_is_given_with_what_is_ours_in_it);
}

int main(void)
{
	return unit_main("priv", add_tests);
}
