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

/// In what precision the factors of a linear map's products are taken: its input, its weights and its output's gradient.
/// Sums, and everything else that is stored or computed, have 32 bits.
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
  /// 32 bits.
  case single
  /// Rounded to the upper 16 of them, to nearest; with the native backend only. The same bits on every processor: the
  /// order of the sums is that of Sources/CBFloat16.
  case bfloat16
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
  public let precision: ProductPrecision

  public init(
    _ parameters: ParameterBuffer, offset: Int, outputs: Int, inputs: Int, backend: ProductBackend,
    precision: ProductPrecision = .single
  ) {
    require(precision == .single || backend == .native, "OpenBLAS multiplies in single precision")
    self.parameters = parameters
    self.offset = offset
    self.outputs = outputs
    self.inputs = inputs
    self.backend = backend
    self.precision = precision
  }

  public var value: UnsafeMutablePointer<Float> { parameters.value + offset }
  public var gradient: UnsafeMutablePointer<Float> { parameters.gradient + offset }
}
