import CConsole

/// The console's sources, as they were when the program was compiled.
enum ConsoleFiles {
  /// The page, with ``ConsolePage/marks`` where style and script belong.
  static let page = unsafe text(lig_console_page())
  /// The style sheet.
  static let style = unsafe text(lig_console_style())
  /// The script.
  static let script = unsafe text(lig_console_script())

  private static func text(_ source: lig_console_source) -> String {
    unsafe String(
      decoding: UnsafeBufferPointer(start: source.bytes, count: source.count), as: UTF8.self)
  }
}
