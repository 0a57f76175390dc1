// Asks the processor to fetch the cache line at an address. Nothing is read: any address will do.
static inline void prefetch_line(const void *address) { __builtin_prefetch(address); }
