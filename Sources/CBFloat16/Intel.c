// Packing with AVX-512 BF16, products of pairs with the same, and products of tiles with AMX. The layout of packed
// factors is told in Plain.c, the order of sums in CBFloat16.h.
#include "BFloat16.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")))
#define AMX __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,amx-tile,amx-bf16")))
#define UNROLLED _Pragma("clang loop unroll(full)")

static unsigned long long saved_state(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27))) return 0;  // OSXSAVE
  __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return (unsigned long long)d << 32 | a;
}

int bfloat16_has_pairs(void) {
  unsigned a, b, c, d;
  if ((saved_state() & 0xe6) != 0xe6) return 0;  // XMM, YMM, mask and ZMM registers
  const unsigned parts = 1u << 5 | 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;  // AVX2, AVX-512 F, DQ, BW, VL
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & parts) != parts) return 0;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 5);  // AVX-512 BF16
}

int bfloat16_has_tiles(void) {
  unsigned a, b, c, d;
  if (!bfloat16_has_pairs() || (saved_state() & 0x60000) != 0x60000) return 0;  // tile configuration and data
  const unsigned parts = 1u << 22 | 1u << 24;  // AMX BF16 and TILE
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & parts) != parts) return 0;
  // Linux grants the tiles' registers, feature 18, to processes that ask (ARCH_REQ_XCOMP_PERM).
  return syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}

