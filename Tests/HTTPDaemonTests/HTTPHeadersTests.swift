import HTTPDaemon
import Testing

@Suite struct HTTPHeadersTests {
  @Test func namesCompareWithoutCase() {
    let headers: HTTPHeaders = ["Content-Type": "a/b", "X-A": "1", "x-a": "2"]
    #expect(headers["content-TYPE"] == "a/b")
    #expect(headers["X-A"] == "1")
    #expect(headers.values(of: "x-A") == ["1", "2"])
    #expect(headers["Content-Typ"] == nil)
    #expect(headers["Content[Type"] == nil)
  }

  @Test func settingReplacesAllAndNilRemoves() {
    var headers: HTTPHeaders = ["X-A": "1", "x-a": "2", "B": "3"]
    headers["X-a"] = "4"
    #expect(headers.fields.map(\.name) == ["B", "X-a"])
    headers["b"] = nil
    #expect(headers.fields.map(\.value) == ["4"])
  }
}
