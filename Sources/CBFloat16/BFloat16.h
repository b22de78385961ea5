// What Plain.c chooses from on x86-64, defined in Intel.c.
#pragma once
#include "include/CBFloat16.h"

#if defined(__x86_64__)
int bfloat16_has_pairs(void);
int bfloat16_has_tiles(void);

void bfloat16_pack_avx512(
    BFloat16Way way, BFloat16Side side, const float *source, long extent, long terms, long extentStep, long termStep,
    uint16_t *target);

void bfloat16_product_pairs(
    long m, long n, long k, const uint16_t *left, const uint16_t *right, float *c, long cStep, const float *start,
    long startStep);

void bfloat16_product_tiles(
    long m, long n, long k, const uint16_t *left, const uint16_t *right, float *c, long cStep, const float *start,
    long startStep);
#endif
