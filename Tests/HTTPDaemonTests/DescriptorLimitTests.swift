import Glibc
import Testing

@testable import HTTPDaemon

@Suite struct DescriptorLimitTests {
  @Test func theSoftLimitBecomesTheHardLimit() {
    let raised = DescriptorLimit.raise()
    var limit = rlimit()
    #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    #expect(limit.rlim_cur == limit.rlim_max)
    #expect(raised == Int(clamping: limit.rlim_cur))
  }

  @Test func connectionsLeaveDescriptorsForTheRest() throws {
    var configuration = DaemonConfiguration()
    #expect(try configuration.connectionLimit(descriptors: 20_000) == 4096)
    #expect(try configuration.connectionLimit(descriptors: 1024) == 768)
    #expect(try configuration.connectionLimit(descriptors: 100) == 1)
    configuration.connectionLimit = 800
    #expect(try configuration.connectionLimit(descriptors: 1056) == 800)
    #expect(
      throws: DaemonError.badSetting(
        name: "connectionLimit", found: "800",
        expected: "at most 768, because this process may open 1024 files")
    ) { try configuration.connectionLimit(descriptors: 1024) }
  }
}
