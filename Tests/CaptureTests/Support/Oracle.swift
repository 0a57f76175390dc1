import CLibpcap
import Glibc

/// What libpcap makes of a file: the answer that this module's is compared with.
struct Oracle {
  var frames: [SeenFrame] = []
  /// libpcap's words when it could not read to the end.
  var failure: String?

  /// Reads the whole file; `nil` when libpcap does not open it.
  init?(path: String) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    guard let handle = pcap_open_offline_with_tstamp_precision(path, precision, &message)
    else { return nil }
    defer { pcap_close(handle) }
    // LINKTYPE_RAW is the one number of these files that libpcap gives otherwise.
    let dataLink = pcap_datalink(handle)
    let linkType = dataLink == DLT_RAW ? 101 : UInt32(dataLink)
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    while true {
      let answer = pcap_next_ex(handle, &header, &data)
      guard answer == 1, let packet = header?.pointee, let data else {
        if answer == PCAP_ERROR { failure = String(cString: pcap_geterr(handle)) }
        return
      }
      // libpcap takes seconds and microseconds of little-endian pcap as signed: they are unsigned
      // in the file (draft-ietf-opsawg-pcap section 5).
      let seconds = Int64(UInt32(truncatingIfNeeded: packet.ts.tv_sec))
      let fraction = Int64(packet.ts.tv_usec) + (packet.ts.tv_usec < 0 ? 1000 << 32 : 0)
      frames.append(
        SeenFrame(
          number: UInt32(frames.count + 1),
          nanoseconds: seconds * 1_000_000_000 + fraction,
          linkType: linkType, original: Int(packet.len),
          bytes: Array(UnsafeBufferPointer(start: data, count: Int(packet.caplen)))))
    }
  }
}
