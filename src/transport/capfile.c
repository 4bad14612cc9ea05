/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capfile.c - capture files, through libpcap
 */
#include "transport/capfile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

/* A time beyond it (the year 2242) is damage, and would overflow sooner or later. */
#define SECONDS_MAX (INT64_C(1) << 33)

struct capfile {
	pcap_t        *pcap; /* owned */
	enum link_kind link;
	uint64_t       count;
};

/* The numbers of www.tcpdump.org/linktypes.html; those of raw IP before it had one differ
 * between systems, and stand in their files. */
static const struct {
	int            number;
	enum link_kind kind;
} links[] = {
	{ DLT_EN10MB, LINK_ETHERNET },
	{ DLT_LINUX_SLL, LINK_COOKED },
	{ DLT_LINUX_SLL2, LINK_COOKED2 },
	{ DLT_RAW, LINK_RAW },
	{ 12, LINK_RAW },
	{ 14, LINK_RAW }, /* OpenBSD */
	{ 101, LINK_RAW },
	{ DLT_IPV4, LINK_RAW },
	{ DLT_IPV6, LINK_RAW },
	{ DLT_NULL, LINK_NULL },
	{ DLT_LOOP, LINK_NULL },
	{ DLT_NFLOG, LINK_NFLOG },
	{ DLT_PFLOG, LINK_PFLOG },
};

/* What a capture was compressed by; libpcap reads none of them. */
static const struct {
	const char *bytes;
	size_t      len;
	const char *program;
} packed[] = {
	{ "\x1f\x8b", 2, "gzip" },
	{ "BZh", 3, "bzip2" },
	{ "\xfd" "7zXZ", 5, "xz" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd" },
	{ "\x04\x22\x4d\x18", 4, "lz4" },
};

__attribute__((format(printf, 3, 4)))
static enum capfile_state fail(enum capfile_state state, char *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, CAPFILE_WHY_MAX, fmt, ap);
	va_end(ap);
	return state;
}

static enum capfile_state find_link(struct capfile *c, char *why)
{
	int number = pcap_datalink(c->pcap);
	const char *name = pcap_datalink_val_to_name(number);

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (links[i].number == number) {
			c->link = links[i].kind;
			return CAPFILE_FINE;
		}
	}
	return fail(CAPFILE_DAMAGED, why,
		    "link type %s (%d) is not known here: capture Ethernet, Linux "
		    "cooked, raw IP, loopback, NFLOG or pflog",
		    name ? name : "without name", number);
}

/* `error` is what libpcap says of the stream. A pipe cannot be read once more. */
static enum capfile_state fail_stream(FILE *stream, const char *error, char *why)
{
	char head[8];
	size_t got = 0;

	if (fseek(stream, 0, SEEK_SET) == 0)
		got = fread(head, 1, sizeof(head), stream);
	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (got >= packed[i].len &&
		    memcmp(head, packed[i].bytes, packed[i].len) == 0)
			return fail(CAPFILE_DAMAGED, why,
				    "compressed: let %s -dc FILE | mxallowd --replay - "
				    "read it",
				    packed[i].program);
	return fail(CAPFILE_DAMAGED, why, "%s", error);
}

enum capfile_state capfile_open_stream(struct capfile **out, FILE *stream, char *why)
{
	struct capfile *c = calloc(1, sizeof(*c));
	char error[PCAP_ERRBUF_SIZE] = "";
	enum capfile_state state;

	*out = NULL;
	if (c)
		c->pcap = pcap_fopen_offline_with_tstamp_precision(
			stream, PCAP_TSTAMP_PRECISION_NANO, error);
	if (!c || !c->pcap) {
		state = fail_stream(stream, c ? error : "out of memory", why);
		fclose(stream);
		free(c);
		return state;
	}
	state = find_link(c, why);
	if (state == CAPFILE_FINE)
		*out = c;
	else
		capfile_close(c);
	return state;
}

enum capfile_state capfile_open(struct capfile **out, const char *path, char *why)
{
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

	*out = NULL;
	if (!stream)
		return fail(CAPFILE_ABSENT, why, "%s", strerror(errno));
	return capfile_open_stream(out, stream, why);
}

void capfile_close(struct capfile *c)
{
	if (!c)
		return;
	pcap_close(c->pcap);
	free(c);
}

enum link_kind capfile_link(const struct capfile *c)
{
	return c->link;
}

/* With PCAP_TSTAMP_PRECISION_NANO the microseconds are nanoseconds. Of the format pcap,
 * whose seconds have 32 bits and no sign, libpcap makes negative ones from 2038 on. */
static bool read_time(const struct capfile *c, const struct pcap_pkthdr *h, int64_t *ms)
{
	int64_t seconds = h->ts.tv_sec, ns = h->ts.tv_usec;

	if (seconds < 0 && pcap_major_version(c->pcap) == PCAP_VERSION_MAJOR)
		seconds += INT64_C(1) << 32;
	if (seconds < 0 || seconds > SECONDS_MAX || ns < 0 || ns >= 1000000000)
		return false;
	*ms = seconds * 1000 + ns / 1000000;
	return true;
}

enum capfile_state capfile_read(struct capfile *c, struct capture *out, char *why)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int got = pcap_next_ex(c->pcap, &header, &bytes);

	if (got == PCAP_ERROR_BREAK)
		return CAPFILE_END;
	out->number = ++c->count;
	if (got != 1)
		return fail(CAPFILE_DAMAGED, why, "%s", pcap_geterr(c->pcap));
	if (!read_time(c, header, &out->ms))
		return fail(CAPFILE_DAMAGED, why, "its time makes no sense");
	out->bytes = bytes;
	out->len = header->caplen;
	return CAPFILE_FINE;
}
