#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** The entry that libFuzzer calls, and replay.c. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
