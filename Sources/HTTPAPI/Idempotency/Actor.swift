/// Who asks for something: what the audit log calls them, and whose idempotency keys are told apart.
struct Actor: Sendable, Equatable {
  /// The name of an API key; "anonymous" where none is asked for.
  let name: String

  static let anonymous = Actor(name: "anonymous")

  /// Whose request is being answered; bound around an operation's handler.
  @TaskLocal static var current = anonymous
}
