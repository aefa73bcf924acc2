/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded into the program as it is: what keeps its main loop waiting is told.
 *
 * Told is each call by which the main thread itself waits for a file below RELAIS_MAIN_LOOP_BELOW, a disk, a database,
 * the keyring, a bus or a network, with the way to it, in the file that RELAIS_MAIN_LOOP_REPORT names. What
 * GTK does, as its file chooser, is not the program's doing. */

/* Both names of each call are ours, so that neither may stand for the other. */
#undef _FILE_OFFSET_BITS
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_FRAMES 128

static __thread int is_telling;

static int
is_main_thread (void)
{
  return syscall (SYS_gettid) == getpid ();
}

/* Whose object the address lies in: the name of its file, or NULL. */
static const char *
get_owner (const void *address)
{
  Dl_info info;

  return dladdr (address, &info) != 0 ? info.dli_fname : NULL;
}

/* What only does as it is told: who told it decides. */
static int
is_servant (const char *owner)
{
  static const char * const servants[] = { "/libc.so", "/libglib-2.0", "/libgobject-2.0", "/libgio-2.0", "/libsqlite3", "/libsoup-3.0",
                                           "/relais-main-loop.so" };

  for (size_t i = 0; i < sizeof servants / sizeof servants[0]; i++)
    if (strstr (owner, servants[i]) != NULL)
      return 1;

  return 0;
}

/* How many of the frames of a call the loop called, where it was the program that asked for the call; else none. */
static int
count_frames (void * const *frames,
              int           n_frames)
{
  const char *program = get_owner ((void *) getauxval (AT_ENTRY));
  const char *teller = NULL;

  for (int i = 0; i < n_frames; i++)
    {
      const char *owner = get_owner (frames[i]);
      Dl_info info;

      if (dladdr (frames[i], &info) != 0 && info.dli_sname != NULL && strcmp (info.dli_sname, "g_application_run") == 0)
        return teller != NULL && program != NULL && strcmp (teller, program) == 0 ? i : 0;
      if (teller == NULL && owner != NULL && !is_servant (owner))
        teller = owner;
    }

  return 0;
}

static void
tell (const char *call,
      const char *what)
{
  void *frames[MOST_FRAMES];
  int n_frames;
  const char *path = getenv ("RELAIS_MAIN_LOOP_REPORT");
  int report;

  if (path == NULL || is_telling > 0 || !is_main_thread ())
    return;

  is_telling++;
  n_frames = backtrace (frames, MOST_FRAMES);
  n_frames = count_frames (frames, n_frames);
  report = n_frames > 0 ? open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (report >= 0)
    {
      dprintf (report, "%s %s\n", call, what != NULL ? what : "");
      backtrace_symbols_fd (frames, n_frames, report);
      close (report);
    }
  is_telling--;
}

static void
tell_path (const char *call,
           const char *path)
{
  const char *below = getenv ("RELAIS_MAIN_LOOP_BELOW");

  if (path != NULL && below != NULL && strncmp (path, below, strlen (below)) == 0)
    tell (call, path);
}

static void *
find_next (const char *name)
{
  void *next;

  is_telling++;
  next = dlsym (RTLD_NEXT, name);
  is_telling--;

  return next;
}

