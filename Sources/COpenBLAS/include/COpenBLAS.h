// The few functions of OpenBLAS that are used, with its own names and types. The library is loaded when the first of them
// is called; see COpenBLAS.c.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112 };

/// C = alpha · A · B + beta · C, on the calling thread.
void cblas_sgemm(
    enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE a_form, enum CBLAS_TRANSPOSE b_form, int m, int n, int k, float alpha,
    const float *a, int a_step, const float *b, int b_step, float beta, float *c, int c_step);

/// 0 if this machine has no OpenBLAS, in which case every other function ends the program; 1 if it has, even if the system
/// refuses to load it now. OpenBLAS reads its settings when this is called.
int openblas_is_installed(void);

/// Version and build options.
const char *openblas_get_config(void);

/// The kernel family that was chosen for this processor, or that OPENBLAS_CORETYPE names.
const char *openblas_get_corename(void);

#ifdef __cplusplus
}
#endif
