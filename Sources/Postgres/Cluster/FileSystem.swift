import Glibc

/// What `lstat` says about a path.
struct FileStatus {
  let mode: mode_t
  let owner: uid_t
  let group: gid_t

  var isFolder: Bool { mode & S_IFMT == S_IFDIR }

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
func lastLines(of path: String, lines: Int = 20) -> String {
  guard let file = unsafe fopen(path, "r") else { return "" }
  defer { unsafe fclose(file) }
  if unsafe fseek(file, -8192, SEEK_END) != 0 { unsafe rewind(file) }
  var bytes = [UInt8](repeating: 0, count: 8192)
  let count = unsafe fread(&bytes, 1, bytes.count, file)
  let text = String(decoding: bytes.prefix(count), as: UTF8.self)
  return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
}

/// Writes a small file in one step: under another name, owned and complete, then renamed.
func writeFile(
  _ path: String, _ text: String, mode: mode_t, owner: ServerUser
) throws(ClusterError) {
  let temporary = path + ".new"
  let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
  guard descriptor >= 0 else {
    throw .system(operation: "writing", path: temporary, errno: errno)
  }
  defer { close(descriptor) }
  let bytes = Array(text.utf8)
  let written = unsafe write(descriptor, bytes, bytes.count)
  guard written == bytes.count else {
    throw .system(operation: "writing", path: temporary, errno: written < 0 ? errno : ENOSPC)
  }
  try check(fchmod(descriptor, mode), "setting the mode of", temporary)
  try check(fchown(descriptor, owner.uid, owner.gid), "setting the owner of", temporary)
  try check(fsync(descriptor), "writing", temporary)
  try check(unsafe rename(temporary, path), "renaming", temporary)
}

/// Makes a folder that only `owner` may enter, or accepts one that is so already.
///
/// Throws `.wrongOwner` when someone else made it, and `.unusablePath` when it is no folder.
func makePrivateFolder(_ path: String, owner: ServerUser) throws(ClusterError) {
  if unsafe mkdir(path, 0o700) == 0 {
    try check(unsafe chown(path, owner.uid, owner.gid), "setting the owner of", path)
  } else if errno != EEXIST {
    throw .system(operation: "making", path: path, errno: errno)
  }
  guard let status = try FileStatus(path), status.isFolder else {
    throw .unusablePath(path: path, reason: "it is not a folder")
  }
  guard status.owner == owner.uid else {
    throw .wrongOwner(path: path, owner: status.owner, expected: owner.uid)
  }
  try check(unsafe chmod(path, 0o700), "setting the mode of", path)
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
