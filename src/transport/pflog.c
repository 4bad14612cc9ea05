/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pflog.c - pf's log: an interface, through libpcap, or a capture as it is written
 *
 * The operator's filter is compiled for raw IP and run here, on the packet behind the
 * record's header. libpcap can compile it for the record, too, but only with this host's
 * number for IPv6, which is wrong for a capture of another system. What does not match is
 * copied out of the kernel for nothing; a log of one port holds little of that.
 */
#include "transport/pflog.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap.h>

#include "transport/tape_int.h"
#include "wire/pflog.h"

_Static_assert(TAPE_COPY_BYTES == 256 + PFLOG_COPY_BYTES, "the longest header fits");

enum {
	RECORDS_PER_READ = 4 * PFLOG_BATCH,
	SNAPLEN = TAPE_COPY_BYTES,
	KERNEL_BYTES = 1 << 20,
};

struct pflog_tap {
	pcap_t             *pcap;       /* owned; NULL = `tape` is read */
	struct bpf_program  filter;
	bool                has_filter; /* then `filter` is to be freed */
	int                 fd;
	int                 ended;      /* negative errno, once nothing more can come */
	struct pflog_counts counts;
	char                why[PFLOG_WHY_MAX];
	uint8_t             copy[PFLOG_BATCH][PFLOG_COPY_BYTES];
	struct tape         tape;
};

__attribute__((format(printf, 3, 4)))
static enum pflog_trouble fail(enum pflog_trouble t, char *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, PFLOG_WHY_MAX, fmt, ap);
	va_end(ap);
	return t;
}

static enum pflog_trouble check_link(int number, char *why)
{
	const char *name = pcap_datalink_val_to_name(number);

	if (number == DLT_PFLOG)
		return PFLOG_FINE;
	return fail(PFLOG_FOREIGN, why, "this is no log of pf but link type %s (%d)",
		    name ? name : "without name", number);
}

static enum pflog_trouble open_tape(struct pflog_tap *t, const char *path, char *why)
{
	int err = tape_open(&t->tape, path);

	t->fd = t->tape.fd;
	switch (err) {
	case 0:
		return check_link((int)t->tape.link, why);
	case -EILSEQ:
		return fail(PFLOG_FOREIGN, why,
			    "unknown file format: wanted is pcap, as tcpdump -U -w "
			    "writes it");
	case -EACCES:
		return fail(PFLOG_FORBIDDEN, why, "%s", strerror(-err));
	default:
		return fail(PFLOG_ABSENT, why, "%s", strerror(-err));
	}
}

static enum pflog_trouble trouble_of(int status)
{
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
	case PCAP_ERROR_IFACE_NOT_UP:
		return PFLOG_ABSENT;
	case PCAP_ERROR_PERM_DENIED:
		return PFLOG_FORBIDDEN;
	default:
		return PFLOG_BROKEN;
	}
}

/* Immediate mode: BPF would otherwise wait until its buffer is full. */
static enum pflog_trouble open_interface(struct pflog_tap *t, const char *name, char *why)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	int status;

	t->pcap = pcap_create(name, error);
	if (!t->pcap)
		return fail(PFLOG_BROKEN, why, "%s", error);
	(void)pcap_set_snaplen(t->pcap, SNAPLEN);
	(void)pcap_set_promisc(t->pcap, 0);
	(void)pcap_set_immediate_mode(t->pcap, 1);
	(void)pcap_set_buffer_size(t->pcap, KERNEL_BYTES);
	status = pcap_activate(t->pcap);
	if (status < 0)
		return fail(trouble_of(status), why, "%s",
			    pcap_geterr(t->pcap)[0] ? pcap_geterr(t->pcap)
						    : pcap_statustostr(status));
	if (pcap_setnonblock(t->pcap, 1, error) < 0)
		return fail(PFLOG_BROKEN, why, "%s", error);
	t->fd = pcap_get_selectable_fd(t->pcap);
	if (t->fd < 0)
		return fail(PFLOG_BROKEN, why, "it cannot be waited for");
	return check_link(pcap_datalink(t->pcap), why);
}

static bool is_no_filter(const char *text)
{
	return text[strspn(text, " \t")] == '\0';
}

