// OpenBLAS, loaded when it is first needed. While it is loaded it starts a thread for every processor, and ends the program
// by a signal where the system refuses one; and it reads its settings from the environment only then. So it is loaded
// after both have been settled, not with the program.
#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static __typeof__(&cblas_sgemm) sgemm;
static __typeof__(&openblas_get_config) get_config;
static __typeof__(&openblas_get_corename) get_corename;

static void *symbol(void *library, const char *name) {
  void *found = library ? dlsym(library, name) : NULL;
  if (!found) {
    dprintf(
        STDERR_FILENO,
        "replicate: cannot load OpenBLAS: %s; install it (Debian: libopenblas0) or raise the limits (ulimit -v, ulimit "
        "-n)\n", dlerror());
    _exit(74);
  }
  return found;
}

static void *opened(void) {
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  return dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
}

static void load(void) {
  void *library = opened();
  sgemm = (__typeof__(sgemm))symbol(library, "cblas_sgemm");
  get_config = (__typeof__(get_config))symbol(library, "openblas_get_config");
  get_corename = (__typeof__(get_corename))symbol(library, "openblas_get_corename");
}

void cblas_sgemm(
    enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE a_form, enum CBLAS_TRANSPOSE b_form, int m, int n, int k, float alpha,
    const float *a, int a_step, const float *b, int b_step, float beta, float *c, int c_step) {
  pthread_once(&once, load);
  sgemm(order, a_form, b_form, m, n, k, alpha, a, a_step, b, b_step, beta, c, c_step);
}

int openblas_is_installed(void) {
  if (opened()) return 1;
  const char *reason = dlerror();
  return !reason || !strstr(reason, "No such file");
}

const char *openblas_get_config(void) {
  pthread_once(&once, load);
  return get_config();
}

const char *openblas_get_corename(void) {
  pthread_once(&once, load);
  return get_corename();
}
