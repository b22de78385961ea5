// Parameters to and from safetensors, under Hugging Face's names.

import TensorEngine

extension SafetensorsFile {
  /// The F32 tensor of that name, if it has that shape.
  public func floats(_ name: String, shape: [Int]) throws(SafetensorsError) -> [Float] {
    let entry = try entry(name)
    guard entry.shape == shape else {
      throw mismatch(
        "tensor \(name) has shape \(entry.shape), the model needs \(shape); was it written for this architecture?")
    }
    return try entry.floats()
  }
}

extension ModelParameters {
  /// The tensors of the file that have the parameters' names after `prefix`, in the order of the parameters.
  /// - Throws: if one is missing or has another shape.
  public func values(in file: SafetensorsFile, prefix: String = "") throws(SafetensorsError) -> [[Float]] {
    var values: [[Float]] = []
    for slice in buffer.slices { values.append(try file.floats(prefix + slice.name, shape: slice.shape)) }
    return values
  }

  /// Overwrites every parameter; `values` are those of each in order.
  public func set(_ values: [[Float]]) {
    for (slice, values) in zip(buffer.slices, values) { buffer.set(slice, to: values) }
  }

  /// Overwrites every parameter with the tensor of the same name, after `prefix`, in the file.
  /// - Throws: if one is missing or has another shape; every parameter is then as it was.
  public func load(_ file: SafetensorsFile, prefix: String = "") throws(SafetensorsError) {
    set(try values(in: file, prefix: prefix))
  }

  /// Adds every parameter to the file, its name after `prefix`.
  public func store(in file: inout SafetensorsFile, prefix: String = "") {
    for slice in buffer.slices { file.set(prefix + slice.name, floats: buffer.values(of: slice), shape: slice.shape) }
  }
}
