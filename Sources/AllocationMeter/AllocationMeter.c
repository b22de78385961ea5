// The C library's allocators with a counter in front, and a line behind them where there is no memory: Swift would end the
// program with a trap. Memory itself stays the C library's; sanitizers bring their own.
#include "AllocationMeter.h"

#if defined(__GLIBC__) || defined(__linux__)
#include <features.h>
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Thread_local long allocations;

// Under a limit of the address space there is no room for an arena of 64 MiB for each thread, and threads without one ask
// the system for every block.
__attribute__((constructor)) static void share_one_arena(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) mallopt(M_ARENA_MAX, 1);
}

// What is stored survives that, as it survives a kill. Of several threads that are refused at once, one says so.
static void *required(void *block, size_t size) {
  static atomic_flag ending = ATOMIC_FLAG_INIT;
  if (block == NULL && size > 0) {
    while (atomic_flag_test_and_set(&ending)) pause();
    static const char remedy[] =
        "run fewer at once (--jobs), on a machine with more, or raise the limit (ulimit -v); everything finished so far "
        "is kept";
    const size_t gibibyte = (size_t)1 << 30;
    if (size < gibibyte) {
      const size_t mebibytes = size >> 20;
      dprintf(STDERR_FILENO, "replicate: no memory for another %zu MiB; %s\n", mebibytes > 0 ? mebibytes : 1, remedy);
    } else {
      const size_t tenths = size % gibibyte * 10 / gibibyte;
      dprintf(STDERR_FILENO, "replicate: no memory for another %zu.%zu GiB; %s\n", size / gibibyte, tenths, remedy);
    }
    _exit(74);
  }
  return block;
}

void *malloc(size_t size) {
  allocations++;
  return required(__libc_malloc(size), size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return required(__libc_calloc(count, size), size);
}

void *realloc(void *block, size_t size) {
  allocations++;
  return required(__libc_realloc(block, size), size);
}

void *memalign(size_t alignment, size_t size) {
  allocations++;
  return required(__libc_memalign(alignment, size), size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  allocations++;
  *block = required(__libc_memalign(alignment, size), size);
  return 0;
}

long allocations_of_this_thread(void) { return allocations; }
#else
long allocations_of_this_thread(void) { return -1; }
#endif
