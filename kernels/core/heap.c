/* A bump allocator in blocks. */

#include "core/heap.h"
#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

typedef struct Block
{
  struct Block *next;
  size_t        used, size;
} Block;

struct EqkHeap
{
  Block *blocks;
};

enum { ALIGN = 64, HEADER = 64, BLOCK = 16384 };

EqkHeap *
eqk_heap_new (void)
{
  return eqk_calloc (1, sizeof (EqkHeap));
}

void
eqk_heap_free (EqkHeap *self)
{
  if (self == NULL)
    return;
  for (Block *b = self->blocks, *next; b != NULL; b = next)
    {
      next = b->next;
      free (b);
    }
  free (self);
}

void *
eqk_heap_alloc (EqkHeap *self, size_t bytes)
{
  const size_t need = (bytes + ALIGN - 1) / ALIGN * ALIGN;
  Block       *b = self->blocks;
  void        *result;

  if (need < bytes)
    return NULL;
  if (b == NULL || b->size - b->used < need)
    {
      const size_t size = HEADER + (need > BLOCK ? need : (size_t) BLOCK);

      if (size < need)
        return NULL;
      b = eqk_aligned_alloc (ALIGN, (size + ALIGN - 1) / ALIGN * ALIGN);
      if (b == NULL)
        return NULL;
      b->size = size;
      b->used = HEADER;
      b->next = self->blocks;
      self->blocks = b;
    }
  result = (char *) b + b->used;
  b->used += need;
  memset (result, 0, need);
  return result;
}

void *
eqk_heap_copy (EqkHeap *self, const void *data, size_t bytes)
{
  void *copy = eqk_heap_alloc (self, bytes == 0 ? 1 : bytes);

  if (copy != NULL && bytes > 0)
    memcpy (copy, data, bytes);
  return copy;
}

char *
eqk_heap_text (EqkHeap *self, const char *text)
{
  return text == NULL ? NULL : eqk_heap_copy (self, text, strlen (text) + 1);
}
