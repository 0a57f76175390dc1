/// Writes markup as HTML: the only place where text becomes part of a page.
///
/// A class, so that a page can build what it has it write from its other parts.
final class HTMLWriter {
  var pending = PendingBytes()
  private var open: [Tag] = []

  /// Begins the document.
  func begin() { pending.append("<!DOCTYPE html>\n" as StaticString) }

  /// Begins an element whose content is written piece by piece; `close` ends it.
  func open(_ tag: Tag, _ attributes: Attribute?...) {
    writeStart(tag, attributes.compactMap { $0 })
    if tag.isBlock { pending.append(UInt8(ascii: "\n")) }
    open.append(tag)
  }

  /// Ends the element begun last.
  func close() {
    guard let tag = open.popLast() else { return }
    writeEnd(tag)
  }

  /// Writes a whole element.
  func write(_ markup: Markup) {
    switch markup {
    case .text(let text): writeText(text)
    case .lineEnd: pending.append(UInt8(ascii: "\n"))
    case .element(let tag, let attributes, let content):
      if content.isEmpty, tag.isForeign {
        writeStart(tag, attributes, end: "/>")
        return
      }
      writeStart(tag, attributes)
      guard !tag.isVoid else { return }
      for part in content { write(part) }
      writeEnd(tag)
    }
  }

  /// Writes elements one after the other.
  func write(@MarkupBuilder _ content: () -> [Markup]) {
    for markup in content() { write(markup) }
  }

  /// Writes `style` or `script`, whose text is not escaped (HTML 13.1.2, raw text): only what stands
  /// in this program's source fits in here.
  func write(_ tag: StaticString, raw: StaticString) {
    pending.append(UInt8(ascii: "<"))
    pending.append(tag)
    pending.append(UInt8(ascii: ">"))
    pending.append(raw)
    pending.append("</" as StaticString)
    pending.append(tag)
    pending.append(">\n" as StaticString)
  }

  private func writeStart(
    _ tag: Tag, _ attributes: [Attribute], end: StaticString = ">"
  ) {
    pending.append(UInt8(ascii: "<"))
    pending.append(tag.name)
    for attribute in attributes {
      pending.append(UInt8(ascii: " "))
      pending.append(attribute.name)
      guard let value = attribute.value else { continue }
      pending.append("=\"" as StaticString)
      writeText(value)
      pending.append(UInt8(ascii: "\""))
    }
    pending.append(end)
    if tag.isVoid, tag.isBlock { pending.append(UInt8(ascii: "\n")) }
  }

  private func writeEnd(_ tag: Tag) {
    pending.append("</" as StaticString)
    pending.append(tag.name)
    pending.append(UInt8(ascii: ">"))
    if tag.isBlock { pending.append(UInt8(ascii: "\n")) }
  }

  /// Hidden characters become visible, those with a meaning in HTML become references; both quotes
  /// do, so the same text suits content and attribute values.
  private func writeText(_ text: String) {
    for byte in Visible.text(text).utf8 {
      switch byte {
      case UInt8(ascii: "&"): pending.append("&amp;" as StaticString)
      case UInt8(ascii: "<"): pending.append("&lt;" as StaticString)
      case UInt8(ascii: ">"): pending.append("&gt;" as StaticString)
      case UInt8(ascii: "\""): pending.append("&quot;" as StaticString)
      case UInt8(ascii: "'"): pending.append("&#39;" as StaticString)
      default: pending.append(byte)
      }
    }
  }
}
