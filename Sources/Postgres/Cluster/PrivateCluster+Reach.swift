extension PrivateCluster {
  /// Throws `.notTraversable` when the server's user may not pass through a parent of the folder.
  package func checkReach() throws(ClusterError) {
    try ServerUser.current().checkTraversal(to: folder)
  }
}
