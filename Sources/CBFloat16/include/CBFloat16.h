// Matrix products of factors rounded to bfloat16, summed in float32: three ways to compute them, all with the same
// bits. What is multiplied, and when factors are packed again, is decided in Sources/Kernels/Products.
//
// An element of the product is defined as follows, whatever computes it. Factors are rounded to nearest, ties to even;
// the terms k are taken in blocks of 32, of which the last is filled up with zeros. In each block the terms with even k
// are one chain of fused multiply-adds from zero, in order of k, those with odd k are another; their sum is added to
// the element, block by block. Numbers below 2^-126 count as zero, as factors and as results of every step.
// That is how the tiles of Intel's AMX compute (Intel SDM, TDPBF16PS).
#pragma once
#include <stdint.h>

typedef enum {
  /// Fused multiply-adds of float32: any processor (on x86-64 with AVX2).
  BFLOAT16_PLAIN,
  /// Products of pairs, AVX-512 BF16 (vdpbf16ps).
  BFLOAT16_PAIRS,
  /// Products of tiles, AMX (tdpbf16ps).
  BFLOAT16_TILES,
} BFloat16Way;

typedef enum { BFLOAT16_LEFT, BFLOAT16_RIGHT } BFloat16Side;

/// Whether the processor has the instructions, the operating system lets this process use them, and they give the bits
/// that are defined above, tried on one product. To be asked once: it takes some microseconds.
int bfloat16_usable(BFloat16Way way);

/// How many 16-bit words a packed factor of `extent` rows (left) or columns (right) with `terms` terms takes.
long bfloat16_packed_count(long extent, long terms);

/// Rounds and packs a factor. Element (i, k), row or column i < extent, term k < terms, is at
/// `source[i * extentStep + k * termStep]`; one of the steps is 1. `target` is aligned to 64 bytes.
void bfloat16_pack(
    BFloat16Way way, BFloat16Side side, const float *source, long extent, long terms, long extentStep, long termStep,
    uint16_t *target);

/// c[i * cStep + j] = (start or 0)[i * startStep + j] + the product of row i and column j, for i < m, j < n and k
/// terms; `start` may be `c` itself. The factors were packed for the same way.
void bfloat16_product(
    BFloat16Way way, long m, long n, long k, const uint16_t *left, const uint16_t *right, float *c, long cStep,
    const float *start, long startStep);
