/// What one unit of a pcapng interface's timestamps is (option if_tsresol) and counts from (if_tsoffset).
struct TimeResolution {
  private enum Unit {
    /// 10^-n seconds, n of at most 9: units times this are nanoseconds.
    case nanoseconds(UInt64)
    /// 10^-n seconds, n of 10 to 19: this many units are a nanosecond.
    case perNanosecond(UInt64)
    /// 2^-n seconds.
    case binary(UInt64)
    /// Units so small that 64 bits of them are no nanosecond.
    case negligible
  }

  private let unit: Unit
  private let offset: Int64

  /// Reads the option's byte: a power of 10, or of 2 when its top bit is set; seconds are added after.
  init(code: UInt8 = 6, offset: Int64 = 0) {
    let exponent = Int(code & 0x7f)
    self.offset = offset
    if code & 0x80 != 0 {
      unit = .binary(UInt64(exponent))
    } else if exponent <= 9 {
      unit = .nanoseconds(powerOfTen(9 - exponent))
    } else {
      unit = exponent <= 28 ? .perNanosecond(powerOfTen(exponent - 9)) : .negligible
    }
  }

  /// The instant `count` units after the start, saturating.
  @inline(__always)
  func time(units count: UInt64) -> Timestamp {
    if case .nanoseconds(let factor) = unit, offset == 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: factor)
      return Timestamp(nanoseconds: overflow ? Int64.max : Int64(clamping: product))
    }
    return exactTime(units: count)
  }

  /// The same for any unit and offset, in 128 bits: an offset may bring a far time back into range.
  private func exactTime(units count: UInt64) -> Timestamp {
    let nanoseconds =
      switch unit {
      case .nanoseconds(let factor): UInt128(count) * UInt128(factor)
      case .perNanosecond(let divisor): UInt128(count / divisor)
      case .binary(let exponent): (UInt128(count) * 1_000_000_000) >> UInt128(exponent)
      case .negligible: UInt128(0)
      }
    // Each addend is below 2^94.
    let sum = Int128(nanoseconds) + Int128(offset) * 1_000_000_000
    return Timestamp(nanoseconds: Int64(clamping: sum))
  }
}

/// 10 to the power of `exponent`, at most 19.
private func powerOfTen(_ exponent: Int) -> UInt64 {
  (0..<exponent).reduce(1) { power, _ in power * 10 }
}
