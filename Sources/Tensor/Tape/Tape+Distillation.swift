extension Tape {
  /// Mean over rows of KL(softmax(teacher) ‖ softmax(student)); a scalar.
  ///
  /// `student` and `teacher` [N, M] are logits (Hinton, Vinyals, Dean 2015, section 2).
  public func divergence(ofTeacher teacher: Matrix, fromStudent student: Variable) -> Variable {
    precondition(
      teacher.rows == student.rows && teacher.columns == student.columns && teacher.rows > 0,
      "teacher [\(teacher.rows), \(teacher.columns)], student "
        + "[\(student.rows), \(student.columns)]")
    let input = value(of: student)
    let targets = teacher.softmaxRows()
    let (teacherSums, studentSums) = (teacher.logSumExpOfRows(), input.logSumExpOfRows())
    var total: Double = 0
    for row in 0..<input.rows {
      var sum: Float = 0
      let shift = studentSums[row, 0] - teacherSums[row, 0]
      for index in row * input.columns..<(row + 1) * input.columns {
        sum += targets.values[index] * (teacher.values[index] - input.values[index] + shift)
      }
      total += Double(sum)
    }
    let mean = Matrix(rows: 1, columns: 1, values: [Float(total / Double(input.rows))])
    return record(mean, inputs: student) { gradient, gradients in
      var result = input.softmaxRows()
      result.add(targets, factor: -1)
      result.scale(by: gradient[0, 0] / Float(input.rows))
      gradients.add(result, to: student)
    }
  }

  /// How far a student's similarities are from a teacher's, over rows and over columns; a scalar.
  ///
  /// ½ (KL of rows + KL of columns), both softened: the student's similarities [N, M] divided by
  /// `temperature`, the teacher's by `teacherTemperature`.
  public func distillation(
    _ similarities: Variable, teacher: Matrix, temperature: Float, teacherTemperature: Float
  ) -> Variable {
    precondition(
      temperature > 0 && teacherTemperature > 0,
      "temperatures \(temperature) and \(teacherTemperature) must be positive")
    let student = scaling(similarities, by: 1 / temperature)
    var logits = teacher
    logits.scale(by: 1 / teacherTemperature)
    return mean(
      divergence(ofTeacher: logits, fromStudent: student),
      divergence(ofTeacher: logits.transposed(), fromStudent: transposed(student)))
  }
}
