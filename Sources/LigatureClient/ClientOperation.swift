/// Every operation of the API, by its operationId in `/openapi.json`.
public enum ClientOperation: String, Sendable, CaseIterable {
  case search, searchBatch, createEmbeddings, getSimilarity, rank, explainScore
  case validateMolecule, canonicalizeMolecule, describeMolecule, findSubstructure
  case depictMolecule, getDepiction, writeStructures
  case listItems, writeItems, getItem, putItem, deleteItem, getItemByNumber
  case listCorpora, getCorpus, deleteCorpus, exportCorpus, getCorpusMap
  case listModels, getModel, promoteModel
  case startJob, listJobs, getJob, cancelJob, followJob, listRejects
  case getInfo, getExperts, getMetrics, getDescription, getLiveness, getReadiness

  /// Method and path template.
  var route: (method: String, path: String) {
    switch self {
    case .search: ("POST", "/v1/search")
    case .searchBatch: ("POST", "/v1/search/batch")
    case .createEmbeddings: ("POST", "/v1/embeddings")
    case .getSimilarity: ("POST", "/v1/similarity")
    case .rank: ("POST", "/v1/rank")
    case .explainScore: ("POST", "/v1/explain")
    case .validateMolecule: ("POST", "/v1/molecules/validate")
    case .canonicalizeMolecule: ("POST", "/v1/molecules/canonicalize")
    case .describeMolecule: ("POST", "/v1/molecules/describe")
    case .findSubstructure: ("POST", "/v1/molecules/substructure")
    case .depictMolecule: ("POST", "/v1/molecules/depict")
    case .getDepiction: ("GET", "/v1/molecules/depict")
    case .writeStructures: ("POST", "/v1/molecules/sdf")
    case .listItems: ("GET", "/v1/corpora/{corpus}/items")
    case .writeItems: ("POST", "/v1/corpora/{corpus}/items")
    case .getItem: ("GET", "/v1/corpora/{corpus}/items/{source_id}")
    case .putItem: ("PUT", "/v1/corpora/{corpus}/items/{source_id}")
    case .deleteItem: ("DELETE", "/v1/corpora/{corpus}/items/{source_id}")
    case .getItemByNumber: ("GET", "/v1/items/{id}")
    case .listCorpora: ("GET", "/v1/corpora")
    case .getCorpus: ("GET", "/v1/corpora/{corpus}")
    case .deleteCorpus: ("DELETE", "/v1/corpora/{corpus}")
    case .exportCorpus: ("GET", "/v1/corpora/{corpus}/export")
    case .getCorpusMap: ("GET", "/v1/corpora/{corpus}/map")
    case .listModels: ("GET", "/v1/models")
    case .getModel: ("GET", "/v1/models/{model}")
    case .promoteModel: ("POST", "/v1/models/{model}/promote")
    case .startJob: ("POST", "/v1/jobs")
    case .listJobs: ("GET", "/v1/jobs")
    case .getJob: ("GET", "/v1/jobs/{job}")
    case .cancelJob: ("DELETE", "/v1/jobs/{job}")
    case .followJob: ("GET", "/v1/jobs/{job}/events")
    case .listRejects: ("GET", "/v1/jobs/{job}/rejects")
    case .getInfo: ("GET", "/v1/info")
    case .getExperts: ("GET", "/v1/experts")
    case .getMetrics: ("GET", "/metrics")
    case .getDescription: ("GET", "/openapi.json")
    case .getLiveness: ("GET", "/livez")
    case .getReadiness: ("GET", "/readyz")
    }
  }
}
