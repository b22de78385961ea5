// Which instructions the processor has and the operating system saves.
#if defined(__x86_64__)
#include <cpuid.h>

static inline unsigned long long processor_saved_state(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27))) return 0;  // OSXSAVE
  __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return (unsigned long long)d << 32 | a;
}

// AVX2, BMI1, BMI2, F16C, FMA, LZCNT and MOVBE, as the x86-64 psABI has it.
static inline int processor_has_x86_64_v3(void) {
  unsigned a, b, c, d;
  if ((processor_saved_state() & 0x6) != 0x6) return 0;  // XMM and YMM
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  const unsigned first = 1u << 12 | 1u << 22 | 1u << 28 | 1u << 29;  // FMA, MOVBE, AVX, F16C
  if ((c & first) != first) return 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  const unsigned second = 1u << 3 | 1u << 5 | 1u << 8;  // BMI1, AVX2, BMI2
  if ((b & second) != second) return 0;
  return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & 1u << 5);  // LZCNT
}

// x86-64-v3 and AVX-512 F, DQ, CD, BW and VL.
static inline int processor_has_x86_64_v4(void) {
  unsigned a, b, c, d;
  if (!processor_has_x86_64_v3() || (processor_saved_state() & 0xe6) != 0xe6) return 0;  // and mask and ZMM registers
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  const unsigned parts = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  return (b & parts) == parts;
}
#endif
