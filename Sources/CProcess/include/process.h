#ifndef REGSIFT_PROCESS_H
#define REGSIFT_PROCESS_H

#include <spawn.h>

// What Linux offers beyond POSIX, which Swift's view of the C library leaves out or cannot call.

// A file in memory that nobody else can name (memfd_create(2)); -1 and errno when there is none.
int process_memory_file(void);

// A descriptor that wakes up who polls it once 1 is written to it (eventfd(2)); -1 and errno.
int process_bell(void);

// Has a program that is started inherit no descriptor from `first` on; an errno, or 0.
int process_close_from(posix_spawn_file_actions_t *actions, int first);

// Keeps programs that are started from inheriting capabilities (capabilities(7), ambient set).
void process_keep_capabilities(void);

// The environment of this program, for one that it starts.
char **process_environment(void);

// Makes the calling thread one that gives way to others, the capture above all.
void process_give_way(void);

#endif
