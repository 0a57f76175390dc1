// The yardstick of scripts/benchmark: reads a capture with libpcap and does nothing with it.

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: libpcap-loop CAPTURE\n", stderr);
    return 2;
  }
  char reason[PCAP_ERRBUF_SIZE];
  pcap_t *capture = pcap_open_offline(argv[1], reason);
  if (capture == NULL) {
    fprintf(stderr, "libpcap-loop: %s: %s\n", argv[1], reason);
    return 2;
  }
  struct pcap_pkthdr *header;
  const u_char *bytes;
  uint64_t packets = 0;
  uint64_t octets = 0;
  int result;
  while ((result = pcap_next_ex(capture, &header, &bytes)) == 1) {
    packets += 1;
    octets += header->caplen;
  }
  if (result == PCAP_ERROR) {
    fprintf(stderr, "libpcap-loop: %s: %s\n", argv[1], pcap_geterr(capture));
  }
  pcap_close(capture);
  printf("%" PRIu64 " packets, %" PRIu64 " bytes\n", packets, octets);
  return result == PCAP_ERROR ? 2 : 0;
}