static enum pflog_trouble compile_filter(struct bpf_program *out, const char *text,
					 char *why)
{
	enum pflog_trouble trouble = PFLOG_FINE;
	pcap_t *raw = pcap_open_dead(DLT_RAW, PFLOG_COPY_BYTES);

	if (!raw)
		return fail(PFLOG_BROKEN, why, "out of memory");
	if (pcap_compile(raw, out, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		trouble = fail(PFLOG_BAD_FILTER, why, "%s", pcap_geterr(raw));
	pcap_close(raw);
	return trouble;
}

enum pflog_trouble pflog_check_filter(const char *filter, char *why)
{
	enum pflog_trouble trouble;
	struct bpf_program program;

	if (is_no_filter(filter))
		return PFLOG_FINE;
	trouble = compile_filter(&program, filter, why);
	if (trouble == PFLOG_FINE)
		pcap_freecode(&program);
	return trouble;
}

enum pflog_trouble pflog_open(struct pflog_tap **out, const struct pflog_conf *c,
			      char *why)
{
	struct pflog_tap *t = calloc(1, sizeof(*t));
	enum pflog_trouble trouble = PFLOG_FINE;

	*out = NULL;
	if (!t)
		return fail(PFLOG_BROKEN, why, "out of memory");
	t->tape.fd = -1;
	if (!is_no_filter(c->filter)) {
		trouble = compile_filter(&t->filter, c->filter, why);
		t->has_filter = trouble == PFLOG_FINE;
	}
	if (trouble == PFLOG_FINE && strchr(c->source, '/'))
		trouble = open_tape(t, c->source, why);
	else if (trouble == PFLOG_FINE)
		trouble = open_interface(t, c->source, why);
	if (trouble == PFLOG_FINE)
		*out = t;
	else
		pflog_close(t);
	return trouble;
}

void pflog_close(struct pflog_tap *t)
{
	if (!t)
		return;
	if (t->has_filter)
		pcap_freecode(&t->filter);
	if (t->pcap)
		pcap_close(t->pcap);
	tape_close(&t->tape);
	free(t);
}

int pflog_fd(const struct pflog_tap *t)
{
	return t->fd;
}

static bool passes_filter(const struct pflog_tap *t, const struct pcap_pkthdr *h,
			  const struct pflog *record)
{
	struct pcap_pkthdr inner = *h;

	if (!t->has_filter)
		return true;
	inner.len -= h->caplen - (bpf_u_int32)record->len;
	inner.caplen = (bpf_u_int32)record->len;
	return pcap_offline_filter(&t->filter, &inner, record->ip) != 0;
}

/* False when the record is none for the caller; then it has been counted. */
static bool take(struct pflog_tap *t, const struct pcap_pkthdr *h, const u_char *bytes,
		 struct held *out, uint8_t *copy)
{
	struct pflog record;

	if (!pflog_parse(bytes, h->caplen, &record) ||
	    (record.action != PFLOG_PASS && record.action != PFLOG_BLOCK) ||
	    record.direction == PFLOG_EITHER) {
		t->counts.odd++;
		return false;
	}
	if (record.direction == PFLOG_OUT) {
		t->counts.outgoing++;
		return false;
	}
	if (!passes_filter(t, h, &record)) {
		t->counts.filtered++;
		return false;
	}
	*out = (struct held){ .fate = record.action == PFLOG_PASS ? HELD_PASSED
								  : HELD_BLOCKED };
	out->len = record.len < PFLOG_COPY_BYTES ? record.len : PFLOG_COPY_BYTES;
	out->bytes = copy;
	memcpy(copy, record.ip, out->len);
	t->counts.packets++;
	return true;
}

static void note_end(struct pflog_tap *t, int err, const char *why)
{
	snprintf(t->why, sizeof(t->why), "%s", why);
	t->ended = err;
}

/* False: there is none, or no more. */
static bool next_of_interface(struct pflog_tap *t, struct pcap_pkthdr *h,
			      const uint8_t **bytes)
{
	struct pcap_pkthdr *header;
	int got = pcap_next_ex(t->pcap, &header, bytes);

	if (got < 0)
		note_end(t, -EIO, pcap_geterr(t->pcap));
	if (got == 1)
		*h = *header;
	return got == 1;
}

static bool next_of_tape(struct pflog_tap *t, struct pcap_pkthdr *h,
			   const uint8_t **bytes)
{
	struct tape_record record;

	switch (tape_next(&t->tape, &record)) {
	case TAPE_RECORD:
		*h = (struct pcap_pkthdr){ .caplen = record.len, .len = record.whole };
		*bytes = record.bytes;
		return true;
	case TAPE_NOTHING:
		break;
	case TAPE_END:
		note_end(t, -EPIPE, "the capture is at its end");
		break;
	case TAPE_TRUNCATED:
		note_end(t, -EIO, "the capture is truncated: it ends within a record");
		break;
	case TAPE_DAMAGED:
		note_end(t, -EIO, "the capture is damaged: a record is too long");
		break;
	case TAPE_BROKEN:
		note_end(t, -EIO, strerror(errno));
		break;
	}
	return false;
}

int pflog_read(struct pflog_tap *t, struct held batch[PFLOG_BATCH], bool *drained)
{
	int packets = 0;

	*drained = false;
	for (unsigned i = 0; i < RECORDS_PER_READ && packets < PFLOG_BATCH; i++) {
		struct pcap_pkthdr header;
		const uint8_t *bytes;

		*drained = t->ended != 0 ||
			   !(t->pcap ? next_of_interface(t, &header, &bytes)
				     : next_of_tape(t, &header, &bytes));
		if (*drained)
			break;
		if (take(t, &header, bytes, &batch[packets], t->copy[packets]))
			packets++;
	}
	/* What was read comes first; the end shows in the next read. */
	return packets == 0 && t->ended != 0 ? t->ended : packets;
}

const char *pflog_why(const struct pflog_tap *t)
{
	return t->why;
}

struct pflog_counts pflog_count(const struct pflog_tap *t)
{
	struct pflog_counts counts = t->counts;
	struct pcap_stat stat;

	/* Refused at some systems for interfaces that went away. */
	if (t->pcap && pcap_stats(t->pcap, &stat) == 0)
		counts.drops = (uint64_t)stat.ps_drop + stat.ps_ifdrop;
	return counts;
}
