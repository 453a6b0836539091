extension Duration {
  /// Thousandths of a second, with three decimals.
  package var milliseconds: Double { (self / .microseconds(1)).rounded() / 1000 }
}
