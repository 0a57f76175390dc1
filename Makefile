# make demo    installs what is missing, builds regsift and analyses a sample
# make check   installs what is missing and runs the tests
# make lint    checks the layout of the sources
# make format  puts it right
# make install PREFIX=/usr/local

PREFIX = /usr/local
STATIC = $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)
SWIFT_SOURCES = Package.swift Sources Tests Fuzz

.PHONY: demo check lint format install

demo:
	@scripts/demo

check:
	@scripts/check

lint:
	swift format lint --strict --recursive $(SWIFT_SOURCES)

format:
	swift format format --in-place --recursive $(SWIFT_SOURCES)

# With Swift's runtime inside, the program runs where there is no toolchain.
install:
	scripts/setup
	swift build -c release --product regsift $(STATIC)
	install -D -m 755 .build/release/regsift $(DESTDIR)$(PREFIX)/bin/regsift
	install -D -m 644 man/regsift.1 $(DESTDIR)$(PREFIX)/share/man/man1/regsift.1
	install -D -m 644 packaging/regsift.service $(DESTDIR)$(PREFIX)/lib/systemd/system/regsift.service
	sed -i 's|/usr/local/bin/|$(PREFIX)/bin/|' $(DESTDIR)$(PREFIX)/lib/systemd/system/regsift.service
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/regsift/examples \
	  packaging/regsift.default packaging/regsift.logrotate packaging/switch.yaml
