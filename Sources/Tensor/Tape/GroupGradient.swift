/// The gradient of a matrix of equal groups of rows, for the groups that received any.
///
/// A bank of E experts with h rows each is a matrix [E·h, d]; a step that touches few experts has
/// a gradient for those only, and no work is done for the others.
public struct GroupGradient: Sendable, Equatable {
  /// How many groups the whole matrix has.
  public let groupCount: Int
  /// The rows of one group, at least 1.
  public let rowsPerGroup: Int
  /// The groups that received a gradient, ascending.
  public let groups: [Int]
  /// Their rows; [groups.count · rowsPerGroup, columns].
  public internal(set) var values: Matrix

  /// Names the groups of `values`.
  public init(groupCount: Int, rowsPerGroup: Int, groups: [Int], values: Matrix) {
    precondition(
      values.rows == groups.count * rowsPerGroup,
      "\(values.rows) rows for \(groups.count) groups of \(rowsPerGroup)")
    precondition(
      zip(groups, groups.dropFirst()).allSatisfy(<) && (groups.first ?? 0) >= 0
        && (groups.last ?? -1) < groupCount, "groups must ascend within 0..<\(groupCount)")
    self.groupCount = groupCount
    self.rowsPerGroup = rowsPerGroup
    self.groups = groups
    self.values = values
  }

  /// The same gradient with rows of zeros for the other groups.
  public func dense() -> Matrix {
    var result = Matrix(rows: groupCount * rowsPerGroup, columns: values.columns)
    let size = rowsPerGroup * values.columns
    for (place, group) in groups.enumerated() {
      result.values.replaceSubrange(
        group * size..<(group + 1) * size,
        with: values.values[place * size..<(place + 1) * size])
    }
    return result
  }

  /// Adds another gradient of the same matrix; the result has the groups of both.
  public mutating func add(_ other: GroupGradient) {
    precondition(
      groupCount == other.groupCount && rowsPerGroup == other.rowsPerGroup,
      "\(groupCount) groups of \(rowsPerGroup) and \(other.groupCount) of \(other.rowsPerGroup)")
    if groups == other.groups {
      values.add(other.values)
      return
    }
    self = joined(other)
  }

  private func joined(_ other: GroupGradient) -> GroupGradient {
    let size = rowsPerGroup * values.columns
    var all: [Int] = []
    var sum: [Float] = []
    sum.reserveCapacity(values.values.count + other.values.values.count)
    var (i, j) = (0, 0)
    while i < groups.count || j < other.groups.count {
      let left = i < groups.count ? groups[i] : groupCount
      let right = j < other.groups.count ? other.groups[j] : groupCount
      all.append(min(left, right))
      let start = sum.count
      if left <= right {
        sum += values.values[i * size..<(i + 1) * size]
        i += 1
      }
      if right < left {
        sum += other.values.values[j * size..<(j + 1) * size]
        j += 1
      } else if left == right {
        for place in 0..<size { sum[start + place] += other.values.values[j * size + place] }
        j += 1
      }
    }
    return GroupGradient(
      groupCount: groupCount, rowsPerGroup: rowsPerGroup, groups: all,
      values: Matrix(rows: all.count * rowsPerGroup, columns: values.columns, values: sum))
  }
}

/// The gradient of one parameter, as the backward pass made it.
public enum ParameterGradient: Sendable, Equatable {
  /// A value for every weight.
  case dense(Matrix)
  /// Values for some groups of rows; the others received nothing.
  case groups(GroupGradient)

  /// A value for every weight, zeros where there is none.
  public var dense: Matrix {
    switch self {
    case .dense(let matrix): matrix
    case .groups(let groups): groups.dense()
    }
  }

  /// The values that were stored.
  public var stored: Matrix {
    switch self {
    case .dense(let matrix): matrix
    case .groups(let groups): groups.values
    }
  }

  /// Adds another gradient of the same parameter; a dense one makes the sum dense.
  public mutating func add(_ other: ParameterGradient) {
    switch (self, other) {
    case (.groups(var sum), .groups(let more)):
      self = .dense(Matrix(rows: 0, columns: 0))  // so that `sum` is changed in place
      sum.add(more)
      self = .groups(sum)
    default:
      var sum = dense
      self = .dense(Matrix(rows: 0, columns: 0))
      sum.add(other.dense)
      self = .dense(sum)
    }
  }
}
