// The driver of libFuzzer (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library"):
// SwiftPM gives each executable a main of its own, which calls this.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *bytes, size_t count));
