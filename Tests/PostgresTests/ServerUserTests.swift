import Foundation
import Testing

@testable import Postgres

@Suite struct ServerUserTests {
  /// Runs `body` with a folder that has the mode and belongs to the user who runs the test.
  private func withFolder(mode: Int, _ body: (String) throws -> Void) throws {
    let folder = "/tmp/ligature-user-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private let somebody = ServerUser(name: "somebody", uid: 3_999_999, gid: 3_999_999)

  @Test func aParentThatIsClosedToAnotherUserIsNamed() throws {
    try withFolder(mode: 0o700) { folder in
      #expect(throws: ClusterError.notTraversable(folder: folder, user: "somebody")) {
        try somebody.checkTraversal(to: folder + "/inner/db")
      }
    }
  }

  @Test func anotherUserPassesByGroupOrByAll() throws {
    try withFolder(mode: 0o701) { try somebody.checkTraversal(to: $0 + "/db") }
    try withFolder(mode: 0o710) { folder in
      let attributes = try FileManager.default.attributesOfItem(atPath: folder)
      let group = try #require(attributes[.groupOwnerAccountID] as? Int)
      let member = ServerUser(name: "member", uid: somebody.uid, gid: gid_t(group))
      try member.checkTraversal(to: folder + "/db")
      #expect(throws: ClusterError.self) { try somebody.checkTraversal(to: folder + "/db") }
    }
  }

  @Test func theSystemAnswersForTheUserOfThisProcess() throws {
    // The group is wrong on purpose: only the system knows every group of this process.
    let user = ServerUser(name: "me", uid: geteuid(), gid: 3_999_999)
    try withFolder(mode: 0o700) { try user.checkTraversal(to: $0 + "/db") }
    try withFolder(mode: 0o600) { folder in
      if geteuid() == 0 {
        try user.checkTraversal(to: folder + "/db")  // root passes everywhere
      } else {
        #expect(throws: ClusterError.notTraversable(folder: folder, user: "me")) {
          try user.checkTraversal(to: folder + "/db")
        }
      }
    }
  }
}
