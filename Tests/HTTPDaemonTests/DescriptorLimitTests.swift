import Glibc
import Testing

@testable import HTTPDaemon

@Suite struct DescriptorLimitTests {
  @Test func theSoftLimitBecomesTheHardLimit() {
    DescriptorLimit.raise()
    var limit = rlimit()
    #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    #expect(limit.rlim_cur == limit.rlim_max)
  }
}
