import Foundation
import Tensor
import Testing

@Suite struct DurableFileTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/durable-\(UUID().uuidString)"

  private func inFolder(_ body: () throws -> Void) throws {
    try DurableFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body()
  }

  @Test func writingReplacesAndAppendingAdds() throws {
    try inFolder {
      let path = folder + "/f"
      try DurableFile.write([1, 2, 3], to: path)
      try DurableFile.write([4], to: path)
      try DurableFile.append([5, 6], to: path)
      #expect(try DurableFile.read(path) == [4, 5, 6])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["f"])
    }
  }

  @Test func moreThanOneBlockIsReadWhole() throws {
    try inFolder {
      let bytes = (0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try DurableFile.write(bytes, to: folder + "/f")
      #expect(try DurableFile.read(folder + "/f") == bytes)
    }
  }

  @Test func refusalsCarryTheSystemsWords() throws {
    try inFolder {
      let missing = #expect(throws: FileError.self) { try DurableFile.read(folder + "/none") }
      #expect(missing?.isNotFound == true)
      let directory = #expect(throws: FileError.self) { try DurableFile.read(folder) }
      #expect(directory?.isNotFound == false)
      #expect(directory?.description == "\(folder): Is a directory")
      #expect(throws: FileError.self) { try DurableFile.write([1], to: folder + "/none/f") }
      #expect(throws: FileError.self) { try DurableFile.append([1], to: folder + "/none") }
    }
  }

  @Test func folderIsMadeWithThoseItLiesIn() throws {
    try inFolder {
      try DurableFile.makeFolder(folder + "/a/b/c")
      try DurableFile.makeFolder(folder + "/a/b/c")
      try DurableFile.write([1], to: folder + "/a/b/c/f")
      DurableFile.removeEmptyFolder(folder + "/a")
      #expect(try DurableFile.read(folder + "/a/b/c/f") == [1])
      #expect(throws: FileError.self) { try DurableFile.makeFolder(folder + "/a/b/c/f/g") }
    }
  }

  @Test func lockHasOneHolderUntilItIsLetGo() throws {
    try inFolder {
      let path = folder + "/lock"
      var first = try FileLock(path)
      #expect(first != nil)
      #expect(try FileLock(path) == nil)
      first = nil
      #expect(try FileLock(path) != nil)
    }
  }
}
