// Where a weight matrix stands and which backend multiplies with it. The products are the kernels' business.

import COpenBLAS

/// Who computes matrix products.
public enum ProductBackend: String, Sendable, Codable, CaseIterable {
  /// `cblas_sgemm`, one thread.
  case openBLAS = "openblas"
  /// The engine's own register-tiled kernel on packed weights.
  case native

  /// One-line description of the BLAS that `openBLAS` would use and the kernel it chose, for the records. The native
  /// products need none, so that a machine may be without.
  public static var blasDescription: String {
    if openblas_is_installed() == 0 { return "no OpenBLAS" }
    return String(cString: openblas_get_config()).trimmed + ", core " + String(cString: openblas_get_corename())
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

/// A matrix W [outputs, inputs] inside a parameter buffer.
public struct WeightMatrix {
  public let parameters: ParameterBuffer
  /// Where its first element stands.
  public let offset: Int
  public let outputs: Int
  public let inputs: Int
  public let backend: ProductBackend

  public init(_ parameters: ParameterBuffer, offset: Int, outputs: Int, inputs: Int, backend: ProductBackend) {
    self.parameters = parameters
    self.offset = offset
    self.outputs = outputs
    self.inputs = inputs
    self.backend = backend
  }

  public var value: UnsafeMutablePointer<Float> { parameters.value + offset }
  public var gradient: UnsafeMutablePointer<Float> { parameters.gradient + offset }
}