#define NEXT(name) \
  static __typeof__ (name) *next; \
  if (next == NULL) \
    next = find_next (#name)

/* Files by their paths */

#define OPENS(name) \
  int \
  name (const char *path, \
        int         flags, \
        ...) \
  { \
    va_list rest; \
    mode_t mode; \
    NEXT (name); \
\
    va_start (rest, flags); \
    mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg (rest, mode_t) : 0; \
    va_end (rest); \
    tell_path (#name, path); \
\
    return next (path, flags, mode); \
  }
OPENS (open)
OPENS (open64)

#define OPENS_AT(name) \
  int \
  name (int         folder, \
        const char *path, \
        int         flags, \
        ...) \
  { \
    va_list rest; \
    mode_t mode; \
    NEXT (name); \
\
    va_start (rest, flags); \
    mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg (rest, mode_t) : 0; \
    va_end (rest); \
    tell_path (#name, path); \
\
    return next (folder, path, flags, mode); \
  }
OPENS_AT (openat)
OPENS_AT (openat64)

#define TAKES_PATH(type, name, parameters, path, arguments) \
  type \
  name parameters \
  { \
    NEXT (name); \
\
    tell_path (#name, path); \
\
    return next arguments; \
  }
TAKES_PATH (FILE *, fopen, (const char *path, const char *mode), path, (path, mode))
TAKES_PATH (FILE *, fopen64, (const char *path, const char *mode), path, (path, mode))
TAKES_PATH (int, stat, (const char *path, struct stat *found), path, (path, found))
TAKES_PATH (int, stat64, (const char *path, struct stat64 *found), path, (path, found))
TAKES_PATH (int, lstat, (const char *path, struct stat *found), path, (path, found))
TAKES_PATH (int, lstat64, (const char *path, struct stat64 *found), path, (path, found))
TAKES_PATH (int, fstatat, (int folder, const char *path, struct stat *found, int flags), path, (folder, path, found, flags))
TAKES_PATH (int, fstatat64, (int folder, const char *path, struct stat64 *found, int flags), path, (folder, path, found, flags))
TAKES_PATH (int, statx, (int folder, const char *path, int flags, unsigned mask, struct statx *found), path, (folder, path, flags, mask, found))
TAKES_PATH (int, access, (const char *path, int mode), path, (path, mode))
TAKES_PATH (int, mkdir, (const char *path, mode_t mode), path, (path, mode))
TAKES_PATH (int, unlink, (const char *path), path, (path))
TAKES_PATH (int, rename, (const char *from, const char *to), to, (from, to))

/* What waits whatever it is for */

#define WAITS(type, name, parameters, arguments) \
  type name parameters; \
\
  type \
  name parameters \
  { \
    NEXT (name); \
\
    tell (#name, NULL); \
\
    return next arguments; \
  }
WAITS (int, fsync, (int fd), (fd))
WAITS (int, fdatasync, (int fd), (fd))
WAITS (int, getaddrinfo, (const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found), (name, service, hints, found))
WAITS (int, sqlite3_open_v2, (const char *path, void **db, int flags, const char *vfs), (path, db, flags, vfs))
WAITS (int, sqlite3_step, (void *statement), (statement))
WAITS (int, sqlite3_exec, (void *db, const char *sql, void *callback, void *data, char **error), (db, sql, callback, data, error))
WAITS (void *, secret_service_get_sync, (int flags, void *cancellable, void **error), (flags, cancellable, error))
WAITS (char *, secret_password_lookupv_sync, (const void *schema, void *attributes, void *cancellable, void **error), (schema, attributes, cancellable, error))
WAITS (int, secret_password_storev_sync, (const void *schema, void *attributes, const char *collection, const char *label, const char *secret, void *cancellable, void **error),
       (schema, attributes, collection, label, secret, cancellable, error))
WAITS (int, secret_password_clearv_sync, (const void *schema, void *attributes, void *cancellable, void **error), (schema, attributes, cancellable, error))
WAITS (void *, secret_password_searchv_sync, (const void *schema, void *attributes, int flags, void *cancellable, void **error), (schema, attributes, flags, cancellable, error))
WAITS (void *, g_bus_get_sync, (int bus, void *cancellable, void **error), (bus, cancellable, error))
WAITS (void *, g_dbus_connection_call_sync,
       (void *bus, const char *name, const char *path, const char *interface, const char *method, void *parameters, const void *type, int flags, int timeout, void *cancellable, void **error),
       (bus, name, path, interface, method, parameters, type, flags, timeout, cancellable, error))
WAITS (void *, soup_session_send, (void *session, void *message, void *cancellable, void **error), (session, message, cancellable, error))
WAITS (void *, soup_session_send_and_read, (void *session, void *message, void *cancellable, void **error), (session, message, cancellable, error))

/* The journal is closed when the loop has ended, and takes the time it needs. */
int sqlite3_close (void *db);

int
sqlite3_close (void *db)
{
  int status;
  NEXT (sqlite3_close);

  is_telling++;
  status = next (db);
  is_telling--;

  return status;
}

int
connect (int                    fd,
         const struct sockaddr *address,
         socklen_t              length)
{
  NEXT (connect);

  if (address->sa_family != AF_UNIX && (fcntl (fd, F_GETFL) & O_NONBLOCK) == 0)
    tell ("connect", NULL);

  return next (fd, address, length);
}
