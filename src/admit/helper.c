/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper.c - one run after the other: from the socket into pfctl
 *
 * Signals wait until pselect(), so that none is missed: SIGCHLD and SIGALRM interrupt it.
 * pfctl acts when its input ends. So a run that is cut short, because the daemon ended,
 * must kill it first: half a list would otherwise replace the whole table. One that has
 * its whole list is killed, too: it must not change the table under the next daemon.
 */
#include "admit/helper_int.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admit/admit_os_int.h"
#include "admit/spawn_int.h"

enum {
	IN_BYTES = 64 * REQUEST_BYTES,
	LINES_BYTES = 64 * (NET_TEXT_MAX + 1),
};

struct helper {
	const struct helper_conf *conf;
	int            socket;
	sigset_t       open_mask; /* while waiting: no signal is held back */
	struct spawned pfctl;
	uint32_t       lacks;     /* networks of the run, not yet read */
	bool           was_deaf;  /* pfctl closed its input too early */
	bool           is_broken; /* the daemon ended, or talked nonsense */
	uint8_t        in[IN_BYTES];
	size_t         in_len;
	char           lines[LINES_BYTES]; /* for pfctl */
	size_t         lines_at, lines_len;
	struct result  result;
};

static volatile sig_atomic_t is_late; /* all that a handler can reach */

static void on_alarm(int signum)
{
	(void)signum;
	is_late = 1;
}

static void on_child(int signum)
{
	(void)signum;
}

static void handle(int signum, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	(void)sigaction(signum, &action, NULL);
}

/* The daemon decides when it ends, not the terminal or whoever signals the group. */
static void prepare_signals(struct helper *h)
{
	sigset_t held;

	for (size_t i = 0; spawn_ignored[i] != 0; i++)
		handle(spawn_ignored[i], SIG_IGN);
	handle(SIGCHLD, on_child);
	sigemptyset(&h->open_mask);
	sigemptyset(&held);
	sigaddset(&held, SIGCHLD);
	sigaddset(&held, SIGALRM);
	(void)sigprocmask(SIG_SETMASK, &held, NULL);
}

/* More of the daemon's words in h->in; false at their end. */
static bool read_some(struct helper *h)
{
	ssize_t got;

	do
		got = read(h->socket, h->in + h->in_len, sizeof(h->in) - h->in_len);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	h->in_len += (size_t)got;
	return true;
}

static void used_up(struct helper *h, size_t len)
{
	h->in_len -= len;
	memmove(h->in, h->in + len, h->in_len);
}

/* Networks that came become lines. The text is made from the numbers we checked, so
 * nothing but networks can ever stand in it. */
static void read_nets(struct helper *h)
{
	size_t at = 0;

	for (; h->lacks > 0 && h->in_len - at >= REQUEST_BYTES; at += REQUEST_BYTES) {
		struct net net;
		size_t len;

		if (!request_read_net(h->in + at, &h->conf->limits, &net)) {
			h->is_broken = true;
			return;
		}
		h->lacks--;
		if (h->was_deaf)
			continue;
		net_format(&net, h->lines + h->lines_len);
		len = strlen(h->lines + h->lines_len);
		h->lines[h->lines_len + len] = '\n';
		h->lines_len += len + 1;
	}
	used_up(h, at);
}

static void feed(struct helper *h)
{
	ssize_t put =
		write(h->pfctl.in, h->lines + h->lines_at, h->lines_len - h->lines_at);

	if (put > 0)
		h->lines_at += (size_t)put;
	else if (put < 0 && errno != EAGAIN && errno != EINTR)
		h->was_deaf = true;
	if (h->was_deaf || h->lines_at == h->lines_len)
		h->lines_at = h->lines_len = 0;
	if (h->was_deaf)
		spawned_close(&h->pfctl.in);
}

/* Its output: the beginning is kept, the rest is read and forgotten. */
static void listen_to(struct helper *h)
{
	struct result *r = &h->result;
	char said[512];
	ssize_t got = read(h->pfctl.out, said, sizeof(said));
	size_t room = RESULT_TEXT_MAX - r->len;

	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		spawned_close(&h->pfctl.out);
	if (got <= 0)
		return;
	if ((size_t)got < room)
		room = (size_t)got;
	memcpy(r->text + r->len, said, room);
	r->len = (uint8_t)(r->len + room);
}

static void watch(fd_set *set, int fd, int *most)
{
	FD_SET(fd, set);
	if (fd > *most)
		*most = fd;
}

