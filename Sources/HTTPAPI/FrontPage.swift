import AlignAPI
import HTTPDaemon

/// `GET /`: a page for a person who opens the server's address in a browser.
enum FrontPage {
  static func response(to request: HTTPRequest) -> HTTPResponse {
    HTTPResponse(
      status: .ok,
      headers: [
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
      ],
      body: Array(page(address: address(request.headers["Host"])).utf8))
  }

  /// The address that the browser used, when it is plainly one; it goes into the page.
  static func address(_ host: String?) -> String {
    guard let host, !host.isEmpty, host.utf8.count <= 255,
      host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) })
    else { return "127.0.0.1:8080" }
    return host
  }

  private static func page(address: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Ligature</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
    pre { background: #f3f3f1; padding: 1rem; overflow-x: auto; }
    </style>
    </head>
    <body>
    <h1>Ligature</h1>
    <p>This server finds molecules for a text, and texts for a molecule.</p>
    <pre>curl -s http://\(address)/v1/search \\
      -H 'Content-Type: application/json' \\
      -d '{"text": "selective beta-1 blocker for hypertension", "k": 5}'</pre>
    <p>With <code>{"smiles": "CC(=O)Oc1ccccc1C(=O)O"}</code> it finds texts, with
    <code>"target": "molecules"</code> similar molecules.</p>
    <ul>
    <li><code>POST /v1/search</code>: text, smiles or vector; k; target; corpus</li>
    <li><code>POST /v1/embeddings</code>: input; input_type</li>
    <li><a href="/v1/info"><code>GET /v1/info</code></a>: the model and the corpora</li>
    <li><a href="/readyz"><code>GET /readyz</code></a>,
    <a href="/livez"><code>GET /livez</code></a>: health</li>
    </ul>
    </body>
    </html>

    """
  }
}
