#pragma once

/** How much machine code and stack C sources take, as the compiler of this computer makes them. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize code_bytes;      /**< instructions and constants of the file, optimised for size; 0: not known */
  gsize stack_bytes;     /**< the deepest chain of calls within the file, what the C library takes left out; 0: not known or without a bound */
} EqsCodeSize;

/**
 * Compiles one file of a folder; nothing is left there but the file. All zero where there is no compiler or it refuses the file; the stack needs gcc.
 * Waits for the compiler: not for the main thread.
 */
void     eqs_code_size_measure      (const char *folder, const char *file, EqsCodeSize *size);

/** The deepest chain of gcc's call graph (-fcallgraph-info=su). 0: none is told, a function calls itself or through a pointer, or its frame has no bound. */
gsize    eqs_code_size_read_stack   (const char *call_graph);

G_END_DECLS
