import Postgres
import Testing

@Suite struct ConnectionSettingsTests {
  @Test(arguments: [
    "postgresql://reader:hush@/works?host=/run/socket&port=6001",
    "host=/run/socket port=6001 user=reader password=hush dbname=works",
  ])
  func urlAndKeywordsMeanTheSame(text: String) throws {
    let settings = try ConnectionSettings(text)
    #expect(settings.description == "dbname=works host=/run/socket port=6001 user=reader")
    #expect(
      settings.with(database: "other").description
        == "dbname=other host=/run/socket port=6001 user=reader")
  }

  @Test func passwordsAreNotShown() throws {
    let settings = try ConnectionSettings("postgresql://reader:hush@host/works")
    var dumped = ""
    dump(settings, to: &dumped)
    for text in ["\(settings)", String(reflecting: settings), dumped] {
      #expect(!text.contains("hush"))
    }
  }

  @Test(arguments: [
    "postgresql://u:hush@host:12 34/", "postgresql://u:hush%zz@host/", "user=u hush",
    "hush=hush", "password='hush", "postgresql://[hush", "postgresql://h/?hush=\"hush\"",
  ])
  func unreadableSettingsDoNotRepeatTheText(text: String) {
    let error = #expect(throws: PostgresError.self) { try Connection(ConnectionSettings(text)) }
    #expect(error?.description.contains("hush") == false)
  }

  @Test func unreadableSettingsSayWhatIsWrong() {
    let error = #expect(throws: PostgresError.self) { try ConnectionSettings("host=a colour=b") }
    #expect(error?.kind == .invalidSettings)
    #expect(error?.message == "invalid connection option \"…\"")
  }
}
