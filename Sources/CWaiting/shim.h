// What poll(2) can wait for beside files, and Swift's module of the C library leaves out.
#include <sys/eventfd.h>
#include <sys/signalfd.h>
