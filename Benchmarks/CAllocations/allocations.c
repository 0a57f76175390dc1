// Stands in for malloc and its kin in the test program, so that allocations can be counted.
//
// A program's own functions come before those of its libraries (System V ABI, symbol search order),
// so that Swift's runtime calls these, too. They hand every call on to glibc.

#include "allocations.h"

#include <errno.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_OTHER_ALLOCATOR 1
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(HAS_OTHER_ALLOCATOR)

#include <malloc.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static _Thread_local struct allocation_tally tally;

static void *note(void *block) {
  if (block == NULL) return NULL;
  tally.calls += 1;
  tally.kept += (int64_t)malloc_usable_size(block);
  if (tally.kept > tally.peak) tally.peak = tally.kept;
  return block;
}

static void note_end(void *block) {
  if (block != NULL) tally.kept -= (int64_t)malloc_usable_size(block);
}

void *malloc(size_t size) { return note(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return note(__libc_calloc(count, size)); }

void *realloc(void *block, size_t size) {
  size_t before = block == NULL ? 0 : malloc_usable_size(block);
  void *moved = __libc_realloc(block, size);
  // Where it failed the block is still there; with size 0 it is gone.
  if (moved != NULL || size == 0) tally.kept -= (int64_t)before;
  return note(moved);
}

void *memalign(size_t alignment, size_t size) { return note(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **place, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
    return EINVAL;
  }
  void *block = memalign(alignment, size);
  if (block == NULL) return ENOMEM;
  *place = block;
  return 0;
}

void free(void *block) {
  note_end(block);
  __libc_free(block);
}

bool allocations_are_counted(void) { return true; }

struct allocation_tally allocation_tally_of_this_thread(void) { return tally; }

void allocation_tally_restart_peak(void) { tally.peak = tally.kept; }

#else

bool allocations_are_counted(void) { return false; }

struct allocation_tally allocation_tally_of_this_thread(void) {
  return (struct allocation_tally){0, 0, 0};
}

void allocation_tally_restart_peak(void) {}

#endif
