#pragma once

/** A heap of things that are freed together: strings and small structs of a graph, of types, of a program. */

#include <stddef.h>

typedef struct EqkHeap EqkHeap;

/** Empty; NULL without memory. */
EqkHeap *eqk_heap_new    (void);
/** Everything that came from it goes; NULL is let pass. */
void     eqk_heap_free   (EqkHeap *self);
/** Zeroed memory aligned for anything; NULL when there is none. */
void    *eqk_heap_alloc  (EqkHeap *self, size_t bytes);
/** A copy of that many bytes (0 gives some place, too); NULL without memory. */
void    *eqk_heap_copy   (EqkHeap *self, const void *data, size_t bytes);
/** NULL stays NULL. */
char    *eqk_heap_text   (EqkHeap *self, const char *text);
