// A C face for gnuplot-iostream: it writes gnuplot scripts with their data; it does not run gnuplot.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A script being written.
typedef struct GnuplotScript GnuplotScript;

/// Creates (or empties) the file at `path`. On failure returns NULL and leaves the reason in `*error` (an errno value).
GnuplotScript *gnuplot_script_open(const char *path, int *error);

/// Appends commands as they stand. Returns 0, or an errno value.
int gnuplot_script_text(GnuplotScript *script, const char *text);

/// Appends the data block `$name << e … e` with `rows` lines of `columns` numbers (row major).
/// Returns 0, or an errno value.
int gnuplot_script_block(GnuplotScript *script, const char *name, const double *values, size_t rows, size_t columns);

/// Flushes, syncs to the disk and closes; `script` is gone afterwards. Returns 0, or an errno value.
int gnuplot_script_close(GnuplotScript *script);

#ifdef __cplusplus
}
#endif
