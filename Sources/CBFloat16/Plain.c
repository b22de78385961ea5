// Packing and products with ordinary instructions, written for any processor: what the others are compared with, and
// what computes where they are missing. Also the choice among the ways.
//
// A packed factor consists of blocks of 16 rows or columns by 32 terms, block after block along the terms. A block has
// 16 lines of 32 words: on the left a line is a row, on the right a line holds a pair of terms of each of 16 columns.
#include "BFloat16.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
// What every kernel of the program needs.
#define PLAIN __attribute__((target("avx2,fma")))
#else
#define PLAIN
#endif

long bfloat16_packed_count(long extent, long terms) { return (extent + 15) / 16 * 16 * ((terms + 31) / 32 * 32); }

static inline uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

static inline float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

/// Zero of the same sign in place of a number below 2^-126.
static inline float flushed(float x) {
  uint32_t bits = bits_of(x);
  return float_of(bits & (bits & 0x7f800000u ? 0xffffffffu : 0x80000000u));
}

static inline uint16_t rounded(float x) {
  uint32_t bits = bits_of(flushed(x));
  if ((bits & 0x7fffffffu) > 0x7f800000u) return (uint16_t)(bits >> 16 | 0x40);  // not a number
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

PLAIN static void pack_plain(
    BFloat16Side side, const float *source, long extent, long terms, long extentStep, long termStep, uint16_t *target) {
  memset(target, 0, (size_t)bfloat16_packed_count(extent, terms) * sizeof *target);
  long blocks = (terms + 31) / 32;
  for (long i = 0; i < extent; i++) {
    for (long k = 0; k < terms; k++) {
      long row = i % 16, term = k % 32;
      long place = side == BFLOAT16_LEFT ? row * 32 + term : term / 2 * 32 + row * 2 + term % 2;
      target[(i / 16 * blocks + k / 32) * 512 + place] = rounded(source[i * extentStep + k * termStep]);
    }
  }
}

PLAIN static void product_plain(
    long m, long n, long k, const uint16_t *left, const uint16_t *right, float *c, long cStep, const float *start,
    long startStep) {
  long blocks = (k + 31) / 32;
  for (long j = 0; j < n; j += 16) {
    long columns = n - j < 16 ? n - j : 16;
    for (long i = 0; i < m; i++) {
      float sums[16] = {0};
      if (start) memcpy(sums, start + i * startStep + j, (size_t)columns * sizeof *sums);
      for (long block = 0; block < blocks; block++) {
        const uint16_t *row = left + (i / 16 * blocks + block) * 512 + i % 16 * 32;
        const uint16_t *pairs = right + (j / 16 * blocks + block) * 512;
        float even[16] = {0}, odd[16] = {0};
        for (long pair = 0; pair < 16; pair++) {
          float a0 = float_of((uint32_t)row[2 * pair] << 16), a1 = float_of((uint32_t)row[2 * pair + 1] << 16);
          for (long column = 0; column < 16; column++) {
            uint32_t b;
            memcpy(&b, pairs + pair * 32 + column * 2, 4);  // the even term below the odd one
            even[column] = flushed(fmaf(a0, float_of(b << 16), even[column]));
            odd[column] = flushed(fmaf(a1, float_of(b & 0xffff0000u), odd[column]));
          }
        }
        for (long column = 0; column < 16; column++) {
          sums[column] = flushed(flushed(sums[column]) + flushed(even[column] + odd[column]));
        }
      }
      memcpy(c + i * cStep + j, sums, (size_t)columns * sizeof *sums);
    }
  }
}

#if defined(__x86_64__)
/// Whether a way gives the bits of the plain one, in a product of sums that round and of numbers near 2^-126: how a
/// processor computes `vdpbf16ps` is not written down as exactly by every maker.
static int agrees(BFloat16Way way) {
  enum { extent = 16, terms = 70 };
  float left[extent * terms], right[extent * terms], sums[2][extent * extent];
  _Alignas(64) uint16_t packed[2][extent * 96];
  uint32_t state = 1;
  for (int i = 0; i < extent * terms; i++) {
    state = state * 1664525u + 1013904223u;
    left[i] = float_of((state & 0x807fffffu) | (60 + (state >> 24) % 8) << 23);
    state = state * 1664525u + 1013904223u;
    right[i] = float_of((state & 0x807fffffu) | (i % extent < 8 ? 63 + (state >> 24) % 4 : 120) << 23);
  }
  for (int one = 0; one < 2; one++) {
    BFloat16Way used = one ? way : BFLOAT16_PLAIN;
    bfloat16_pack(used, BFLOAT16_LEFT, left, extent, terms, terms, 1, packed[0]);
    bfloat16_pack(used, BFLOAT16_RIGHT, right, extent, terms, 1, extent, packed[1]);
    bfloat16_product(used, extent, extent, terms, packed[0], packed[1], sums[one], extent, 0, 0);
  }
  return memcmp(sums[0], sums[1], sizeof sums[0]) == 0;
}
#endif

int bfloat16_usable(BFloat16Way way) {
#if defined(__x86_64__)
  switch (way) {
  case BFLOAT16_PLAIN: return 1;
  case BFLOAT16_PAIRS: return bfloat16_has_pairs() && agrees(way);
  case BFLOAT16_TILES: return bfloat16_has_tiles() && agrees(way);
  }
  return 0;
#else
  return way == BFLOAT16_PLAIN;
#endif
}

void bfloat16_pack(
    BFloat16Way way, BFloat16Side side, const float *source, long extent, long terms, long extentStep, long termStep,
    uint16_t *target) {
#if defined(__x86_64__)
  if (way != BFLOAT16_PLAIN) {
    bfloat16_pack_avx512(way, side, source, extent, terms, extentStep, termStep, target);
    return;
  }
#endif
  pack_plain(side, source, extent, terms, extentStep, termStep, target);
}

void bfloat16_product(
    BFloat16Way way, long m, long n, long k, const uint16_t *left, const uint16_t *right, float *c, long cStep,
    const float *start, long startStep) {
#if defined(__x86_64__)
  if (way == BFLOAT16_PAIRS) return bfloat16_product_pairs(m, n, k, left, right, c, cStep, start, startStep);
  if (way == BFLOAT16_TILES) return bfloat16_product_tiles(m, n, k, left, right, c, cStep, start, startStep);
#endif
  product_plain(m, n, k, left, right, c, cStep, start, startStep);
}
