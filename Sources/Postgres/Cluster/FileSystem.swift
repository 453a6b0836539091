import Glibc

/// What `lstat` says about a path.
struct FileStatus {
  let mode: mode_t
  let owner: uid_t
  let group: gid_t

  var isLink: Bool { mode & S_IFMT == S_IFLNK }

  /// Nil when nothing is there.
  init?(_ path: String) throws(ClusterError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      let code = errno
      if code == ENOENT { return nil }
      throw .system(operation: "looking at", path: path, errno: code)
    }
    mode = status.st_mode
    owner = status.st_uid
    group = status.st_gid
  }
}

/// The operating system's sentence for an error number.
func systemMessage(_ code: Int32) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// Throws the error of a system call that returned something else than 0.
func check(_ result: Int32, _ operation: String, _ path: String) throws(ClusterError) {
  guard result == 0 else { throw .system(operation: operation, path: path, errno: errno) }
}

/// The end of a text file, at most `lines` lines of its last 8 KiB; empty when there is none.
///
/// A link is not followed, because another user may have put it there.
func lastLines(of path: String, lines: Int = 20) -> String {
  let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  return lastLines(ofOpen: descriptor, lines: lines)
}

/// The end of an open file, at most `lines` lines of its last 8 KiB.
func lastLines(ofOpen descriptor: Int32, lines: Int = 20) -> String {
  let start = max(0, lseek(descriptor, 0, SEEK_END) - 8192)
  var bytes = [UInt8](repeating: 0, count: 8192)
  let count = unsafe pread(descriptor, &bytes, bytes.count, start)
  let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
}

/// Writes a small file in one step: under another name, owned and complete, then renamed.
///
/// The folder may belong to a user who is trusted less than this process, so nothing that lies
/// there is opened or followed: throws `.wrongOwner` when the folder is not `owner`'s.
func writeFile(
  _ name: String, in folder: String, _ text: String, mode: mode_t, owner: ServerUser
) throws(ClusterError) {
  let parent = try openFolder(folder, owner: owner)
  defer { close(parent) }
  let temporary = name + ".new"
  let path = folder + "/" + temporary
  if unsafe unlinkat(parent, temporary, 0) != 0 && errno != ENOENT {
    throw .system(operation: "removing", path: path, errno: errno)
  }
  let descriptor = unsafe openat(
    parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw .system(operation: "writing", path: path, errno: errno) }
  defer { close(descriptor) }
  let bytes = Array(text.utf8)
  let written = unsafe write(descriptor, bytes, bytes.count)
  guard written == bytes.count else {
    throw .system(operation: "writing", path: path, errno: written < 0 ? errno : ENOSPC)
  }
  try check(fchmod(descriptor, mode), "setting the mode of", path)
  try check(fchown(descriptor, owner.uid, owner.gid), "setting the owner of", path)
  try check(fsync(descriptor), "writing", path)
  try check(unsafe renameat(parent, temporary, parent, name), "renaming", path)
}

/// Makes a folder that only `owner` may enter, or accepts one that is so already.
///
/// With `adopt` one of this process's own user is given to `owner`. Throws `.wrongOwner` when
/// someone else made it, and `.unusablePath` when it is no folder.
func makePrivateFolder(
  _ path: String, owner: ServerUser, adopt: Bool = false
) throws(ClusterError) {
  let isNew = unsafe mkdir(path, 0o700) == 0
  if !isNew && errno != EEXIST {
    throw .system(operation: "making", path: path, errno: errno)
  }
  let folder = try openFolder(path, owner: owner, orOwner: isNew || adopt ? geteuid() : nil)
  defer { close(folder) }
  try check(fchown(folder, owner.uid, owner.gid), "setting the owner of", path)
  try check(fchmod(folder, 0o700), "setting the mode of", path)
}

/// Opens a folder that is no link and belongs to `owner`, or to the other owner named.
private func openFolder(
  _ path: String, owner: ServerUser, orOwner other: uid_t? = nil
) throws(ClusterError) -> Int32 {
  let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  guard descriptor >= 0 else {
    let code = errno
    if code == ENOTDIR || code == ELOOP {
      throw .unusablePath(path: path, reason: "it is not a folder")
    }
    if code == EACCES, let found = try FileStatus(path), found.owner != owner.uid {
      throw .wrongOwner(path: path, owner: found.owner, expected: owner.uid)
    }
    throw .system(operation: "opening", path: path, errno: code)
  }
  var status = stat()
  let result = unsafe fstat(descriptor, &status)
  guard result == 0, status.st_uid == owner.uid || status.st_uid == other else {
    let code = errno
    close(descriptor)
    if result != 0 { throw .system(operation: "looking at", path: path, errno: code) }
    throw .wrongOwner(path: path, owner: status.st_uid, expected: owner.uid)
  }
  return descriptor
}

/// The names in a folder, without `.` and `..`; nil when the folder cannot be read.
func folderContents(_ path: String) -> [String]? {
  guard let folder = unsafe opendir(path) else { return nil }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names
}
