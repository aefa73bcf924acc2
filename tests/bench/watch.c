/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loaded into the program with LD_PRELOAD: writes into the file that RELAIS_BENCH_WATCH names what processor time
 * the turns of the main loop took, how many connections were opened, when the first import left, and when the
 * first frame of a window was drawn. With a window the turns are those from the first import to the last. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BUCKETS   20000
#define BUCKET_US 10
#define IMPORT    "POST /api/3/import"

#define XLIB_SURFACE 3 /* CAIRO_SURFACE_TYPE_XLIB */

static unsigned turns[BUCKETS];
static unsigned n_turns, n_connections;
static long longest, longest_before, longest_at, turn_began, process_began, first_import, first_frame;
/* As it was when the last import left */
static unsigned turns_then[BUCKETS];
static unsigned n_turns_then;
static long longest_then, last_import, main_thread_at_first, main_thread_at_last;

static long
get_time (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);

  return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static int
is_main_thread (void)
{
  return syscall (SYS_gettid) == getpid ();
}

__attribute__ ((constructor)) static void
begin (void)
{
  process_began = get_time (CLOCK_MONOTONIC);
}

/* Between two calls of poll() lies one turn of the loop. */
int
poll (struct pollfd *fds,
      nfds_t         n_fds,
      int            timeout)
{
  static int (* next) (struct pollfd *, nfds_t, int);
  int result;

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "poll");
  if (!is_main_thread ())
    return next (fds, n_fds, timeout);

  if (turn_began != 0)
    {
      long took = get_time (CLOCK_THREAD_CPUTIME_ID) - turn_began;

      turns[took / BUCKET_US < BUCKETS ? took / BUCKET_US : BUCKETS - 1]++;
      n_turns++;
      if (took > longest)
        {
          longest = took;
          longest_at = get_time (CLOCK_MONOTONIC);
        }
    }
  result = next (fds, n_fds, timeout);
  turn_began = get_time (CLOCK_THREAD_CPUTIME_ID);

  return result;
}

int
connect (int                    fd,
         const struct sockaddr *address,
         socklen_t              length)
{
  static int (* next) (int, const struct sockaddr *, socklen_t);

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "connect");
  if (address->sa_family == AF_INET || address->sa_family == AF_INET6)
    __atomic_add_fetch (&n_connections, 1, __ATOMIC_RELAXED);

  return next (fd, address, length);
}

static void
look (const void *data,
      size_t      length)
{
  if (first_import == 0 && length >= strlen (IMPORT) && memcmp (data, IMPORT, strlen (IMPORT)) == 0)
    {
      first_import = get_time (CLOCK_MONOTONIC);
      /* What came before is the start of the program. */
      longest_before = longest;
      longest = n_turns = 0;
      memset (turns, 0, sizeof turns);
      main_thread_at_first = get_time (CLOCK_THREAD_CPUTIME_ID);
    }
  if (length >= strlen (IMPORT) && memcmp (data, IMPORT, strlen (IMPORT)) == 0)
    {
      last_import = get_time (CLOCK_MONOTONIC);
      main_thread_at_last = get_time (CLOCK_THREAD_CPUTIME_ID);
      longest_then = longest;
      n_turns_then = n_turns;
      memcpy (turns_then, turns, sizeof turns);
    }
}

/* By this GTK's cairo renderer brings a frame onto the screen. */
void cairo_surface_flush (void *surface);

void
cairo_surface_flush (void *surface)
{
  static void (* next) (void *);
  static int (* get_type) (void *);

  if (next == NULL)
    {
      next = dlsym (RTLD_NEXT, "cairo_surface_flush");
      get_type = dlsym (RTLD_NEXT, "cairo_surface_get_type");
    }
  next (surface);
  if (first_frame == 0 && get_type (surface) == XLIB_SURFACE)
    first_frame = get_time (CLOCK_MONOTONIC);
}

ssize_t
send (int         fd,
      const void *data,
      size_t      length,
      int         flags)
{
  static ssize_t (* next) (int, const void *, size_t, int);

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "send");
  look (data, length);

  return next (fd, data, length, flags);
}

ssize_t
sendmsg (int                  fd,
         const struct msghdr *message,
         int                  flags)
{
  static ssize_t (* next) (int, const struct msghdr *, int);

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "sendmsg");
  if (message->msg_iovlen > 0)
    look (message->msg_iov[0].iov_base, message->msg_iov[0].iov_len);

  return next (fd, message, flags);
}

/* In milliseconds: 999 of 1,000 turns took no longer. */
static double
find_most (const unsigned *took,
           unsigned        n)
{
  unsigned seen = 0, most = 0;

  for (unsigned i = 0; i < BUCKETS && seen < n - n / 1000; i++)
    {
      seen += took[i];
      most = i + 1;
    }

  return most * BUCKET_US / 1e3;
}

/* In seconds, or -1 for what never was. */
static double
since_beginning (long moment)
{
  return moment != 0 ? (moment - process_began) / 1e6 : -1;
}

__attribute__ ((destructor)) static void
end (void)
{
  const char *path = getenv ("RELAIS_BENCH_WATCH");
  FILE *out = path != NULL ? fopen (path, "w") : NULL;

  if (out == NULL)
    return;
  fprintf (out, "{\"turns\": %u, \"longest_ms\": %.2f, \"longest_at\": %.3f, \"longest_before_ms\": %.2f, \"p999_ms\": %.2f, "
           "\"main_thread\": %.4f, \"connections\": %u, \"first_import\": %.3f, \"first_frame\": %.4f, ",
           n_turns, longest / 1e3, (longest_at - process_began) / 1e6, longest_before / 1e3, find_most (turns, n_turns),
           get_time (CLOCK_THREAD_CPUTIME_ID) / 1e6, n_connections, since_beginning (first_import), since_beginning (first_frame));
  fprintf (out, "\"importing\": {\"turns\": %u, \"longest_ms\": %.2f, \"p999_ms\": %.2f, \"main_thread\": %.4f, \"took\": %.3f}}\n",
           n_turns_then, longest_then / 1e3, find_most (turns_then, n_turns_then),
           (main_thread_at_last - main_thread_at_first) / 1e6, (last_import - first_import) / 1e6);
  fclose (out);
}
