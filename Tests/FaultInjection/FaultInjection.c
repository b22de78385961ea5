// A library to preload into a program under test: it ends the program, or lets the file system fail, at a chosen one of
// the operations by which files are changed. FAULT is "KIND N": "kill 7" ends it before the seventh operation, "tear 7"
// writes half of what the seventh would and ends it, "count 0" counts into the file FAULT_COUNT, and a number is the errno
// that the seventh and all later operations fail with. Only files, links and directories count; what a
// program prints does not.
//
// FAULT_READ is "OPERATION ERRNO NAME": to open ("open"), to read ("read") or to look at ("look") any file whose path ends in
// NAME fails with that errno. FAULT_THREADS is how many threads may be started; all further ones are refused.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
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

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  static int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  static atomic_long started;
  if (!next) next = (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(RTLD_NEXT, "pthread_create");
  const char *most = getenv("FAULT_THREADS");
  if (most && atomic_fetch_add(&started, 1) >= strtol(most, NULL, 10)) return EAGAIN;
  return next(thread, attributes, body, argument);
}

WHOLE(fsync, (int file), (file))
WHOLE(rename, (const char *from, const char *to), (from, to))
WHOLE(link, (const char *from, const char *to), (from, to))
WHOLE(unlink, (const char *path), (path))
WHOLE(mkdir, (const char *path, mode_t mode), (path, mode))
WHOLE(ftruncate, (int file, off_t length), (file, length))

/// Whether an operation on a path is to fail; `errno` is set then.
static int refuses(const char *operation, const char *path) {
  const char *fault = getenv("FAULT_READ");
  char wanted[8], name[128];
  int number;
  if (!fault || sscanf(fault, "%7s %d %127s", wanted, &number, name) != 3 || strcmp(wanted, operation) != 0) return 0;
  size_t length = strlen(path), tail = strlen(name);
  if (length < tail || strcmp(path + length - tail, name) != 0) return 0;
  errno = number;
  return 1;
}

int open(const char *path, int flags, ...) {
  static int (*next)(const char *, int, ...);
  if (!next) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return refuses("open", path) ? -1 : next(path, flags, mode);
}

ssize_t read(int file, void *bytes, size_t count) {
  static ssize_t (*next)(int, void *, size_t);
  if (!next) next = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
  if (getenv("FAULT_READ")) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    if (refuses("read", path)) return -1;
  }
  return next(file, bytes, count);
}

int lstat(const char *path, struct stat *information) {
  static int (*next)(const char *, struct stat *);
  if (!next) next = (int (*)(const char *, struct stat *))dlsym(RTLD_NEXT, "lstat");
  return refuses("look", path) ? -1 : next(path, information);
}