/* Lines for pfctl are made only when the last ones are gone: the daemon is slowed down by
 * a slow pfctl, and nothing grows. */
static void wait_and_move(struct helper *h)
{
	fd_set readable, writable;
	int most = -1;

	FD_ZERO(&readable);
	FD_ZERO(&writable);
	if (h->lines_len == 0 && !h->is_broken)
		watch(&readable, h->socket, &most);
	if (h->pfctl.in >= 0 && h->lines_len > 0)
		watch(&writable, h->pfctl.in, &most);
	if (h->pfctl.out >= 0)
		watch(&readable, h->pfctl.out, &most);
	if (pselect(most + 1, &readable, &writable, NULL, NULL, &h->open_mask) < 0)
		return; /* a signal */
	if (h->pfctl.out >= 0 && FD_ISSET(h->pfctl.out, &readable))
		listen_to(h);
	if (h->pfctl.in >= 0 && FD_ISSET(h->pfctl.in, &writable))
		feed(h);
	if (FD_ISSET(h->socket, &readable)) {
		/* When all networks are here, there is nothing more to be said. */
		h->is_broken = h->lacks == 0 || !read_some(h);
		read_nets(h);
	}
}

static void note_end(struct helper *h, int status)
{
	struct result *r = &h->result;

	if (is_late) {
		r->outcome = RESULT_TIMEOUT;
	} else if (WIFSIGNALED(status)) {
		r->outcome = RESULT_SIGNALED;
		r->number = (uint8_t)WTERMSIG(status);
	} else if (WEXITSTATUS(status) != 0) {
		r->outcome = RESULT_EXITED;
		r->number = (uint8_t)WEXITSTATUS(status);
	} else if (h->was_deaf || h->lacks > 0 || h->lines_len > 0 || h->pfctl.in >= 0) {
		r->outcome = RESULT_DEAF;
	}
	h->was_deaf = true; /* what may still come is read and thrown away */
	h->lines_at = h->lines_len = 0;
}

/* From its start to its end, and to the end of what the daemon has to say. */
static void attend(struct helper *h)
{
	int status;

	while (h->pfctl.pid > 0 || (h->lacks > 0 && !h->is_broken)) {
		if (h->lacks == 0 && h->lines_len == 0)
			spawned_close(&h->pfctl.in); /* pfctl acts */
		if (h->pfctl.pid > 0 && spawned_has_ended(&h->pfctl, &status)) {
			note_end(h, status);
			continue;
		}
		if (h->pfctl.pid > 0 && (is_late || h->is_broken))
			spawned_kill(&h->pfctl);
		wait_and_move(h);
	}
	if (h->pfctl.out >= 0)
		listen_to(h); /* its last words */
	spawned_close(&h->pfctl.in);
	spawned_close(&h->pfctl.out);
}

static bool tell(struct helper *h)
{
	uint8_t bytes[RESULT_BYTES];
	size_t at = 0;

	result_write(bytes, &h->result);
	while (at < sizeof(bytes)) {
		ssize_t put = write(h->socket, bytes + at, sizeof(bytes) - at);

		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0)
			at += (size_t)put;
	}
	return true;
}

static bool do_run(struct helper *h, enum run_kind kind)
{
	int err;

	h->was_deaf = false;
	h->lines_at = h->lines_len = 0;
	h->result = (struct result){ .outcome = RESULT_DONE };
	is_late = 0;
	handle(SIGALRM, SIG_IGN); /* forgets one that was held back */
	handle(SIGALRM, on_alarm);
	(void)alarm(h->conf->timeout_s);
	err = spawned_start(&h->pfctl, h->conf->pfctl, h->conf->table, run_name(kind));
	if (err != 0) {
		h->result.outcome = RESULT_NO_START;
		h->result.number = (uint8_t)err;
		h->was_deaf = true;
	}
	read_nets(h);
	attend(h);
	(void)alarm(0);
	return !h->is_broken && tell(h);
}

int helper_run(int socket, const struct helper_conf *c)
{
	struct helper h = { .conf = c, .socket = socket, .pfctl = { 0, -1, -1 } };
	enum run_kind kind;

	prepare_signals(&h);
	if (!admit_os_confine(c->pfctl))
		return 1;
	for (;;) {
		while (h.in_len < REQUEST_BYTES)
			if (!read_some(&h))
				return h.in_len == 0 ? 0 : 1;
		if (!request_read_run(h.in, &c->limits, &kind, &h.lacks))
			return 1;
		used_up(&h, REQUEST_BYTES);
		if (!do_run(&h, kind))
			return 1;
	}
}
