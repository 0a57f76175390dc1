#define _GNU_SOURCE
#include "process.h"

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int process_memory_file(void) { return memfd_create("event", MFD_CLOEXEC); }

int process_bell(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int process_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

void process_keep_capabilities(void) { prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); }

char **process_environment(void) { return environ; }

// A thread has a nice value of its own on Linux (sched(7)).
void process_give_way(void) { setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 10); }
