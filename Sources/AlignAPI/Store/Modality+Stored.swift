package import Alignment

extension Modality {
  /// The modality in `embeddings.modality`.
  package var storedCode: Int16 {
    switch self {
    case .molecule: 1
    case .text: 2
    }
  }

  /// The other one.
  var other: Modality { self == .molecule ? .text : .molecule }
}
