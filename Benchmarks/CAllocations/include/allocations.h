// Counts what each thread allocates, in every library of the process.

#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

struct allocation_tally {
  // Calls that allocate or move a block.
  uint64_t calls;
  // Bytes allocated by this thread less those it freed, as the allocator hands them out.
  int64_t kept;
  // The most `kept` has been since the last call of allocation_tally_restart_peak.
  int64_t peak;
};

// Whether this build counts: only with glibc's allocator, and without a sanitizer's in its place.
bool allocations_are_counted(void);

// What the calling thread has allocated since it began; others do not disturb it.
struct allocation_tally allocation_tally_of_this_thread(void);

// Lets the peak begin anew at what the calling thread keeps now.
void allocation_tally_restart_peak(void);

#endif
