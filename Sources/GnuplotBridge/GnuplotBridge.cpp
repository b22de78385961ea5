// Scripts and data blocks by gnuplot-iostream, with its failures turned into errno values: no exception leaves this
// file, and no gnuplot is started here (its pipe would hide a missing or failing gnuplot).
#include "GnuplotBridge.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <gnuplot-iostream.h>

struct GnuplotScript {
  explicit GnuplotScript(const std::string &path) : path(path), stream(new Gnuplot(">" + path)) {
    // The library writes 18 scientific digits; 10 significant ones are plenty on paper and keep the script readable.
    *stream << std::defaultfloat << std::setprecision(10);
  }
  std::string path;
  std::unique_ptr<Gnuplot> stream;
};

namespace {

/// The reason of a failed write: a stream only knows that it failed, so EIO where errno says nothing.
int reason() { return errno != 0 ? errno : EIO; }

template <typename Action>
int guarded(Action action) {
  errno = 0;
  try {
    return action();
  } catch (const std::exception &) {
    return reason();
  }
}

}  // namespace

GnuplotScript *gnuplot_script_open(const char *path, int *error) {
  GnuplotScript *script = nullptr;
  *error = guarded([&] {
    script = new GnuplotScript(path);
    return 0;
  });
  return script;
}

int gnuplot_script_text(GnuplotScript *script, const char *text) {
  return guarded([&] {
    *script->stream << text << std::flush;
    return script->stream->good() ? 0 : reason();
  });
}

int gnuplot_script_block(GnuplotScript *script, const char *name, const double *values, size_t rows, size_t columns) {
  return guarded([&] {
    std::vector<std::vector<double>> table(rows);
    for (size_t row = 0; row < rows; row++) {
      table[row].assign(values + row * columns, values + (row + 1) * columns);
    }
    *script->stream << "$" << name << " << e\n";
    script->stream->send1d(table);  // closes the block with its own "e"
    return script->stream->good() ? 0 : reason();
  });
}

int gnuplot_script_close(GnuplotScript *script) {
  const int status = guarded([&] {
    script->stream->flush();
    return script->stream->good() ? 0 : reason();
  });
  const std::string path = script->path;
  delete script;
  if (status != 0) return status;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return reason();
  const int synced = fsync(file) == 0 ? 0 : reason();
  close(file);
  return synced;
}
