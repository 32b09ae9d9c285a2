#pragma once

/** Irreps as the files write them: block by block, nothing merged, zero copies kept. */

#include "layers/products.h"

enum { REF_MAX_BLOCKS = 16 };

/** Reads "4x0e+3x1o" into out[REF_MAX_BLOCKS]. @return the numbers of a row, -1 when it is none */
int  ref_blocks_read (const char *text, EqkProductBlock *out, int *n);
/** Writes them back the same way. */
void ref_blocks_write (const EqkProductBlock *blocks, int n, char *text, size_t size);
/** Where a block begins in a row; of number n, the width of the row. */
int  ref_blocks_at (const EqkProductBlock *blocks, int block);
