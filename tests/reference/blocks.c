/* Texts of irreps, as e3nn prints them. */

#include "blocks.h"

#include <stdio.h>

int
ref_blocks_read (const char *text, EqkProductBlock *out, int *n)
{
  int dim = 0, used;

  *n = 0;
  while (text != NULL && *text != '\0')
    {
      int  mul, l;
      char parity;

      if (*n == REF_MAX_BLOCKS || sscanf (text, "%dx%d%c%n", &mul, &l, &parity, &used) != 3)
        return -1;
      out[(*n)++] = (EqkProductBlock){ l, parity == 'o', mul, 1 };
      dim += mul * (2 * l + 1);
      text += used;
      text += *text == '+';
    }
  return dim;
}

void
ref_blocks_write (const EqkProductBlock *blocks, int n, char *text, size_t size)
{
  size_t used = 0;

  text[0] = '\0';
  for (int k = 0; k < n && used < size; k++)
    used += (size_t) snprintf (text + used, size - used, "%s%dx%d%c", k > 0 ? "+" : "", blocks[k].mul, blocks[k].l, blocks[k].parity ? 'o' : 'e');
}

int
ref_blocks_at (const EqkProductBlock *blocks, int block)
{
  int at = 0;

  for (int k = 0; k < block; k++)
    at += blocks[k].mul * (2 * blocks[k].l + 1);
  return at;
}
