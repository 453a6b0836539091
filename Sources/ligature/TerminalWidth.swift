import Glibc

/// The width of a terminal.
enum TerminalWidth {
  /// Columns of the terminal behind a file descriptor, 80 if it does not say; nil when it is none.
  static func of(_ descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
