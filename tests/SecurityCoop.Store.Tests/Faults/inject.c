/*
 * Preloaded into a host or into PostgreSQL (LD_PRELOAD), it makes calls fail, wait or end the process, as a file says that the test writes while
 * they run (INJECT_FILE; see Injection.cs). The file is mapped: 8 bytes count its changes, 16 counters of 8 bytes say how often each rule was met,
 * and the text holds one rule a line:
 *
 *     CALL FAULT SKIP TIMES PATH
 *
 * CALL: open (for writing), write, fsync, accept, connect, clock. FAULT: an errno; for fsync and write also -MILLISECONDS, and 0 to end the process with
 * SIGKILL, after half of the bytes were written; for the clock its seconds ahead. SKIP calls go through first, TIMES are met then (-1: all).
 * PATH: what the file's whole path begins with; - for any.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define RULES 16
#define SIZE 8192
#define TEXT (8 + RULES * 8)

struct rule { char call[8]; long fault, skip, times; char path[512]; };
struct set { uint64_t change; int count; struct rule rules[RULES]; };

static char *file;
static struct set sets[4], *volatile current;
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void start(void) {
    const char *name = getenv("INJECT_FILE");
    int handle = name ? (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC) : -1;
    if (handle < 0) return;
    char *mapped = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    if (mapped != MAP_FAILED) file = mapped;
    close(handle);
}

/* The rules as they are now. A set that another thread may still be reading is not written over: the next one takes the next place. */
static struct set *rules(void) {
    if (!file) return NULL;
    uint64_t change = __atomic_load_n((uint64_t *)file, __ATOMIC_ACQUIRE);
    struct set *now = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
    if (now && now->change == change) return now;
    pthread_mutex_lock(&reading);
    struct set *next = &sets[change % 4];
    if (!current || current->change != change) {
        char text[SIZE - TEXT], *rest = text, *line;
        memcpy(text, file + TEXT, sizeof text);
        text[sizeof text - 1] = 0;
        next->count = 0;
        while (next->count < RULES && (line = strsep(&rest, "\n")) && *line) {
            struct rule *r = &next->rules[next->count];
            if (sscanf(line, "%7s %ld %ld %ld %511s", r->call, &r->fault, &r->skip, &r->times, r->path) == 5) next->count++;
        }
        next->change = change;
        __atomic_store_n(&current, next, __ATOMIC_RELEASE);
    }
    next = current;
    pthread_mutex_unlock(&reading);
    return next;
}

/* The rule that this call meets, counted; NULL where there is none. Errno is as it was. */
static struct rule *met(const char *call, int handle, const char *path) {
    struct set *set = rules();
    if (!set || !set->count) return NULL;
    int before = errno;
    char found[2048];
    struct rule *hit = NULL;
    for (int i = 0; i < set->count && !hit; i++) {
        struct rule *r = &set->rules[i];
        if (strcmp(r->call, call)) continue;
        if (r->path[0] != '-') {
            if (!path) {
                char link[64];
                snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
                ssize_t length = readlink(link, found, sizeof found - 1);
                if (length < 0) continue;
                found[length] = 0;
                path = found;
            } else if (path[0] != '/' && path != found) {
                if (!getcwd(found, 1024)) continue;
                size_t length = strlen(found);
                snprintf(found + length, sizeof found - length, "/%s", path);
                path = found;
            }
            if (strncmp(path, r->path, strlen(r->path))) continue;
        }
        long seen = __atomic_fetch_add((int64_t *)(file + 8) + i, 1, __ATOMIC_RELAXED);
        if (seen >= r->skip && (r->times < 0 || seen < r->skip + r->times)) hit = r;
    }
    errno = before;
    return hit;
}

/* Whether the call fails, with errno set. Where the process is to end, it does. */
static int fails(struct rule *r) {
    if (!r) return 0;
    if (r->fault == 0) raise(SIGKILL);
    if (r->fault < 0) {
        struct timespec left = { -r->fault / 1000, -r->fault % 1000 * 1000000 };
        while (nanosleep(&left, &left) != 0 && errno == EINTR) { }
        return 0;
    }
    errno = (int)r->fault;
    return 1;
}

/* A write that waits for the disk (O_SYNC) fails as fsync does, too. */
static int syncs(int handle) {
    struct set *set = rules();
    if (!set || !set->count) return 0;
    int flags = fcntl(handle, F_GETFL);
    return flags >= 0 && (flags & O_SYNC) == O_SYNC;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int handle, const void *bytes, size_t count) {
    REAL(write);
    struct rule *r = met("write", handle, NULL);
    if (r && r->fault == 0) real(handle, bytes, count / 2);
    return fails(r) || (syncs(handle) && fails(met("fsync", handle, NULL))) ? -1 : real(handle, bytes, count);
}

ssize_t pwrite64(int handle, const void *bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    struct rule *r = met("write", handle, NULL);
    if (r && r->fault == 0) real(handle, bytes, count / 2, at);
    return fails(r) || (syncs(handle) && fails(met("fsync", handle, NULL))) ? -1 : real(handle, bytes, count, at);
}

ssize_t pwrite(int handle, const void *bytes, size_t count, off_t at) { return pwrite64(handle, bytes, count, at); }

ssize_t writev(int handle, const struct iovec *parts, int count) {
    REAL(writev);
    return fails(met("write", handle, NULL)) ? -1 : real(handle, parts, count);
}

ssize_t pwritev64(int handle, const struct iovec *parts, int count, off64_t at) {
    REAL(pwritev64);
    return fails(met("write", handle, NULL)) ? -1 : real(handle, parts, count, at);
}

ssize_t pwritev(int handle, const struct iovec *parts, int count, off_t at) { return pwritev64(handle, parts, count, at); }

int posix_fallocate64(int handle, off64_t from, off64_t length) {
    REAL(posix_fallocate64);
    return fails(met("write", handle, NULL)) ? errno : real(handle, from, length);
}

int posix_fallocate(int handle, off_t from, off_t length) { return posix_fallocate64(handle, from, length); }

int fsync(int handle) {
    REAL(fsync);
    return fails(met("fsync", handle, NULL)) ? -1 : real(handle);
}

int fdatasync(int handle) {
    REAL(fdatasync);
    return fails(met("fsync", handle, NULL)) ? -1 : real(handle);
}

static int writes(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0; }

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        return writes(flags) && fails(met("open", -1, path)) ? -1 : real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

int accept(int handle, struct sockaddr *address, socklen_t *length) {
    REAL(accept);
    return fails(met("accept", -1, "-")) ? -1 : real(handle, address, length);
}

int accept4(int handle, struct sockaddr *address, socklen_t *length, int flags) {
    REAL(accept4);
    return fails(met("accept", -1, "-")) ? -1 : real(handle, address, length, flags);
}

int socket(int domain, int type, int protocol) {
    REAL(socket);
    return fails(met("connect", -1, "-")) ? -1 : real(domain, type, protocol);
}

/* The clock of the day only: what measures durations is never set. */
static long ahead(void) {
    struct set *set = rules();
    for (int i = 0; set && i < set->count; i++)
        if (!strcmp(set->rules[i].call, "clock")) return set->rules[i].fault;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(clock_gettime);
    int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead();
    return result;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *to) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (to) *to = now.tv_sec;
    return now.tv_sec;
}