/// Which term of a block stands in which place. With tiles the even terms of all pairs are one chain. Where a pair adds
/// to one sum, its second term first, eight pairs of even terms are one chain and eight of odd ones the other.
static const uint16_t order_of_tiles[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                            16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
static const uint16_t order_of_pairs[32] = {2, 0, 6, 4, 10, 8, 14, 12, 18, 16, 22, 20, 26, 24, 30, 28,
                                            3, 1, 7, 5, 11, 9, 15, 13, 19, 17, 23, 21, 27, 25, 31, 29};
/// Words of two vectors' halves side by side, one after the other.
static const uint16_t interleaving[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                          8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

AVX512 static inline __attribute__((always_inline)) __mmask16 first(long count) {
  return count >= 16 ? 0xffff : count <= 0 ? 0 : (1u << count) - 1;
}

/// Line i goes to word i of every line: four rounds of interleaving lines i and i + 8.
AVX512 static inline __attribute__((always_inline)) void transpose(__m512i line[16]) {
  const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  UNROLLED for (int round = 0; round < 4; round++) {
    __m512i mixed[16];
    UNROLLED for (int i = 0; i < 8; i++) {
      mixed[2 * i] = _mm512_permutex2var_epi32(line[i], low, line[i + 8]);
      mixed[2 * i + 1] = _mm512_permutex2var_epi32(line[i], high, line[i + 8]);
    }
    UNROLLED for (int i = 0; i < 16; i++) line[i] = mixed[i];
  }
}

AVX512 void bfloat16_pack_avx512(
    BFloat16Way way, BFloat16Side side, const float *source, long extent, long terms, long extentStep, long termStep,
    uint16_t *target) {
  const uint16_t *order = way == BFLOAT16_TILES ? order_of_tiles : order_of_pairs;
  const __m512i ordering = _mm512_loadu_si512(order), interleave = _mm512_loadu_si512(interleaving);
  const int termsAreContiguous = termStep == 1;
  const int isTransposed = termsAreContiguous == (side == BFLOAT16_RIGHT);
  for (long i = 0; i < extent; i += 16) {
    for (long k = 0; k < terms; k += 32) {
      __m512i line[16];
      if (termsAreContiguous) {  // a line is a row's 32 terms
        const __mmask16 low = first(terms - k), high = first(terms - k - 16);
        UNROLLED for (int row = 0; row < 16; row++) {
          const float *p = source + (i + row) * extentStep + k;
          const __mmask16 used = i + row < extent ? 0xffff : 0;
          __m512 a = _mm512_maskz_loadu_ps(low & used, p), b = _mm512_maskz_loadu_ps(high & used, p + 16);
          line[row] = (__m512i)_mm512_cvtne2ps_pbh(b, a);
          if (way != BFLOAT16_TILES) line[row] = _mm512_permutexvar_epi16(ordering, line[row]);
        }
      } else {  // a line is a pair of terms of sixteen columns
        const __mmask16 columns = first(extent - i);
        UNROLLED for (int pair = 0; pair < 16; pair++) {
          const long one = k + order[2 * pair], other = k + order[2 * pair + 1];
          __m512 a = _mm512_maskz_loadu_ps(one < terms ? columns : 0, source + one * termStep + i);
          __m512 b = _mm512_maskz_loadu_ps(other < terms ? columns : 0, source + other * termStep + i);
          line[pair] = _mm512_permutexvar_epi16(interleave, (__m512i)_mm512_cvtne2ps_pbh(b, a));
        }
      }
      if (isTransposed) transpose(line);
      UNROLLED for (int row = 0; row < 16; row++) _mm512_store_si512(target + row * 32, line[row]);
      target += 512;
    }
  }
}

AVX512 void bfloat16_product_pairs(
    long m, long n, long k, const uint16_t *left, const uint16_t *right, float *c, long cStep, const float *start,
    long startStep) {
  const long blocks = (k + 31) / 32;
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);  // additions, too, take and give zero for numbers below 2^-126
  for (long j = 0; j < n; j += 16) {
    const __mmask16 columns = first(n - j);
    for (long i = 0; i < m; i += 8) {
      const long rows = m - i < 8 ? m - i : 8;
      __m512 sum[8];
      UNROLLED for (int row = 0; row < 8; row++) {
        sum[row] = _mm512_setzero_ps();
        if (start && row < rows) sum[row] = _mm512_maskz_loadu_ps(columns, start + (i + row) * startStep + j);
      }
      const uint32_t *a = (const uint32_t *)(left + i / 16 * blocks * 512 + i % 16 * 32);
      const uint16_t *b = right + j / 16 * blocks * 512;
      for (long block = 0; block < blocks; block++) {
        __m512 even[8], odd[8];
        UNROLLED for (int row = 0; row < 8; row++) even[row] = odd[row] = _mm512_setzero_ps();
        UNROLLED for (int pair = 0; pair < 8; pair++) {
          const __m512bh b0 = (__m512bh)_mm512_load_si512(b + pair * 32);
          const __m512bh b1 = (__m512bh)_mm512_load_si512(b + (pair + 8) * 32);
          UNROLLED for (int row = 0; row < 8; row++) {
            even[row] = _mm512_dpbf16_ps(even[row], (__m512bh)_mm512_set1_epi32((int)a[row * 16 + pair]), b0);
            odd[row] = _mm512_dpbf16_ps(odd[row], (__m512bh)_mm512_set1_epi32((int)a[row * 16 + pair + 8]), b1);
          }
        }
        UNROLLED for (int row = 0; row < 8; row++) {
          sum[row] = _mm512_add_ps(sum[row], _mm512_add_ps(even[row], odd[row]));
        }
        a += 256;
        b += 512;
      }
      UNROLLED for (int row = 0; row < 8; row++) {
        if (row < rows) _mm512_mask_storeu_ps(c + (i + row) * cStep + j, columns, sum[row]);
      }
    }
  }
  _mm_setcsr(before);
}

/// All eight tiles have 16 rows of 64 bytes.
typedef struct {
  uint8_t palette, startRow, reserved[14];
  uint16_t bytes[16];
  uint8_t rows[16];
} TileConfiguration;

/// A block of the product that is wider or longer than what is left goes through here.
typedef struct {
  float values[16][16];
} __attribute__((aligned(64))) Scratch;

static void copy(const float *from, long fromStep, float *to, long toStep, long rows, long columns) {
  for (long row = 0; row < rows; row++) memcpy(to + row * toStep, from + row * fromStep, (size_t)columns * sizeof *to);
}

AMX void bfloat16_product_tiles(
    long m, long n, long k, const uint16_t *left, const uint16_t *right, float *c, long cStep, const float *start,
    long startStep) {
  TileConfiguration configuration = {.palette = 1};
  for (int tile = 0; tile < 8; tile++) {
    configuration.bytes[tile] = 64;
    configuration.rows[tile] = 16;
  }
  _tile_loadconfig(&configuration);
  const long blocks = (k + 31) / 32;
  Scratch scratch;

// How much of a block of sixteen is left; and the block of the product at (row, column) into a tile, and out of it.
#define LEFT(all, done) ((all) - (done) < 16 ? (all) - (done) : 16)
#define BEGIN(tile, row, column)                                                          \
  do {                                                                                    \
    const float *from = start ? start + (row) * startStep + (column) : 0;                 \
    if (!from) {                                                                          \
      _tile_zero(tile);                                                                   \
    } else if (LEFT(m, row) == 16 && LEFT(n, column) == 16) {                             \
      _tile_loadd(tile, from, startStep * 4);                                             \
    } else {                                                                              \
      memset(&scratch, 0, sizeof scratch);                                                \
      copy(from, startStep, scratch.values[0], 16, LEFT(m, row), LEFT(n, column));        \
      _tile_loadd(tile, scratch.values, 64);                                              \
    }                                                                                     \
  } while (0)
#define END(tile, row, column)                                                            \
  do {                                                                                    \
    float *to = c + (row) * cStep + (column);                                             \
    if (LEFT(m, row) == 16 && LEFT(n, column) == 16) {                                    \
      _tile_stored(tile, to, cStep * 4);                                                  \
    } else {                                                                              \
      _tile_stored(tile, scratch.values, 64);                                             \
      copy(scratch.values[0], 16, to, cStep, LEFT(m, row), LEFT(n, column));              \
    }                                                                                     \
  } while (0)

  for (long j = 0; j < n; j += 32) {
    const uint16_t *b0 = right + j / 16 * blocks * 512, *b1 = b0 + blocks * 512;
    const int isWide = n - j > 16;
    for (long i = 0; i < m; i += 32) {
      const uint16_t *a0 = left + i / 16 * blocks * 512, *a1 = a0 + blocks * 512;
      const int isLong = m - i > 16;
      BEGIN(0, i, j);
      if (isWide) BEGIN(1, i, j + 16);
      if (isLong) BEGIN(2, i + 16, j);
      if (isLong && isWide) BEGIN(3, i + 16, j + 16);
      for (long block = 0; block < blocks * 512; block += 512) {
        _tile_loadd(4, a0 + block, 64);
        _tile_loadd(6, b0 + block, 64);
        _tile_dpbf16ps(0, 4, 6);
        if (isWide) {
          _tile_loadd(7, b1 + block, 64);
          _tile_dpbf16ps(1, 4, 7);
        }
        if (isLong) {
          _tile_loadd(5, a1 + block, 64);
          _tile_dpbf16ps(2, 5, 6);
          if (isWide) _tile_dpbf16ps(3, 5, 7);
        }
      }
      END(0, i, j);
      if (isWide) END(1, i, j + 16);
      if (isLong) END(2, i + 16, j);
      if (isLong && isWide) END(3, i + 16, j + 16);
    }
  }
  _tile_release();
}
#endif
