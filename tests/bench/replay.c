/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - packets a second through --replay, and through libpcap alone
 *
 * usage: replay FILE CONFIG DAEMON ROUNDS
 * Writes a capture of a million packets to FILE: Ethernet, 250 000 bots that each repeat
 * one SYN three times, as Linux does when nobody answers (`bots`), and the same number of
 * attempts of which each is another one, a tenth of them knocks (`attempts`). All output
 * goes to /dev/null, CPU time counts.
 */
#include <fcntl.h>
#include <pcap/pcap.h>

#include "bench.h"
#include "base/reader.h"

enum { PACKETS = 1000000, FRAME = 60, REPEATS = 4, SNAPLEN = 262144 };

static void write_frame(uint8_t frame[FRAME], uint32_t source, uint32_t attempt,
			uint8_t last)
{
	static const uint8_t ethernet[14] = { 2, [5] = 2, [6] = 2, [11] = 1, 8, 0 };
	struct writer w = writer_over(frame, FRAME);

	memset(frame, 0, FRAME);
	write_bytes(&w, ethernet, sizeof(ethernet));
	write_be32(&w, 0x45000028);
	write_be32(&w, 0x00004000);
	write_be32(&w, 0x40060000);
	write_be32(&w, 0x14000000 + source);
	write_be32(&w, 0xc0000200 + last);
	write_be16(&w, (uint16_t)(1024 + attempt % 60000));
	write_be16(&w, 25);
	write_be32(&w, attempt * 2654435761U);
	write_be32(&w, 0);
	write_be16(&w, 0x5002);
	write_be16(&w, 64240);
}

/* In the order they would come: the repetitions of one SYN are far apart. */
static void write_packet(FILE *f, uint32_t number, bool is_bots)
{
	struct {
		uint32_t seconds, us, kept, len;
	} record = { 1700000000 + number / 500, number % 500 * 2000, FRAME, FRAME };
	uint32_t attempt = is_bots ? number % 500 + number / 2000 * 500 : number;
	uint8_t frame[FRAME];

	write_frame(frame, attempt * 7919 % PACKETS, attempt,
		    !is_bots && number % 10 == 0 ? 3 : 4);
	if (fwrite(&record, sizeof(record), 1, f) != 1 ||
	    fwrite(frame, sizeof(frame), 1, f) != 1)
		give_up("write");
}

static void write_capture(const char *path, bool is_bots)
{
	static const uint32_t head[6] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, SNAPLEN, 1 };
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(head, sizeof(head), 1, f) != 1)
		give_up(path);
	for (uint32_t i = 0; i < PACKETS; i++)
		write_packet(f, i, is_bots);
	if (fclose(f) != 0)
		give_up(path);
}

static uint64_t own_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static uint64_t read_alone(const char *path)
{
	uint64_t start = own_cpu_ns();
	char error[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p = pcap_open_offline(path, error);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	unsigned seen = 0;

	while (p && pcap_next_ex(p, &header, &bytes) == 1)
		seen++;
	if (seen != PACKETS)
		give_up("libpcap does not read the capture");
	pcap_close(p);
	return own_cpu_ns() - start;
}

static uint64_t replayed(const char *path, const char *config, const char *daemon)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct rusage u;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(nowhere, STDOUT_FILENO);
		execl(daemon, daemon, "--replay", path, "-c", config, "-f", "192.0.2.3",
		      "-r", "192.0.2.4", (char *)NULL);
		_exit(127);
	}
	close(nowhere);
	if (pid < 0 || wait4(pid, &status, 0, &u) != pid || status != 0)
		give_up("the daemon does not replay the capture");
	return timeval_ns(&u.ru_utime) + timeval_ns(&u.ru_stime);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "attempts", "bots" };
	unsigned long rounds;

	if (argc != 5) {
		fprintf(stderr, "usage: replay file config daemon rounds\n");
		return 64;
	}
	rounds = to_number(argv[4]);
	for (unsigned n = 0; n < 2; n++) {
		write_capture(argv[1], n == 1);
		for (unsigned long i = 0; i < rounds; i++) {
			uint64_t alone = read_alone(argv[1]);
			uint64_t whole = replayed(argv[1], argv[2], argv[3]);

			printf("replay.%s.rate %.0f\n", names[n],
			       PACKETS / (double)whole * 1e9);
			printf("replay.%s.ns %.1f\n", names[n], (double)whole / PACKETS);
			printf("replay.%s.pcap %.1f\n", names[n],
			       (double)alone / PACKETS);
		}
	}
	return 0;
}
