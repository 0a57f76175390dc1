public import Capture
public import Decode

// Forms in which the records of accounts hold what they have a million times over.

/// A type with one value that never stands for anything in a capture.
public protocol HasSpareValue: Equatable, Sendable {
  /// That value.
  static var spare: Self { get }
}

extension Moment: HasSpareValue {
  /// The last packet there can be of a file that cannot be.
  @inlinable public static var spare: Moment {
    Moment(time: .spare, frame: FrameReference(file: .max, number: .max))
  }
}

extension Timestamp: HasSpareValue {
  /// In 1677, where no capture begins.
  @inlinable public static var spare: Timestamp { Timestamp(nanoseconds: .min) }
}

extension UInt32: HasSpareValue {
  /// No record has this number.
  @inlinable public static var spare: UInt32 { .max }
}

/// A value or none, in no more room than the value takes.
@propertyWrapper
public struct OrSpare<Value: HasSpareValue>: Sendable {
  @usableFromInline var held: Value

  /// Holds a value or none.
  @inlinable public init(wrappedValue: Value?) { held = wrappedValue ?? .spare }

  /// The value, if there is one.
  public var wrappedValue: Value? {
    @inlinable @inline(__always) get { held == .spare ? nil : held }
    @inlinable @inline(__always) set { held = newValue ?? .spare }
  }
}

/// A number of events in four bytes; it stays at its highest past 4.29 thousand million.
@propertyWrapper
public struct Tally: Sendable {
  @usableFromInline var held: UInt32

  /// Holds a number.
  @inlinable public init(wrappedValue: Int) { held = UInt32(clamping: wrappedValue) }

  /// The number.
  public var wrappedValue: Int {
    @inlinable @inline(__always) get { Int(held) }
    @inlinable @inline(__always) set { held = UInt32(clamping: newValue) }
  }
}

/// An address and port in eight bytes; those of IPv6 stand elsewhere.
@propertyWrapper
public struct Compact: Sendable {
  @usableFromInline
  enum Form: Sendable {
    case version4(UInt32, UInt16)
    indirect case version6(Endpoint)
  }

  @usableFromInline var form: Form

  /// Holds an endpoint.
  @inlinable public init(wrappedValue: Endpoint) { form = Self.form(wrappedValue) }

  /// The endpoint.
  public var wrappedValue: Endpoint {
    @inlinable get {
      switch form {
      case .version4(let bits, let port):
        Endpoint(address: IPAddress(high: 0, low: 0xFFFF_0000_0000 | UInt64(bits)), port: port)
      case .version6(let endpoint): endpoint
      }
    }
    @inlinable set {
      // The same one again, nearly always: nothing is made anew.
      if case .version6(let known) = form, known == newValue { return }
      form = Self.form(newValue)
    }
  }

  @inlinable static func form(_ endpoint: Endpoint) -> Form {
    guard endpoint.address.high == 0, endpoint.address.low >> 32 == 0xFFFF else {
      return .version6(endpoint)
    }
    return .version4(UInt32(truncatingIfNeeded: endpoint.address.low), endpoint.port)
  }
}

/// What few records have beside the others, in a place of its own; none takes one word.
///
/// To be read where it stands: a copy of the whole would cost more than what is asked for.
@usableFromInline
struct Aside<Facts: HasNoFacts>: Sendable {
  /// None or one.
  @usableFromInline var kept: [Facts] = []

  @usableFromInline init() {}

  @inlinable @inline(__always)
  var isEmpty: Bool { kept.isEmpty }

  /// The facts; to change them makes a place for them.
  var facts: Facts {
    get { kept.isEmpty ? Facts() : kept[0] }
    _modify {
      if kept.isEmpty { kept.append(Facts()) }
      yield &kept[0]
    }
  }
}

/// Facts that begin as none.
@usableFromInline
protocol HasNoFacts: Sendable {
  init()
}
