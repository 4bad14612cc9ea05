# SPDX-License-Identifier: GPL-2.0-or-later
# Hand-written; `make help` says what there is. Objects and programs go to $(BUILD).

.DEFAULT_GOAL = all
BUILD = build

# config.mk knows compiler and libraries. Make makes it when it is missing or old.
ifeq ($(filter help clean distclean,$(MAKECMDGOALS)),)
-include config.mk
endif

configure: configure.ac
	@echo "  GEN   configure"
	@autoreconf --force --install

config.mk: configure config.mk.in
	@echo "  GEN   config.mk"
	@./configure --quiet $(CONFIGURE_ARGS)
	@touch config.mk

config.h: config.mk ;

# --- sources, layer by layer (HACKING.md draws how they depend on each other) --

# What differs between systems is in files x_linux.c and x_bsd.c, of which one is built.
FAMILY   = $(if $(filter linux,$(PLATFORM)),linux,bsd)
STRANGER = $(if $(filter linux,$(PLATFORM)),bsd,linux)

BASE      = addr netmap reader ring text tick
WIRE      = dnsname link pflog pkt proto tcpgen
CORE      = change cutter entry explain gate line lists marks policy pool proof queues quota \
	    reason recent record restore siblings tally tally_look tally_shelf votes
CONF      = begin canon canon_section check check_sections compile complain file input lexer \
	    listentry listfile nearest options print sections value value_text votes
