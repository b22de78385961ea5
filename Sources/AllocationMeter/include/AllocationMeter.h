// Counts the calling thread's heap allocations, for the benchmark and the tests of the steady state.
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
/// How often this thread has called malloc, calloc, realloc or an aligned allocation; -1 where they are not counted.
long allocations_of_this_thread(void);
#ifdef __cplusplus
}
#endif
