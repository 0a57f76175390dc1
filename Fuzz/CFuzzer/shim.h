// libFuzzer as a library (compiler-rt, FuzzerInterface): the linker adds it, see scripts/fuzz.
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
