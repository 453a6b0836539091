extension JSONSchema {
  /// Problem details (RFC 9457) with the wrong parts of the request.
  static let problem = JSONSchema.object([
    .required("type", .string), .required("title", .string),
    .required("status", .integer(400...599)), .optional("detail", .string),
    .optional(
      "errors",
      .array(
        of: .object([
          .required("field", .string),
          .optional("offset", .integer.described("UTF-8 bytes from the start of the field.")),
          .required("detail", .string),
        ]))),
    .optional(
      "retry_after",
      .integer.described("Seconds after which the same request may succeed; as Retry-After.")),
  ])
}