THREAD    = bell thread thread_$(FAMILY)
LOG       = log
TRANSPORT = capfile pflog tape $(if $(filter pf,$(SOURCE)),,nfqueue nfqueue_parse)
RESOLVER  = asked lookup resolver
INJECT    = $(if $(filter pf,$(SOURCE)),,inject proof tarpit)
ADMIT     = admit admit_null admit_os_$(ADMIT_OS) admit_pf helper netset request spawn
STORE     = $(patsubst src/store/%.c,%,$(wildcard src/store/*.c))
PRIV      = places priv priv_$(PLATFORM) user \
	    $(if $(filter linux,$(PLATFORM)),calls caps files filter)
SOCK      = $(patsubst src/sock/%.c,%,$(wildcard src/sock/*.c))
DAEMON    = app arguments clock commands commands_import commands_report commands_source \
	    commands_status commands_walk confine counters detach findings keeper keeper_news \
	    keeper_row loop namebook notify pace plan reload replay replies_$(SOURCE) report rules rules_pf sockets source_$(SOURCE) \
	    start stats totals turn warn watch $(if $(filter pf,$(SOURCE)),admissions)
DAEMON   += clock_$(FAMILY) cpu_$(FAMILY)
CTL       = args check json link prometheus report row show why

PURE_OBJS  = $(addprefix base/,$(BASE)) $(addprefix wire/,$(WIRE)) $(addprefix core/,$(CORE))
SHELL_OBJS = $(addprefix conf/,$(CONF)) $(addprefix log/,$(LOG)) \
	     $(addprefix thread/,$(THREAD)) \
	     $(addprefix transport/,$(TRANSPORT)) $(addprefix resolver/,$(RESOLVER)) \
	     $(addprefix inject/,$(INJECT)) $(addprefix admit/,$(ADMIT)) \
	     $(addprefix sock/,$(filter-out %_$(STRANGER),$(SOCK))) \
	     $(addprefix store/,$(STORE)) $(addprefix priv/,$(PRIV)) \
	     $(addprefix daemon/,$(DAEMON))

LIBCORE  = $(BUILD)/libcore.a
LIBSHELL = $(BUILD)/libshell.a
LIBCTL   = $(BUILD)/libctl.a

# --- flags -------------------------------------------------------------------

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef \
       -Wcast-qual -Wwrite-strings -Wformat=2 -Wswitch-enum -Wpointer-arith
ifeq ($(CI),true)
WARN += -Werror
endif

# SANITIZE=address,undefined or SANITIZE=thread; give it a BUILD of its own.
ifneq ($(SANITIZE),)
SAN = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
# Fortified headers and sanitizers watch the same calls and do not mix.
FORTIFY = $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)

# All that a system has: glibc, and NetBSD, offer it to who asks; the others do anyway.
SYSTEM_CPPFLAGS = $(if $(filter linux,$(PLATFORM)),-D_GNU_SOURCE,-D_NETBSD_SOURCE)

# In the code it is a number, so that both sides are compiled and no #if is needed.
WITH_PF = $(if $(filter pf,$(SOURCE)),1,0)

ALL_CPPFLAGS = -Iinclude -Isrc -include config.h $(SYSTEM_CPPFLAGS) -DWITH_PF=$(WITH_PF) $(FORTIFY) \
	       $(LIB_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS   = -std=c11 -pthread $(WARN) $(HARDEN_CFLAGS) $(CFLAGS) $(SAN)
ALL_LDFLAGS  = -pthread $(HARDEN_LDFLAGS) $(LDFLAGS) $(SAN)

ifeq ($(V),1)
Q =
say = @:
else
Q = @
say = @echo "  $(1)"
endif

# --- programs ----------------------------------------------------------------

.PHONY: all
all: $(BUILD)/mxallowd $(BUILD)/mxallowctl

$(BUILD)/mxallowd: $(BUILD)/daemon/main.o $(LIBSHELL) $(LIBCORE)
	$(call say,LD    $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/mxallowctl: $(BUILD)/ctl/main.o $(LIBCTL) $(LIBCORE)
	$(call say,LD    $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/conf/options.o: ALL_CPPFLAGS += -DPFCTL='"$(PFCTL)"' -DSTATE_DIR='"$(STATE_DIR)"'
$(BUILD)/conf/options.o $(BUILD)/ctl/args.o: ALL_CPPFLAGS += -DRUN_DIR='"$(RUN_DIR)"'
$(BUILD)/ctl/check.o: ALL_CPPFLAGS += -DSBINDIR='"$(sbindir)"'

$(LIBCTL): $(CTL:%=$(BUILD)/ctl/%.o)
$(LIBCORE): $(PURE_OBJS:%=$(BUILD)/%.o)
$(LIBSHELL): $(SHELL_OBJS:%=$(BUILD)/%.o)
$(LIBCORE) $(LIBSHELL) $(LIBCTL):
	$(call say,AR    $@)
	$(Q)rm -f $@
	$(Q)$(AR) rc $@ $^
	$(Q)$(RANLIB) $@

$(BUILD)/%.o: src/%.c config.h config.mk
	$(call say,CC    $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# --- tests -------------------------------------------------------------------

# Of the transport that is not built.
FOREIGN    = $(if $(filter pf,$(SOURCE)),$(addprefix tests/,fuzz/fuzz_nfqueue.c \
	     fuzz/fuzz_proof.c fuzz/fuzz_tarpit.c unit/test_proof.c unit/test_tarpit.c))

UNIT_TESTS = $(patsubst tests/%.c,$(BUILD)/tests/%,$(filter-out \
	     $(FOREIGN),$(wildcard tests/unit/test_*.c)))
PROP_TESTS = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/prop/prop_*.c))
FUZZERS    = $(patsubst tests/%.c,$(BUILD)/tests/%,$(filter-out \
	     $(FOREIGN),$(wildcard tests/fuzz/fuzz_*.c)))
PROBES     = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/netns/probes/*.c))
PRELOADS   = $(patsubst tests/%.c,$(BUILD)/tests/%.so,$(wildcard tests/netns/preload/*.c))
PLAYER     = $(BUILD)/tests/replay/play
BENCHES    = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/bench/*.c))

$(BUILD)/tests/%.o: tests/%.c config.h config.mk
	$(call say,CC    $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(CHECK_CFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(UNIT_TESTS): %: %.o $(LIBSHELL) $(LIBCTL) $(LIBCORE)
	$(call say,LD    $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(CHECK_LIBS)

$(PROP_TESTS) $(PLAYER): %: %.o $(LIBSHELL) $(LIBCORE)
	$(call say,LD    $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(FUZZERS): %: %.o $(BUILD)/tests/fuzz/eat.o $(LIBSHELL) $(LIBCORE)
	$(call say,LD    $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(PROBES) $(BENCHES): %: %.o $(LIBSHELL) $(LIBCORE)
	$(call say,LD    $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Loaded into a process of any kind: no sanitizers.
$(PRELOADS): $(BUILD)/tests/%.so: tests/%.c
	$(call say,CC    $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE -std=c11 $(WARN) $(CFLAGS) -fPIC -shared -o $@ $<

.PHONY: tests check check-netns check-sandbox bench fuzz
tests: all $(UNIT_TESTS) $(PROP_TESTS) $(FUZZERS) $(PLAYER) $(PROBES) $(PRELOADS)

# Without network and without root: seconds. `make check SOURCE=pf BUILD=build-pf` for the
# other transport, with tests of its own.
check: tests
	@BUILD=$(BUILD) SOURCE=$(SOURCE) CC="$(CC)" tests/run lint unit prop replay pcap paper \
		conf fuzz $(filter pf,$(SOURCE))

# Real packets in throw-away network namespaces, still without root: minutes. Most of it is
# waiting, so several run at a time.
JOBS = 4
check-netns: tests
	@BUILD=$(BUILD) JOBS=$(JOBS) tests/run netns

# The same, with other users there: the daemon becomes one of them.
check-sandbox: tests
	@BUILD=$(BUILD) JOBS=$(JOBS) SANDBOX=1 tests/run netns

bench: all $(BENCHES) $(BUILD)/tests/netns/probes/bot $(BUILD)/tests/netns/probes/raw
	@BUILD=$(BUILD) tests/bench/run

# Everything at once, for ten minutes or what SECONDS says; BUILD=build-asan
# SANITIZE=address,undefined as well, or it finds little.
.PHONY: soak
soak: SECONDS = 600
soak: all $(PROBES)
	@BUILD=$(BUILD) tests/soak/run $(SECONDS)

# make fuzz T=pkt [SECONDS=60]: libFuzzer when clang is there.
SECONDS = 60
fuzz:
	@tests/fuzz/hunt "$(T)" $(SECONDS)

# --- installation and release --------------------------------------------------

INSTALL = install
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
bashcompdir = $(datarootdir)/bash-completion/completions
zshcompdir  = $(datarootdir)/zsh/site-functions

# Those that come along know the options of a build for NFQUEUE.
COMPLETION = $(if $(filter pf,$(SOURCE)),$(BUILD)/completion,contrib/completion)
$(BUILD)/completion: all
	$(Q)mkdir -p $@
	$(Q)BUILD=$(BUILD) contrib/completion/make $@

.PHONY: install dist clean distclean help
install: all $(filter $(BUILD)/%,$(COMPLETION))
	$(INSTALL) -d $(DESTDIR)$(sbindir) $(DESTDIR)$(sysconfdir) \
		$(DESTDIR)$(mandir)/man8 $(DESTDIR)$(mandir)/man7 $(DESTDIR)$(mandir)/man5 \
		$(DESTDIR)$(mandir)/man1 $(DESTDIR)$(docdir)/examples $(DESTDIR)$(docdir)/voters $(DESTDIR)$(bashcompdir) $(DESTDIR)$(zshcompdir) \
		$(DESTDIR)$(docdir)/init $(DESTDIR)$(sysusersdir) $(DESTDIR)$(tmpfilesdir)
	$(INSTALL) -m 755 $(BUILD)/mxallowd $(BUILD)/mxallowctl $(DESTDIR)$(sbindir)
	$(INSTALL) -m 644 man/mxallowd.8 $(DESTDIR)$(mandir)/man8/mxallowd.8
	$(INSTALL) -m 644 man/mxallowctl.8 $(DESTDIR)$(mandir)/man8/mxallowctl.8
	$(INSTALL) -m 644 man/mxallowd-protocol.7 $(DESTDIR)$(mandir)/man7/mxallowd-protocol.7
	$(INSTALL) -m 644 man/mxallowd.conf.5 $(DESTDIR)$(mandir)/man5/mxallowd.conf.5
	$(INSTALL) -m 644 man/mxallowd.1 $(DESTDIR)$(mandir)/man1/mxallowd.1
	$(INSTALL) -m 644 README NEWS.md SECURITY.md $(DESTDIR)$(docdir)
	$(INSTALL) -m 644 etc/firewall/* etc/examples/* etc/mxallowd.service \
		$(DESTDIR)$(docdir)/examples
	$(INSTALL) -m 755 contrib/init/* $(DESTDIR)$(docdir)/init
	$(INSTALL) -m 644 etc/mxallowd.sysusers $(DESTDIR)$(sysusersdir)/mxallowd.conf
	$(INSTALL) -m 644 etc/mxallowd.tmpfiles $(DESTDIR)$(tmpfilesdir)/mxallowd.conf
	$(INSTALL) -m 755 contrib/voters/mxallowd-vote $(DESTDIR)$(docdir)/voters
	$(INSTALL) -m 644 contrib/voters/mimedefang.pl contrib/voters/*/* $(DESTDIR)$(docdir)/voters
	for program in mxallowd mxallowctl; do \
		$(INSTALL) -m 644 $(COMPLETION)/$$program.bash \
			$(DESTDIR)$(bashcompdir)/$$program && \
		$(INSTALL) -m 644 $(COMPLETION)/_$$program $(DESTDIR)$(zshcompdir) || exit; \
	done
	test -e $(DESTDIR)$(sysconfdir)/mxallowd.conf || \
		$(INSTALL) -m 644 etc/mxallowd.conf $(DESTDIR)$(sysconfdir)/mxallowd.conf

DIST = mxallowd-$(VERSION)
dist: configure
	$(Q)rm -rf $(BUILD)/$(DIST)
	$(Q)mkdir -p $(BUILD)/$(DIST)
	$(Q)git ls-files | tar -cf - -T - | tar -xf - -C $(BUILD)/$(DIST)
	$(Q)cp configure config.h.in $(BUILD)/$(DIST)/
	$(Q)tar -C $(BUILD) --owner=0 --group=0 --sort=name -czf $(DIST).tar.gz $(DIST)
	@echo "$(DIST).tar.gz"

clean:
	rm -rf build build-*

distclean: clean
	rm -rf config.mk config.h config.h.in config.h.in~ config.log config.status configure configure~ \
		autom4te.cache aclocal.m4 mxallowd-*.tar.gz

help:
	@echo "all           build $(BUILD)/mxallowd and $(BUILD)/mxallowctl (default)"
	@echo "check         lint, unit, property, story, capture, configuration and corpus tests"
	@echo "check-netns   tests on real packets in throw-away network namespaces"
	@echo "check-sandbox the same, the daemon confined and another user than root"
	@echo "bench         measure; KEEP=1 adds the table to tests/bench/RESULTS"
	@echo "soak          all troubles at once for SECONDS=600; wants BUILD=build-asan SANITIZE=..."
	@echo "fuzz T=name   hunt with libFuzzer for SECONDS=60; names in tests/fuzz/fuzz_*.c"
	@echo "install       DESTDIR= prefix="
	@echo "dist          source tarball"
	@echo "clean distclean"
	@echo ""
	@echo "V=1 shows commands; SANITIZE=address,undefined BUILD=build-asan builds with sanitizers;"
	@echo "CI=true makes warnings errors"

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
