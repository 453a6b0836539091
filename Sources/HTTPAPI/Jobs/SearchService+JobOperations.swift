import AlignAPI
import HTTPDaemon

extension SearchService {
  /// Bytes of an uploaded file.
  static let longestUpload = 4 << 30

  private static let jobParameter = Operation.Parameter(
    name: "job", place: .path, schema: .integer(1...Int.max), text: "The job's number.")

  static let jobOperations = [
    Operation(
      id: "startJob", method: "POST", path: "/v1/jobs", tag: "jobs",
      summary: "Index a file into a corpus",
      text: """
        The file is the body, plain or gzip. All of its rows are queued before the answer, or none: \
        the job outlives this server. The corpus is made when there is none.
        """,
      scope: .write,
      parameters: [
        .init(
          name: "corpus", place: .query, schema: .string(1...ItemBody.longestName),
          text: "The corpus's name.", isMandatory: true),
        .init(
          name: "format", place: .query, schema: .word(of: UploadFormat.self),
          text: "By default told by Content-Type, else by the file's first line."),
        WriteContext.parameter,
      ],
      body: .init(
        contents: (UploadFormat.allCases.map { $0.mediaTypes[0] }
          + ["application/gzip", "application/octet-stream"]).map { ($0, .string) }),
      bodyLimit: longestUpload,
      answers: [.json(.reference("Job"), status: .accepted, "It is queued.")],
      problems: [.conflict, .insufficientStorage]
    ) { service, request in try await service.startJob(request) },
    Operation(
      id: "listJobs", method: "GET", path: "/v1/jobs", tag: "jobs",
      summary: "Jobs, the newest first", scope: .read,
      parameters: [
        .init(
          name: "limit", place: .query, schema: .integer(jobLimits),
          text: "How many; \(defaultJobs) by default."),
        .init(
          name: "cursor", place: .query, schema: .string,
          text: "Goes on behind the page whose answer had this cursor."),
      ],
      answers: [
        .json(
          .object([
            .required("jobs", .array(of: .reference("Job"))),
            .required("cursor", .string.nullable),
          ]))
      ]
    ) { service, request in try await service.jobs(request) },
    Operation(
      id: "getJob", method: "GET", path: "/v1/jobs/{job}", tag: "jobs",
      summary: "How far a job is", scope: .read, parameters: [jobParameter],
      answers: [.json(.reference("Job"))]
    ) { service, request in try await service.job(request) },
    Operation(
      id: "cancelJob", method: "DELETE", path: "/v1/jobs/{job}", tag: "jobs",
      summary: "End a job; what is stored stays", scope: .write,
      parameters: [jobParameter, WriteContext.parameter], answers: [.json(.reference("Job"))],
      problems: [.conflict, .unprocessableContent]
    ) { service, request in try await service.cancelJob(request) },
    Operation(
      id: "followJob", method: "GET", path: "/v1/jobs/{job}/events", tag: "jobs",
      summary: "A job's progress as server-sent events",
      text: """
        `progress` with the Job as data whenever it has changed, `done` with it at the end, `gone` \
        when the corpus was deleted. A comment line comes every 15 seconds of silence.
        """,
      scope: .read,
      parameters: [
        jobParameter,
        .init(
          name: "Last-Event-ID", place: .header, schema: .string,
          text: "The id of the last event that was received; its state is not sent again."),
      ],
      answers: [.init(status: .ok, text: "Events.", contents: [("text/event-stream", .string)])]
    ) { service, request in try await service.jobEvents(request) },
    Operation(
      id: "listRejects", method: "GET", path: "/v1/jobs/{job}/rejects", tag: "jobs",
      summary: "Rows of a job that were left out, and why", scope: .read,
      parameters: [jobParameter],
      answers: [
        .init(
          status: .ok, text: "One row a line.",
          contents: [("application/x-ndjson", .reference("RejectedRow"))])
      ]
    ) { service, request in try await service.jobRejects(request) },
  ]

  static let jobSchemas: [(name: String, schema: JSONSchema)] = [
    ("Job", IndexJobSummary.schema),
    (
      "RejectedRow",
      .object([
        .required("line", .integer), .required("field", .string.nullable),
        .required("found", .string), .required("expected", .string),
        .required("raw", .string.described("The row, at most its first 4,096 bytes.")),
      ])
    ),
  ]
}
