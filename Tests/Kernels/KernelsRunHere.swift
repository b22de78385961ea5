// The tests beside this file are compiled once for each set of kernels, which they call `Kernels`. No test is here.

import TensorEngine

@testable import Kernels

/// Whether this processor has the instructions of the kernels under test.
let kernelsRunHere = KernelChoice.usable.contains { $0.instructionSet == KernelSet().instructionSet }
