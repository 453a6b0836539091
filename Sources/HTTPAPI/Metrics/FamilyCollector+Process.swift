import Foundation
import PrometheusText

extension FamilyCollector {
  /// What Linux says of this process; what it does not say is left out.
  mutating func addProcess() {
    let status = ProcessStatus()
    add("process_resident_memory_bytes", status.residentBytes)
    add("process_virtual_memory_bytes", status.virtualBytes)
    add("process_cpu_seconds_total", status.cpuSeconds)
    add("process_start_time_seconds", status.startTime)
    add("process_open_fds", status.openDescriptors)
    add("process_max_fds", status.descriptorLimit)
  }
}

/// Numbers of this process from `/proc` (proc(5)).
struct ProcessStatus {
  private(set) var residentBytes: Double?
  private(set) var virtualBytes: Double?
  private(set) var cpuSeconds: Double?
  private(set) var startTime: Double?
  private(set) var openDescriptors: Double?
  private(set) var descriptorLimit: Double?

  init() {
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    // Fields from 3 on: the name before them may hold anything.
    if let stat = Self.text("/proc/self/stat"), let end = stat.lastIndex(of: ")") {
      let fields = stat[end...].split(separator: " ").dropFirst().map(String.init)
      func field(_ number: Int) -> Double? {
        fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
      }
      cpuSeconds = field(14).flatMap { user in field(15).map { (user + $0) / ticks } }
      virtualBytes = field(23)
      residentBytes = field(24).map { $0 * page }
      startTime = field(22).map { Self.bootTime + $0 / ticks }
    }
    openDescriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))
      .map { Double($0.count - 1) }
    descriptorLimit = Self.text("/proc/self/limits")?.split(separator: "\n")
      .first { $0.hasPrefix("Max open files") }?
      .split(separator: " ").dropFirst(3).first.flatMap { Double($0) }
  }

  /// Seconds since 1970 at which the system started, by its clocks: `/proc/stat`, which says it too, is
  /// hidden from services under `ProcSubset=pid` (systemd.exec(5)).
  private static let bootTime: Double = {
    var sinceBoot = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
    return Date().timeIntervalSince1970 - Double(sinceBoot.tv_sec)
      - Double(sinceBoot.tv_nsec) / 1e9
  }()

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
