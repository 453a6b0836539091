import AlignAPI

extension RequestFields {
  /// The elements of an array that must be there; none when there is a mistake.
  mutating func array(_ name: String, count: ClosedRange<Int>) -> [JSONDocument] {
    guard let value = required(name) else { return [] }
    guard case .array(let elements) = value else {
      refuse(name, "found \(value.kind), expected an array")
      return []
    }
    guard count.contains(elements.count) else {
      refuse(
        name,
        "found \(elements.count) elements, expected \(count.lowerBound) to \(count.upperBound)")
      return []
    }
    return elements
  }

  /// An array of whole numbers.
  mutating func integers(_ name: String) -> [Int]? {
    guard let value = take(name) else { return nil }
    guard case .array(let elements) = value else {
      refuse(name, "found \(value.kind), expected an array of whole numbers")
      return nil
    }
    var numbers: [Int] = []
    numbers.reserveCapacity(elements.count)
    for (place, element) in elements.enumerated() {
      guard case .number(let spelling) = element, let number = Double(spelling),
        let whole = Int(exactly: number)
      else {
        refuse(name, "element \(place): expected a whole number")
        return nil
      }
      numbers.append(whole)
    }
    return numbers
  }

  /// An array of numbers; those too large for a 32-bit float become infinite.
  mutating func numbers(_ name: String) -> [Float]? {
    guard let value = take(name) else { return nil }
    guard case .array(let elements) = value else {
      refuse(name, "found \(value.kind), expected an array of numbers")
      return nil
    }
    var numbers: [Float] = []
    numbers.reserveCapacity(elements.count)
    for (place, element) in elements.enumerated() {
      guard case .number(let spelling) = element else {
        refuse(name, "element \(place): found \(element.kind), expected a number")
        return nil
      }
      guard let number = Float(spelling) else {
        refuse(name, "element \(place): found \(spelling.echoed), expected a 32-bit number")
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  /// A string, or an array of strings.
  mutating func strings(_ name: String) -> [String]? {
    switch take(name) {
    case nil: return nil
    case .string(let text): return [text]
    case .array(let elements):
      var texts: [String] = []
      for (place, element) in elements.enumerated() {
        guard case .string(let text) = element else {
          refuse(name, "element \(place): found \(element.kind), expected a string")
          return nil
        }
        texts.append(text)
      }
      return texts
    case .some(let other):
      refuse(name, "found \(other.kind), expected a string or an array of strings")
      return nil
    }
  }
}
