/* The allocator of the C library, with a count of what it refused. */

#include "core/memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_uint refusals;

static void *
counted (void *memory)
{
  if (memory == NULL)
    atomic_fetch_add_explicit (&refusals, 1, memory_order_relaxed);
  return memory;
}

void *
eqk_malloc (size_t bytes)
{
  return counted (malloc (bytes));
}

void *
eqk_calloc (size_t n, size_t bytes)
{
  return counted (calloc (n, bytes));
}

void *
eqk_realloc (void *memory, size_t bytes)
{
  return counted (realloc (memory, bytes));
}

void *
eqk_aligned_alloc (size_t alignment, size_t bytes)
{
  return counted (aligned_alloc (alignment, bytes));
}

char *
eqk_strdup (const char *text)
{
  return counted (strdup (text));
}

unsigned
eqk_memory_refusals (void)
{
  return atomic_load_explicit (&refusals, memory_order_relaxed);
}
