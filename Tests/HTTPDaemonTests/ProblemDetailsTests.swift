import Foundation
import HTTPDaemon
import Testing

@Suite struct ProblemDetailsTests {
  @Test func shortProblemHasTypeTitleAndStatus() {
    let text = String(decoding: ProblemDetails(status: .notFound).encoded(), as: UTF8.self)
    #expect(text == #"{"status":404,"title":"Not Found","type":"about:blank"}"#)
  }

  @Test func fullProblemEncodesItsItems() throws {
    let problem = ProblemDetails(
      status: .unprocessableContent, detail: "Line\n\"two\"",
      errors: [
        .init(field: "smiles", offset: 4, detail: "ring bond 1 is not closed"),
        .init(field: "text", detail: "missing"),
      ])
    let text = String(decoding: problem.encoded(), as: UTF8.self)
    #expect(
      text == #"{"detail":"Line\n\"two\"","errors":[{"detail":"ring bond 1 is not closed","#
        + #""field":"smiles","offset":4},{"detail":"missing","field":"text"}],"#
        + #""status":422,"title":"Unprocessable Content","type":"about:blank"}"#)
    let back = try JSONDecoder().decode(ProblemDetails.self, from: Data(problem.encoded()))
    #expect(back == problem)
  }

  @Test func responseHasStatusMediaTypeAndHeaders() {
    let response = ProblemDetails(status: .serviceUnavailable)
      .response(headers: ["Retry-After": "3"])
    #expect(response.status == .serviceUnavailable)
    #expect(response.headers["Content-Type"] == "application/problem+json")
    #expect(response.headers["Retry-After"] == "3")
  }
}
