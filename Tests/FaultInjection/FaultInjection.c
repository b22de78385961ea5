// A library to preload into a program under test: it ends the program, or lets the file system fail, at a chosen one of
// the operations by which files are changed. FAULT is "KIND N": "kill 7" ends it before the seventh operation, "tear 7"
// writes half of what the seventh would and ends it, "count 0" counts into the file FAULT_COUNT, and a number is the errno
// that the seventh and all later operations fail with. Only files, links and directories count; what a
// program prints does not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long operations;

enum outcome { proceed, tear, fail };

static ssize_t really_write(int file, const void *bytes, size_t count) {
  static ssize_t (*next)(int, const void *, size_t);
  if (!next) next = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  return next(file, bytes, count);
}

static void note_count(long count) {
  const char *path = getenv("FAULT_COUNT");
  if (!path) return;
  char text[32];
  int length = snprintf(text, sizeof text, "%ld\n", count);
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return;
  really_write(file, text, (size_t)length);
  close(file);
}

/// What becomes of the operation that the program asks for now.
static enum outcome next_operation(void) {
  const char *fault = getenv("FAULT");
  if (!fault) return proceed;
  long place = 0;
  const char *blank = strchr(fault, ' ');
  if (blank) place = strtol(blank + 1, NULL, 10);
  long now = atomic_fetch_add(&operations, 1) + 1;
  if (strncmp(fault, "count", 5) == 0) {
    note_count(now);
    return proceed;
  }
  if (now < place) return proceed;
  if (strncmp(fault, "kill", 4) == 0) kill(getpid(), SIGKILL);
  if (strncmp(fault, "tear", 4) == 0) return tear;
  errno = (int)strtol(fault, NULL, 10);
  return fail;
}

static int is_file(int file) {
  struct stat information;
  return file > STDERR_FILENO && fstat(file, &information) == 0 && (S_ISREG(information.st_mode) || S_ISDIR(information.st_mode));
}

static ssize_t write_or_fault(int file, const void *bytes, size_t count, int *done) {
  *done = 1;
  switch (next_operation()) {
    case fail: return -1;
    case tear:
      really_write(file, bytes, count / 2);
      kill(getpid(), SIGKILL);
    case proceed: break;
  }
  *done = 0;
  return 0;
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (is_file(file)) {
    int done;
    ssize_t result = write_or_fault(file, bytes, count, &done);
    if (done) return result;
  }
  return really_write(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  static ssize_t (*next)(int, const void *, size_t, off_t);
  if (!next) next = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
  if (is_file(file)) {
    int done;
    ssize_t result = write_or_fault(file, bytes, count, &done);
    if (done) return result;
  }
  return next(file, bytes, count, offset);
}

// Operations that happen or do not: nothing to tear.
#define WHOLE(name, signature, arguments)                                  \
  int name signature {                                                     \
    static int(*next) signature;                                           \
    if (!next) next = (int(*) signature)dlsym(RTLD_NEXT, #name);           \
    enum outcome outcome = next_operation();                               \
    if (outcome == tear) kill(getpid(), SIGKILL);                          \
    return outcome == fail ? -1 : next arguments;                          \
  }

WHOLE(fsync, (int file), (file))
WHOLE(rename, (const char *from, const char *to), (from, to))
WHOLE(link, (const char *from, const char *to), (from, to))
WHOLE(unlink, (const char *path), (path))
WHOLE(mkdir, (const char *path, mode_t mode), (path, mode))
WHOLE(ftruncate, (int file, off_t length), (file, length))
