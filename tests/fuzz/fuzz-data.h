#pragma once

/* What the targets of src/data share. */

#include <glib.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/** Nothing was read: there is one sentence that says why. Takes and clears the error. */
static inline void
check_refusal (GError **error)
{
  if (*error == NULL || (*error)->message[0] == 0 || strpbrk ((*error)->message, "\n\r") != NULL
      || !g_utf8_validate ((*error)->message, -1, NULL))
    g_error ("a refusal must be one sentence: %s", *error == NULL ? "none" : (*error)->message);
  g_clear_error (error);
}
