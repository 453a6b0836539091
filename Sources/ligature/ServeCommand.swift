import AlignAPI
import ArgumentParser
import Logging
import Postgres
import Retrieval
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer searches over HTTP.",
    discussion: """
      Prints its address when it listens, then loads the model and the indexed vectors; /readyz
      says when it can answer. Items that are indexed, changed or deleted later are seen within a
      second. SIGTERM and SIGINT let the open requests finish and end it; while it
      loads, they end it at once. SIGHUP reads the certificate and its key again.

      On a loopback address nobody needs a key. On any other, clients send one (ligature keys
      create), and the server does not start while there is none.

      Example:
        ligature serve --model models/m1 --port 8080
        curl -s http://127.0.0.1:8080/v1/search -H 'Content-Type: application/json' \\
          -d '{"text": "selective beta-1 blocker for hypertension", "k": 5}'
      """)

  @Option(
    name: .long, parsing: .singleValue,
    help: """
      The checkpoint's folder; given several times, the promoted model answers (ligature models \
      promote), or the first, and a promotion switches without a pause.
      """)
  var model: [String]

  @Option(
    name: .long,
    help: "A re-ranker of the model (ligature rerank train); it orders the best molecules anew.")
  var rerank: String?

  @OptionGroup var addressOptions: ServeAddressOptions

  @OptionGroup var logOptions: ServeLogOptions

  @OptionGroup var inferenceOptions: InferenceOptions

  @Option(
    name: .long,
    help: """
      How vectors are searched: exact, coded or graph (default: by number), or by the database \
      with pgvector (ligature db vectors).
      """,
    transform: IndexKind.named)
  var index: IndexKind?

  @Option(
    name: .long,
    help: "Where a snapshot of the vectors is kept for the next start (default: in .ligature).")
  var snapshots: String?

  @Option(
    name: .long,
    help: """
      Threads that work on uploaded files, at low priority; 0 only queues them, for 'ligature index \
      work' elsewhere.
      """)
  var indexWorkers = 1

  @OptionGroup var leaseOption: LeaseOption

  @Flag(name: .long, help: "Keep no snapshot; read everything from the database.")
  var noSnapshot = false

  @OptionGroup var accessOptions: ServeAccessOptions

  @OptionGroup var databaseOptions: DatabaseOptions

  func validate() throws {
    if model.isEmpty { throw ValidationError("Missing expected argument '--model <model>'") }
    if addressOptions.inheritSocket && !accessOptions.keys && !accessOptions.insecure {
      throw ValidationError(
        "--inherit-socket: who reaches that socket is not known here; say --keys or --insecure")
    }
    if rerank != nil && model.count > 1 {
      throw ValidationError("--rerank: a re-ranker belongs to one model, and several are given")
    }
    if !(0...64).contains(indexWorkers) {
      throw ValidationError("--index-workers: 0 to 64 expected")
    }
  }

  func run() async throws {
    let log = logOptions.makeLogger()
    let options = databaseOptions
    let server = APIServer(
      checkpoints: model, reranker: rerank, policy: IndexPolicy(kind: index),
      inference: inferenceOptions.configuration,
      snapshots: noSnapshot ? nil : snapshots ?? options.homeFolder + "/snapshots",
      indexWorkers: indexWorkers, lease: leaseOption.duration,
      database: { try options.readySettings() },
      address: addressOptions.configuration,
      access: accessOptions, logsQueries: logOptions.logQueries, log: log)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
    configuration.maximumGracefulShutdownDuration = .seconds(30)
    try await ServiceGroup(configuration: configuration).run()
  }
}
